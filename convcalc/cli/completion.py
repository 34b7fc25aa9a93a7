"""What a shell completes: nets, files, layers of a net, kinds, terms, devices and codes.

Imported only while a shell asks. Commands and options are click's own; a parameter finds its
answers here by its name.
"""

import os
import re
from collections.abc import Callable, Iterable
from functools import partial

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
)

from convcalc import zoo
from convcalc.cli import completion_values as values
from convcalc.cli.completion_values import is_inert
from convcalc.files import SPEC_ENDINGS

Answers = list[CompletionItem]
#: the parameter's name, the command line so far and the word that is begun -> what it may be
Completer = Callable[[str, click.Context, str], Answers]


@add_completion_class
class Bash(BashComplete):
    """Click's, for a shell to which `--format=js` is three words: it completes the last."""

    name = "bash"

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is begun, without the equals signs of options."""
        args, incomplete = super().get_completion_args()
        before = ["", *args]
        kept = [
            word
            for ahead, word in zip(before, args, strict=False)
            if word != "=" or not ahead.startswith("--")
        ]
        return kept, incomplete


@add_completion_class
class Fish(FishComplete):
    """Click's, but no name and no description ends at its first comma."""

    name = "fish"
    source_template = FishComplete.source_template.replace('split ","', 'split --max 1 ","')


#: what is before the value of an option is no part of what is offered
_ZSH_VALUE = "    [[ $PREFIX == --*=* ]] && compset -P 1 '*='\n\n"


@add_completion_class
class Zsh(ZshComplete):
    """Click's, but the option of `--format=js` stays: what is offered takes its value's place."""

    name = "zsh"
    source_template = re.sub(
        r"(?m)^(    for type key)|(?<= )-U\b",
        lambda match: f"{_ZSH_VALUE}{match[1]}" if match[1] else '-U -i "$IPREFIX"',
        ZshComplete.source_template,
    )


def refuse_half_asked() -> None:
    """Refuse variables of completion that no shell would set: click takes them as they are.

    Raises:
        click.ClickException: the words or the number of the one that is begun are missing.
    """
    shell, _, what = os.environ["_CONVCALC_COMPLETE"].partition("_")
    if what != "complete":
        return
    at = os.environ.get("COMP_CWORD")
    counts = at is not None and (shell == "fish" or re.fullmatch("[0-9]{1,6}", at))
    if not counts or "COMP_WORDS" not in os.environ:
        raise click.ClickException(
            "_CONVCALC_COMPLETE is set: a shell that completes sets COMP_WORDS to the command "
            "line and COMP_CWORD to the place in it; unset it to run a command"
        )


def complete(name: str, command: click.Command) -> click.Command:
    """A command whose parameters complete what belongs to them."""
    for parameter in command.params:
        own = parameter.name or ""
        completer = _demonstrated if (name, own) == ("demo", "words") else _COMPLETERS.get(own)
        if completer is not None:  # before the method of that name
            parameter.__dict__["shell_complete"] = partial(completer, own)
    return command


def _matching(words: Iterable[str], incomplete: str) -> Answers:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _typed(words: Iterable[str], incomplete: str) -> Answers:
    """Words that are found in any case, with the letters that are typed: zsh keeps to those."""
    begun = incomplete.lower()
    found = (word for word in words if word.lower().startswith(begun) and is_inert(word))
    return [CompletionItem(incomplete + w[len(incomplete) :]) for w in dict.fromkeys(found)]


def _files(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """Left to the shell."""
    return [CompletionItem(incomplete, type="file")]


def _here(incomplete: str) -> list[str]:
    """Specs and folders of the working folder; a shell adds none to words that it is given."""
    try:
        with os.scandir() as entries:
            found = [
                entry.name
                for entry in entries
                if entry.name.startswith(incomplete)
                and not entry.name.startswith(".")
                and is_inert(entry.name)
                and (entry.name.endswith(SPEC_ENDINGS) or entry.is_dir())
            ]
    except OSError:
        return []
    return sorted(found)


def _specs(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """Bundled nets, and specs of the folder; any file where there are none."""
    if "/" in incomplete or incomplete.startswith((".", "~")):
        return _files(name, ctx, incomplete)
    nets = _matching(zoo.names(), incomplete)
    if not nets:
        return _files(name, ctx, incomplete)
    return [*nets, *map(CompletionItem, _here(incomplete))]


def _explained(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """A net, a kind, a term or a code; after a net its layers."""
    given = ctx.params.get(name) or ()
    if ctx.params.get("net") is None and not given:
        from convcalc.explain import lookup
        from convcalc.findings import CODES
        from convcalc.layers import BY_NAME

        words = _matching(BY_NAME, incomplete)
        also = [name for page in lookup.terms() for name in page.also] if incomplete else []
        named = (*(page.title for page in lookup.terms()), *also)
        words += _typed((*CODES, "codes", "rules", *map(lookup.one_word, named)), incomplete)
        nets = _specs(name, ctx, incomplete)
        return [*(item for item in nets if item.type == "plain" or not words), *words]
    return _layers(given, incomplete) if len(given) == 1 else []


def _demonstrated(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """A net, and after it its layers."""
    given = ctx.params.get(name) or ()
    if not given:
        return _specs(name, ctx, incomplete)
    return _layers(given, incomplete) if len(given) == 1 else []


def _layers(given: tuple[str, ...], incomplete: str) -> Answers:
    """The layers of the net that the words before name."""
    from convcalc.network.record import INPUT
    from convcalc.study.half_typed import named as named_by

    net = None if given[0] == "-" else named_by(given[0])  # a shell's own input is not to be read
    steps = () if net is None else net.network.steps
    own = (step for step in steps if step.kind != INPUT and is_inert(step.name))
    named = [step for step in own if step.name.startswith(incomplete)]
    return [CompletionItem(step.name, help=step.kind) for step in named]


def _devices(name: str, ctx: click.Context, incomplete: str) -> Answers:
    from convcalc.memory.devices import DEVICES

    return _matching((device.name for device in DEVICES), incomplete)


def _codes(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """Codes with their names, the last of a list with commas."""
    from convcalc.findings import CODES

    before, comma, last = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{code}", help=title)
        for code, title in CODES.items()
        if code.startswith(last.upper())
    ]


def _nets(name: str, ctx: click.Context, incomplete: str) -> Answers:
    return _matching(zoo.names(), incomplete)


_COMPLETERS: dict[str, Completer] = {
    "specs": _specs,
    "paths": _specs,
    "words": _explained,
    "name": _nets,
    "device": _devices,
    "columns": values.columns,
    "sort": values.columns,
    "pareto": values.numbers,
    "search": values.numbers,
    "counted_as": values.counted_as,
    "checkpoint": values.checkpoint,
    "variables": values.variables,
    "select": _codes,
    "ignore": _codes,
    "file": _files,
    "model": _files,
    "weights": _files,
    "array": _files,
    "arrays": _files,
    "save": _files,
}
