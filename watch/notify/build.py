"""Configuration → channels."""

from __future__ import annotations

from watch.config import ChannelConfig, Config
from watch.net import Gate
from watch.notify.apprise import Chat
from watch.notify.channel import Channel
from watch.notify.email import Mail, Server
from watch.notify.webhook import Webhook


def channels(config: Config, *, gate: Gate) -> dict[str, Channel]:
    """Name → channel, for every `[[channel]]` that can be used. `gate` decides where webhooks may go.

    Channels with an address need [smtp]; without it they are absent. All of them share one mail server.
    """
    mail = Mail(Server.parse(config.smtp.url), config.smtp.sender) if config.smtp else None
    built = {channel.name: _channel(channel, mail, config, gate) for channel in config.channel}
    return {name: channel for name, channel in built.items() if channel is not None}


def _channel(channel: ChannelConfig, mail: Mail | None, config: Config, gate: Gate) -> Channel | None:
    if channel.webhook:
        return Webhook(channel.webhook, channel.secret, gate=gate, contact=config.hune.contact)
    return Chat(channel.url) if channel.url else mail
