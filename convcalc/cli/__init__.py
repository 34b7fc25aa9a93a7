"""The command line: options to calls to an exit code. No arithmetic, no formatting.

Exit codes: 0 clean; 1 findings at or above the threshold; 2 could not do the job; 3 a bug in
convcalc; 130 Ctrl-C. A closed pipe is quiet.
"""

import importlib
import io
import os
import sys
from typing import Any

import click

from convcalc import __version__
from convcalc.cli.streams import (
    FaultyError,
    columns_asked,
    drained,
    drop_output,
    fitted,
    heard_or_not,
    tell,
)

ISSUES = "https://github.com/convcalc/convcalc/issues"

#: Commands with their module and the line that `--help` shows; loaded only when called.
COMMANDS = {
    "analyze": "Size a network and tally activations, parameters, MACs and receptive fields.",
    "check": "Find what is wrong in specs; quiet when clean, made for CI.",
    "verify": "Run a network with NumPy and compare it with the prediction.",
    "fit": "Find the largest batch that a device takes, in training and inference.",
    "diff": "Show what changed between two nets, or since a git revision.",
    "explain": "Explain a layer with its own numbers, a term or a finding's code.",
    "identify": "Name the bundled nets that a figure such as 4.12G may belong to.",
    "sizes": "List the input sizes that a network takes, and which layer rejects the others.",
    "convert": "Rewrite a spec into an equivalent one: --fc-to-conv.",
    "import": "Write a model of another tool (ONNX, PyTorch, Keras ...) as a spec.",
    "export": "Write a network as PyTorch or Keras code, or as an ONNX file.",
    "demo": "Step through a convolution, number by number.",
    "sweep": "Size a net in many variants, a row of numbers for each.",
    "report": "Write a page for a browser: graph, layers, memory, findings.",
    "watch": "Analyze a file again whenever it is saved, and show what changed.",
    "lsp": "Serve editors: findings, shapes and repairs as you type.",
    "list": "Name the bundled networks.",
    "schema": "Print the JSON Schema of specs, for editors.",
    "show": "Print the spec of a bundled network.",
}

#: Variables of the environment that are read; those of completion in shells are in docs/shell.md.
ENVIRONMENT = {
    "CONVCALC_FORMAT": "What --format says, for all commands that have it.",
    "CONVCALC_CHECK_MAX_PARAMS": "What check --max-params says; so for every option of every "
    "command, by CONVCALC, command and option.",
    "CONVCALC_DEBUG": "1 is --debug.",
    "COLUMNS": "The columns that text may take.",
    "NO_COLOR, FORCE_COLOR": "No colour, or colour in files and pipes too; --color wins.",
}

#: modules of commands whose name no module can have
_MODULES = {"import": "importing"}


def _given_by_environment() -> bool:
    """Whether variables of the environment may give options."""
    return any(name.startswith("CONVCALC_") for name in os.environ)


class Context(click.Context):
    """Click's context, with help whose lines are broken at blanks only."""

    def make_formatter(self) -> click.HelpFormatter:
        from convcalc.cli.help import Formatter

        return Formatter(width=self.terminal_width or _help_width())


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]  # not list(): importing cli.list binds that name here

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"convcalc.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command = module.command
        assert isinstance(command, click.Command)
        command.context_class = Context
        if _given_by_environment():
            from convcalc.cli.environment import named

            named(cmd_name, command, ctx)
        if "_CONVCALC_COMPLETE" in os.environ:  # a shell asks, in a process of its own
            from convcalc.cli.completion import complete

            return complete(cmd_name, command)
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.allow_from_autoenv = False  # CONVCALC_HELP=1 would end every command
        return option

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] == "help" and not ctx.resilient_parsing:
            if not args[1:]:
                click.echo(ctx.get_help())
                ctx.exit()
            args = [args[1], "--help"]
        if args[0] not in COMMANDS and args[0][:1] != "-" and not ctx.resilient_parsing:
            from convcalc.cli.mistyped import unknown_command

            ctx.fail(unknown_command(args[0], COMMANDS))
        name, command, rest = super().resolve_command(ctx, args)
        quiet = ctx.resilient_parsing or not {"-q", "--quiet"}.isdisjoint(rest)
        if command is not None and not quiet and _given_by_environment():
            from convcalc.cli.environment import tell_unknown

            tell_unknown(args[0], command, COMMANDS)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])
        with formatter.section("Environment variables"):
            formatter.write_dl([*ENVIRONMENT.items()])


EPILOG = """\b
Examples:
  convcalc analyze vgg16
  convcalc analyze --input 32x32x3 --net "[conv3-32 relu pool2]*2 fc-10"
  convcalc check architectures/
"""


_NARROWEST = 40  #: columns that help takes at least: below, words no longer fit beside options


def _help_width() -> int:
    """Columns for help; asked here, since click's own way loads an archiver's modules."""
    try:
        own = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        own = 80
    return max(min(columns_asked() or own, 100), _NARROWEST) - 2


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "CONVCALC",
    },
)
@click.version_option(
    __version__, prog_name="convcalc", message="%(prog)s %(version)s", allow_from_autoenv=False
)
@click.option("--debug", is_flag=True, help="Show the traceback of a bug.")
def cli(debug: bool) -> None:
    """The shape-and-memory calculator for convolutional networks."""


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and all that it comes of: libraries turn some into one of their own as they load."""
    found: list[BaseException] = []
    while error is not None and not any(error is one for one in found):
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


#: what an import and a thread say that the machine gave no memory
_NO_MEMORY = ("failed to map segment", "Cannot allocate memory", "can't start new thread")


def _is_without_memory(error: BaseException) -> bool:
    text = str(error) if isinstance(error, ImportError | RuntimeError) else ""
    return isinstance(error, MemoryError) or any(words in text for words in _NO_MEMORY)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; the one place where exceptions become exit codes."""
    given = sys.argv[1:] if arguments is None else arguments
    for name in ("COLUMNS", "LINES"):  # rich reads them, and as trustingly as `str.isdigit`
        text = os.environ.get(name, "0")
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            del os.environ[name]
    try:
        if "_CONVCALC_COMPLETE" in os.environ:
            from convcalc.cli.completion import refuse_half_asked

            refuse_half_asked()
        result: Any = cli.main(args=given, prog_name="convcalc", standalone_mode=False)
        with drained():
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption):
            from convcalc.cli.mistyped import unknown_option

            error = unknown_option(error)
        if isinstance(error, click.BadParameter) and _given_by_environment():
            from convcalc.cli.environment import with_variable

            error = with_variable(error)
        if isinstance(error, click.MissingParameter):
            from convcalc.cli.mistyped import missing_choice

            error = missing_choice(error)
        from convcalc.escape import plain_report

        shown = io.StringIO()
        error.show(shown)
        text = plain_report(shown.getvalue())
        if not isinstance(error, FaultyError):
            text = fitted(text)
        with heard_or_not():
            click.echo(text, err=True, nl=False, color=True)
        return 1 if isinstance(error, FaultyError) else 2
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted")
        return 130
    except (BrokenPipeError, SystemExit):  # click ends so where the reader of its help is gone
        drop_output()
        return 0
    except OSError as error:
        drop_output()
        if not error.filename:  # Python says so of no file, nor of the working folder
            from convcalc.files import without_folder

            tell(f"Error: {without_folder() or f'cannot write: {error.strerror}'}")
            return 2
        tell(f"Error: {error.filename}: {error.strerror}")
        return 2
    except Exception as error:
        causes = _causes(error)
        if any(isinstance(one, KeyboardInterrupt) for one in causes):
            tell("interrupted")
            return 130
        if any(map(_is_without_memory, causes)):
            drop_output()
            tell(
                "Error: the machine gave no more memory: the net is too large for what is free, or"
            )
            tell("  for its limit (`ulimit -v`): free some, raise the limit, or take a smaller net")
            return 2
        if "--debug" in given:
            import traceback

            for line in traceback.format_exc().splitlines():
                tell(line)
            return 3
        kind = type(error).__name__
        tell(f"convcalc: this is a bug in convcalc ({kind}): please report it at")
        tell(f"  {ISSUES}; `convcalc --debug ...` shows where it is")
        return 3
