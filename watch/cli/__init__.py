"""The command line: one file a family of commands, imported only when one of them is called.

`hune --help` must answer at once, so nothing heavy is imported here; the pipeline, the store and the service come
in with `Context`, when a command asks for them.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from watch import __version__
from watch.cli.context import Context, moment
from watch.errors import HuneError
from watch.logs import setup

# command → (module, its name there, the line in `hune --help`)
_COMMANDS = {
    "run": ("watch.cli.run", "run", "Everything: scheduler, pipeline and service."),
    "demo": ("watch.cli.demo", "demo", "A small world without network, through the real pipeline."),
    "init": ("watch.cli.config", "init", "Write a commented sources.toml."),
    "check": ("watch.cli.config", "check", "Explain every mistake in sources.toml."),
    "doctor": ("watch.cli.doctor", "doctor", "Test sources, mail, channels, models, store and clock."),
    "tick": ("watch.cli.run", "tick", "One pass: poll, label, evaluate, deliver."),
    "poll": ("watch.cli.collect", "poll", "Poll the sources that are due."),
    "sources": ("watch.cli.collect", "sources", "List and look after sources."),
    "mentions": ("watch.cli.mentions", "mentions", "Mentions, newest first."),
    "corrections": ("watch.cli.corrections", "corrections", "What people said of labels."),
    "label": ("watch.cli.labels", "label", "Label texts from standard input, JSON Lines in and out."),
    "relabel": ("watch.cli.relabel", "relabel", "Label the past again, by the rules of today."),
    "train": ("watch.cli.labels", "train", "Fit a model from labelled data."),
    "models": ("watch.cli.models", "models", "Versions that corrections made: list, use, back."),
    "evaluate": ("watch.cli.labels", "evaluate", "Score a model on labelled data."),
    "alerts": ("watch.cli.alerts", "alerts", "Incidents: list, show why, acknowledge, resolve."),
    "digest": ("watch.cli.digest", "digest", "Build and print a digest, or send what is due."),
    "serve": ("watch.cli.serve", "serve", "The service alone."),
    "work": ("watch.cli.run", "work", "Scheduler and pipeline alone."),
    "users": ("watch.cli.people", "users", "People who sign in."),
    "keys": ("watch.cli.people", "keys", "Keys for programs."),
    "db": ("watch.cli.db", "db", "Upgrade, check, back up, measure the database."),
}


class _Lazy(click.Group):
    """A group that imports a command when it is called, and lists all of them without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the documentation, not of the alphabet."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, and only that."""
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table above, as it stands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "config_file", metavar="FILE", help="Configuration (HUNE_CONFIG or ./sources.toml).")
@click.option("--database", metavar="URL", help="Store (HUNE_DATABASE or hune.db beside the configuration).")
@click.option("--now", metavar="TIME", help="Move the clock of this one run (ISO 8601).")
@click.option("-v", "--verbose", is_flag=True, help="Log every unit of work.")
@click.version_option(__version__, prog_name="hune")
@click.pass_context
def hune(ctx: click.Context, config_file: str | None, database: str | None, now: str | None, verbose: bool) -> None:
    """Hune listens: feeds in, a morning digest, an API and honest alerts out."""
    setup(verbose=verbose)
    ctx.obj = Context(config_file=config_file, database=database, clock=moment(now) if now else None, verbose=verbose)
    ctx.call_on_close(ctx.obj.close)


def main() -> None:
    """The console script: one line and exit status 1 for what a person can mend, a traceback for our faults."""
    # A sweep holds thousands of small values that are no cycles: looking for some took a twelfth of its time.
    gc.set_threshold(50_000, 20, 100)
    try:
        hune.main(prog_name="hune", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except HuneError as error:
        _say(error)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # `hune mentions | head`: nobody reads on, which is no error.
        sys.stderr.close()


def _say(error: HuneError) -> None:
    click.echo(f"hune: {error}", err=True)
    sys.exit(1)
