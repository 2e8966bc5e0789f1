"""The ``callgate`` command: loads each subcommand only when it is used.

Importing a command imports what the command needs (a table renderer, a YAML reader), so
the group knows the commands by name and one line of help only.
"""

import importlib
import os
import sys

import click

from callgate import __version__
from callgate.errors import CallgateError, InputError

#: Command name -> (module with a ``command`` in it, line for the overview).
COMMANDS: dict[str, tuple[str, str]] = {
    "profiles": ("callgate.cli.profiles", "List, show and validate what vendors document."),
    "plan": ("callgate.cli.plan", "Compare the scenarios and choose the best that fits."),
    "generate": ("callgate.cli.generate", "Write firewall rules, PAC files and allow-lists."),
    "prove": ("callgate.cli.prove", "Try generated rules with real packets in a real kernel."),
    "check": ("callgate.cli.check", "Is a configuration enough, and what else is open?"),
    "explain": ("callgate.cli.explain", "Walk one packet through a configuration."),
    "probe": ("callgate.cli.probe", "Try every path from here, and say who blocks which."),
    "pac": ("callgate.cli.pac", "Check and explain proxy auto-configuration files."),
    "lab": ("callgate.cli.lab", "Place real calls through a configuration, on this machine."),
    "diff": ("callgate.cli.diff", "Compare what two configurations let through."),
}


_SPACE = "look at where standard output leads: is there space, and may you write there?"


class LazyGroup(click.Group):
    """A group whose commands are modules, imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the overview without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with the name that was probably meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(_no_such_command(args[0]))
        return super().resolve_command(ctx, args)


def _no_such_command(name: str) -> str:
    import difflib  # noqa: PLC0415 - only for a typo

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    meant = f"; did you mean '{near[0]}'?" if near else ""
    return f"No such command '{name}'{meant}"


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", "-V", message="callgate %(version)s")
def cli() -> None:
    """Find the smallest opening in a firewall and proxy that lets the calling app work."""


def run(argv: list[str]) -> int:
    """Run one command line; returns the exit code and prints errors to stderr."""
    _open_closed_streams()
    try:
        result = cli.main(args=argv, prog_name="callgate", standalone_mode=False)
    except click.exceptions.Abort:
        sys.stderr.write("interrupted\n")
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except CallgateError as error:
        _show(error)
        return 2
    except BrokenPipeError:
        # The reader of our output went away (``callgate … | head``): not an error.
        _discard_output()
        return 0
    except OSError as error:
        # Files are read and written with errors of their own: this is our output (a full disk).
        _discard_output()
        _show(CallgateError(f"cannot write: {error.strerror}", hint=_SPACE))
        return 2
    return result if isinstance(result, int) else 0


def _open_closed_streams() -> None:
    """Give Python streams that the caller closed (``>&-``), so that nothing is lost unsaid.

    What is written to standard output then fails; notes on standard error go nowhere.
    """
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def _discard_output() -> None:
    """What is still buffered must not fail once more when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show(error: CallgateError) -> None:
    if isinstance(error, InputError):
        for mistake in error.mistakes:
            sys.stderr.write(f"{mistake}\n")
        return
    sys.stderr.write(f"error: {error.message}\n")
    if error.hint:
        sys.stderr.write(f"hint: {error.hint}\n")
