"""Reaching people: what waits in the outbox goes in, one claim at a time; replies come out and are recorded.

1. claim the oldest delivery that is due (a lease and a token);
2. hand its message to the channel, outside of any transaction;
3. record the answer: sent, uncertain, queued again, dead. A claim that is no longer ours writes nothing.

A message leaves at least once, under one id. A second copy is possible only when a process or a peer dies between
acceptance and acknowledgement.
"""

from watch.notify.build import channels
from watch.notify.channel import Channel
from watch.notify.deliver import Told, deliver_due

__all__ = ["Channel", "Told", "channels", "deliver_due"]
