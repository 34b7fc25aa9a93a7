"""Options given as Python values to an immutable layer, checked against the kind's declarations."""

from collections.abc import Mapping
from typing import Any, SupportsIndex

from convcalc.findings import plain
from convcalc.layers.base import Layer
from convcalc.layers.option import RejectedError, Value
from convcalc.network.place import Place
from convcalc.network.remarks import Remarks
from convcalc.quantity import own


def value_of(given: object) -> Value:
    """A Python value as an option takes it: lists as tuples, whole numbers of any type as int."""
    given = own(given)
    if given is None or isinstance(given, bool | int | float | str):
        return given
    if isinstance(given, list | tuple):
        return tuple(map(value_of, given))
    if isinstance(given, SupportsIndex):
        return int(given)
    return f"<{type(given).__name__}>"


def layer_of(
    kind: type[Layer], given: Mapping[str, Value], place: Place, name: str, remarks: Remarks
) -> Layer | None:
    """The layer with these options; None where one is wrong, unknown or missing: all are reported.

    An option may be given by its own name or by the notes' letter (F, S, P).
    """
    table = {key: o for o in kind.options() for key in (o.key, o.name, o.letter) if key}
    values: dict[str, Any] = {}
    found = len(remarks.findings)
    for word, value in given.items():
        option = table.get(word)
        if option is None:
            known = [o.key for o in kind.options()]
            close = remarks.suggest.option(word, known)
            takes = f"{kind.kind} takes {', '.join(known)}" if known else ""
            takes = takes or f"{kind.kind} has no options"
            help: tuple[str, ...] = (f"did you mean `{close}`?", takes) if close else (takes,)
            text = unknown_option(kind.kind, word)
            remarks.error("CC012", text, place.kind, "", help, calls=place.calls, layer=name)
            continue
        if option.name in values:
            text = f"{option.key} is given twice"
            remarks.error("CC003", text, place.kind, calls=place.calls, layer=name)
        try:
            values[option.name] = option.accept(value)
        except RejectedError as error:
            words, text = getattr(option, "words", ()), plain(str(error))
            close = remarks.suggest.nearest(value, words) if isinstance(value, str) else ""
            help = (f"did you mean `{close}`?",) if close else ()
            remarks.error("CC014", text, place.kind, "", help, calls=place.calls, layer=name)
            values[option.name] = None
    missing = [o.key for o in kind.options() if o.required and o.name not in values]
    if len(remarks.findings) == found and missing:
        text = missing_options(kind.kind, missing)
        remarks.error("CC013", text, place.kind, calls=place.calls, layer=name)
    if missing or len(remarks.findings) > found:
        return None
    return kind(**values)


def unknown_option(kind: str, word: str) -> str:
    """The message for an option that a kind does not have."""
    return f"{kind} has no option {plain(word)!r}"


def missing_options(kind: str, missing: list[str]) -> str:
    """The message for options that must be given."""
    return f"{kind} needs {' and '.join(missing)}"
