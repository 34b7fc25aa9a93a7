"""Commands and options that do not exist: what was probably meant.

Imported only where something is wrong.
"""

import os
from collections.abc import Iterable

import click

from convcalc import zoo
from convcalc.findings import plain
from convcalc.suggest import nearest

_COUNTS = "analyze prints activations, params and MACs; --as all counts as other tools do"
_MEMORY = "analyze prints the memory of training and inference; fit takes --memory"
#: words that are asked for as options, and are in the report or elsewhere
_PRINTED = {
    "--flops": _COUNTS,
    "--macs": _COUNTS,
    "--madds": _COUNTS,
    "--gflops": _COUNTS,
    "--params": _COUNTS,
    "--parameters": _COUNTS,
    "--activations": _COUNTS,
    "--memory": _MEMORY,
    "--mem": _MEMORY,
    "--json": "write --format json",
    "--csv": "write --format csv",
    "--markdown": "write --format markdown",
    "--batch-size": "write --batch",
    "--bs": "write --batch",
    "--input-size": "write --input, such as 224x224x3",
    "--input-shape": "write --input, such as 224x224x3",
    "--size": "write --input, such as 224x224x3",
    "--fp16": "write --dtype float16",
    "--version": "write convcalc --version",
}


def unknown_command(word: str, commands: Iterable[str]) -> str:
    """The message for a word in the place of a command."""
    if os.path.isfile(word) or zoo.find(word) is not None:
        return f"no command {plain(word)!r}: did you mean `convcalc analyze {plain(word)}`?"
    close = nearest(word, commands)
    hint = f"did you mean `{close}`?" if close else "`convcalc --help` lists them"
    return f"no command {plain(word[:100])!r}: {hint}"


def unknown_option(error: click.NoSuchOption) -> click.UsageError:
    """The error with the place of what was asked for as an option, if that is known."""
    hint = _PRINTED.get(error.option_name)
    if hint is None:
        return error
    return click.UsageError(f"no option {error.option_name}: {hint}", error.ctx)


def missing_choice(error: click.MissingParameter) -> click.UsageError:
    """The error for an option that has to be given, with its words in one line."""
    option = error.param
    if option is None or not isinstance(option.type, click.Choice):
        return error
    *others, last = option.type.choices
    text = f"give {option.opts[0]}: {', '.join(others)} or {last}"
    return click.UsageError(text, error.ctx)
