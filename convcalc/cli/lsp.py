"""`convcalc lsp`: the language server."""

import gc
import sys

import click

from convcalc.cli.output import failed


@click.command(
    "lsp",
    epilog="""
Editors start it themselves: docs/editors.md has the lines for VS Code, Neovim, Helix, Emacs.
""",
)
@click.option("--stdio", is_flag=True, help="Standard input and output, which is the default.")
def command(stdio: bool) -> None:
    """Serve an editor by the Language Server Protocol, on standard input and output.

    Findings as you type, each layer's output shape at the end of its line, repairs, completion.
    """
    try:
        from convcalc.editor.server import serve  # pygls, an extra
    except ImportError as error:
        raise failed("the language server needs pygls: pip install 'convcalc[lsp]'") from error
    if sys.stdin is None:  # closed by whoever started this
        raise failed("an editor's messages come on standard input, which is closed")
    gc.enable()  # a run of hours, unlike others: each answer leaves cycles behind
    serve(click.get_current_context().find_root().params.get("debug", False))
