"""Commands and options that do not exist: what was probably meant.

Imported only where something is wrong.
"""

import os
import re
from collections.abc import Iterable
from typing import TypeVar

import click

from convcalc import zoo
from convcalc.explain.phrase import phrase
from convcalc.findings import plain
from convcalc.quantity import counted
from convcalc.suggest import nearest

Meant = TypeVar("Meant")

_COUNTS = "analyze prints activations, params and MACs; --as all counts as other tools do"
_MEMORY = "analyze prints the memory of training and inference; fit takes --memory"
_BOTH = "analyze, fit and diff print training and inference side by side"
_NO_MATTER = "no size and no byte depends on it"
_ARGUMENT = "the net is an argument, as in `convcalc analyze resnet50`"
_IN_THE_SPEC = "it is in the spec: `--set NAME=VALUE` changes a variable of it"
_ON_A_GPU = "analyze prints what a GPU needs; `convcalc fit SPEC --device NAME` fits a batch to it"
_A_SPEC = "`convcalc import FILE -o net.yaml` writes a spec, `convcalc show NAME` a bundled one"
_DRAWN = "`convcalc report SPEC -o page.html` draws it"


def _by_word(table: dict[str, Meant]) -> dict[str, Meant]:
    """A table of several words a line, by each of them."""
    return {word: meant for words, meant in table.items() for word in words.split()}


#: words that are asked for as options, without dashes, and where in convcalc that is
_ELSEWHERE = _by_word(
    {
        "flops macs madds gflops params parameters activations": _COUNTS,
        "memory mem vram": _MEMORY,
        "train training inference eval mode bench": _BOTH,
        "lr epochs steps workers channelslast": _NO_MATTER,
        "model arch architecture spec file": _ARGUMENT,
        "numclasses classes channels width depth inchans": _IN_THE_SPEC,
        "html plot graph dot png svg": _DRAWN,
        "pretrained": "sizes need no weights; `convcalc verify` takes --weights",
        "cuda gpu": _ON_A_GPU,
        "yaml": _A_SPEC,
        "version": "write convcalc --version",
    }
)
#: the same of options that are called otherwise here: the first that the command takes is named
_CALLED = _by_word(
    {
        "batchsize bs b minibatch": ("--batch 8",),
        "inputsize inputshape imgsize imagesize insize size shape resolution i": (
            "--input 224x224x3",
        ),
        "amp mixed mixedprecision autocast half fp16 float16": (
            "--precision amp-fp16",
            "--dtype float16",
        ),
        "bf16 bfloat16": ("--precision amp-bf16", "--dtype bfloat16"),
        "int8 quant quantize quantized": ("--dtype int8",),
        "type datatype dtypes": ("--dtype float16",),
        "opt optim": ("--optimizer adam",),
        "wd decay": ("--weight-decay",),
        "json": ("--format json",),
        "csv": ("--format csv",),
        "markdown md": ("--format markdown",),
        "nocolor nocolour": ("--color never",),
        "cuda gpu": ("--device rtx-3060",),
        "memory mem vram": ("--memory 8GiB",),
        "momentum": ("--optimizer sgd-momentum",),
        "ddp dataparallel ngpus numgpus": ("--gpus 2 --shard ddp",),
        "zero": ("--gpus 2 --shard zero1 (or zero2, zero3)",),
        "zero1": ("--gpus 2 --shard zero1",),
        "zero2": ("--gpus 2 --shard zero2",),
        "zero3 fsdp": ("--gpus 2 --shard zero3",),
        "gradcheckpoint gradcheckpointing gradientcheckpointing checkpointing": (
            "--checkpoint every-block",
        ),
        "gradaccum gradientaccumulation accum": ("--accumulate 4",),
        "depth": ("--expand for a row of each layer (a variable of the spec: --set depth=N)",),
        "maxdepth expandnested verbose v perlayer": ("--expand",),
        "colnames cols": ("--columns layer,output,params",),
        "sortby orderby": ("--sort params",),
        "out outfile outputfile save": ("--output FILE",),
    }
)
_NAMED = 3  #: commands that are named
_LONGEST_TERM = 40  #: letters of what is looked for among what `explain` knows


def unknown_command(word: str, commands: Iterable[str]) -> str:
    """The message for a word in the place of a command."""
    if os.path.isfile(word) or zoo.find(word) is not None:
        return f"no command {plain(word)!r}: did you mean `convcalc analyze {plain(word)}`?"
    from convcalc.study.explain import page  # which a mistyped command alone asks for

    if len(word) <= _LONGEST_TERM and page(word) is not None:
        return f"no command {plain(word)!r}: `convcalc explain {plain(word)}` says what it is"
    close = nearest(word, commands)
    hint = f"did you mean `{close}`?" if close else "`convcalc --help` lists them"
    return f"no command {plain(word[:100])!r}: {hint}"


def unknown_option(error: click.NoSuchOption) -> click.UsageError:
    """The error with the place of what was asked for as an option, or the nearest option."""
    name, context = error.option_name, error.ctx
    assert context is not None, "an option is given to a command"
    word = re.sub("[-_]", "", name.lower())
    own = {option: one for one in context.command.params for option in one.opts}
    option, blank, value = name.partition(" ")
    if blank and option in own:
        return click.UsageError(f"no option {plain(name[:100])}: {_in_one(own[option], value)}")
    called = _CALLED.get(word, ())
    known = next((text for text in called if _takes(context.command, text)), "")
    hint = f"write {known}" if known else _ELSEWHERE.get(word) or _of_others(name, called, context)
    if not hint and len(word) > 1:
        close = phrase(name.strip("-").split("-"), [one.strip("-") for one in own if len(one) > 2])
        hint = f"did you mean --{close}?" if close else ""
    command = context.command_path
    hint = hint or f"`{command} --help` lists the options"
    return click.UsageError(f"no option {plain(name[:100])}: {hint}", context)


def _takes(command: click.Command, text: str) -> bool:
    """Whether a command has an option, and where it is one of some words, with that word."""
    name, _, value = text.partition(" ")
    types = [one.type for one in command.params if name in one.opts]
    words = [one.choices for one in types if isinstance(one, click.Choice)]
    return bool(types) and (not value or all(value in own for own in words))


def _in_one(option: click.Parameter, value: str) -> str:
    """What to write in place of an option with its value in one word, as a list in YAML has it."""
    name = option.opts[0]
    if isinstance(option, click.Option) and option.is_flag:
        return f"write {name} and {plain(value.strip()[:100])} apart, each a word of its own"
    return f"write {name}={plain(value.strip()[:100])}"


def _of_others(name: str, called: tuple[str, ...], context: click.Context) -> str:
    """Which commands have an option that this one has not; '' where none has."""
    group = context.find_root().command
    assert isinstance(group, click.Group)
    text = called[-1] if called else name
    wanted, _, value = text.partition(" ")
    if value and any(wanted in one.opts for one in context.command.params):
        wanted = text  # it has the option, but not with this word
    takers = [
        command
        for command in group.list_commands(context)
        if (found := group.get_command(context, command)) is not None and _takes(found, text)
    ]
    if not takers:
        return ""
    few, more = takers[:_NAMED], len(takers) - _NAMED
    few += [counted(more, "other command")] if more > 0 else []
    commands = " and ".join(filter(None, (", ".join(few[:-1]), few[-1])))
    verb = "takes" if len(takers) == 1 else "take"
    said = f"{context.info_name} has no {wanted}, which {commands} {verb}"
    return said if called else f"{commands} {verb} it, {context.info_name} does not"


def missing_choice(error: click.MissingParameter) -> click.UsageError:
    """The error for an option that has to be given, with its words in one line."""
    option = error.param
    if option is None or not isinstance(option.type, click.Choice):
        return error
    *others, last = option.type.choices
    text = f"give {option.opts[0]}: {', '.join(others)} or {last}"
    return click.UsageError(text, error.ctx)
