"""The arguments of another tool's layer as our options, and the entry that has them."""

from typing import Any

from convcalc import dialects
from convcalc.findings import brief, plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import RejectedError, Value, shown
from convcalc.spec.foreign.asked import NotCertainError, is_computed, one_if_equal
from convcalc.spec.shortforms import expand

_IN_SHORT = {
    "conv": ("filters", "kernel", "stride", "pad", "dilation", "groups"),
    "max_pool": ("kernel", "stride", "pad"),
    "avg_pool": ("kernel", "stride", "pad"),
    "fc": ("units",),
}
#: what a spec has no word for, said where an edit leaves it out: the numbers depend on it
_SAID = ("eps", "epsilon", "momentum", "return_indices", "init")
_BORDERS = {"reflect": "reflect", "replicate": "edge"}


def kind_named(kind: str) -> str:
    """Help that names a kind and its options, where no entry is certain."""
    options = ", ".join(option.key for option in BY_NAME[kind].options())
    return f"the kind is `{kind}`" + (f", with the options {options}" if options else "")


def left_out(named: dict[str, Any]) -> tuple[str, ...]:
    """What an entry does not say of the arguments, in a line."""
    words = [f"`{word}={brief(str(value))}`" for word, value in named.items()
             if word in _SAID and value is not None and value is not False]  # fmt: skip
    if not words:
        return ()
    return (f"without {' and '.join(words)}: no size or count depends on it",)


def _refused(kind: str, word: str, value: Any, named: dict[str, Any]) -> str:
    """Why no option of a kind says what an argument does, and what to write."""
    text = str(value).lower()
    if word == "padding_mode":
        pad = named.get("padding")
        sides = pad if type(pad) is int and pad > 0 else 1
        if mode := _BORDERS.get(text):
            before = f"`- pad: {{sides: {sides}, mode: {mode}}}`"
            return f"a layer before it pads so: {before}, and here no `padding`"
        return "a window pads with zeros here, and the `pad` layer with reflect or edge"
    if word == "data_format":
        return "sizes are always height, width, channels: write them in that order, without it"
    said = f"`{plain(word)}={brief(str(value))}`"
    if word in dialects.TRAINED:
        return f"every layer counts as trained: write it without {said} if that will do"
    if word == "dtype":
        return f"all layers have one type: `--dtype {brief(str(value))}`, and no {said}"
    return f"{said} cannot be said here: {kind_named(kind)}"


def options_of(
    kind: str, named: dict[str, Any], default: dict[str, Value], more: dict[str, Any]
) -> dict[str, Value]:
    """The kind's own options.

    Args:
        kind: the layer kind.
        named: arguments under another tool's names.
        default: what holds where the arguments do not say it.
        more: options under our own names.

    Raises:
        NotCertainError: an option or its value is not known, or one is missing; says which.
    """
    known = {option.key: option for option in BY_NAME[kind].options()}
    found = {key: value for key, value in default.items() if kind == "conv"}
    for word, told in [*more.items(), *named.items()]:
        value = False if word == "bias" and told is None and "bias" in known else told
        nothing = word == "padding_mode" and not named.get("padding")
        if value is None or word == "return_indices" or nothing:
            continue
        key, own = word if word in known else dialects.option(word, known) or word, _value(value)
        if key == "shape" and isinstance(value, list):
            own = tuple(value)  # one number for equal ones is no shape
        if word == "k" and "filters" in found:  # which the notes count with it
            key = "kernel"
        if key not in known or (key == "pad" and own == "valid"):
            pair = dialects.pair(word, str(value), known)
            if pair is None and own != "valid":
                raise NotCertainError(_refused(kind, word, value, named))
            if pair is not None and pair.written:
                key, text = pair.written.split(": ")
                own = {"true": True, "false": False}.get(text, text)
            elif pair is not None or key not in found:
                continue
            else:
                own = 0
        try:
            if not is_computed(own):
                known[key].accept(_without_formulas(own))
        except RejectedError:
            raise NotCertainError(_refused(kind, word, value, named)) from None
        if key in found and key not in default:
            raise NotCertainError(f"`{key}` is said twice: {kind_named(kind)}")
        found[key] = own
    missing = [key for key, option in known.items() if option.required and key not in found]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise NotCertainError(f"{kind_named(kind)}: {' and '.join(missing)} {verb} missing")
    return found


def _without_formulas(value: Value) -> Value:
    """A list with a number for each formula in it."""
    if not isinstance(value, tuple):
        return value
    return tuple(1 if is_computed(one) else one for one in value)


def _value(value: Any) -> Value:
    """One number for a list of equal ones."""
    if not isinstance(value, list | tuple):
        return value.lower() if isinstance(value, str) and not is_computed(value) else value
    one = one_if_equal(value)
    return tuple(value) if isinstance(one, list | tuple) else one


def entry_of(kind: str, options: dict[str, Value]) -> str:
    """The entry with these options, as a short form where there is one."""
    short = _short(kind, options)
    if short and expand(short):
        return short
    if kind == "conv" and options.get("pad") == 0:
        del options["pad"]  # unlike a short form, the kind does not pad
    return written_out(kind, options)


def written_out(kind: str, options: dict[str, Value]) -> str:
    """The entry with these options by their names, those that the kind does not have last."""
    if not options:
        return kind
    order = [option.key for option in BY_NAME[kind].options() if option.key in options]
    values = [(key, options[key]) for key in dict.fromkeys([*order, *options])]
    pairs = (f"{key}: {_shown(own)}" for key, own in values)
    return f"{kind}: {{{', '.join(pairs)}}}"


def _shown(value: Value) -> str:
    """A value as a spec has it, and formulas in a list as they are."""
    if isinstance(value, tuple) and any(map(is_computed, value)):
        return f"[{', '.join(map(_shown, value))}]"
    return value if isinstance(value, str) else shown(value)


def _short(kind: str, options: dict[str, Value]) -> str:
    """The short form; '' where an option has no letter or is not one number."""
    given, words = dict(options), _IN_SHORT.get(kind)
    if words is None or not set(given) <= set(words):
        return ""
    if kind == "fc":
        return f"fc-{given['units']}"
    kernel = given.pop("kernel")
    size = "x".join(map(str, kernel)) if isinstance(kernel, tuple) else str(kernel)
    if given.get("pad") == "same" and given.get("stride", 1) == 1 and kind == "conv":
        del given["pad"]  # what the short form says
    if given.get("stride") == (1 if kind == "conv" else kernel):
        del given["stride"]
    head = f"conv{size}-{given.pop('filters')}" if kind == "conv" else f"pool{size}"
    if any(type(value) is not int for value in given.values()):
        return ""
    letters = "".join(f"{word[0]}{given[word]}" for word in words if word in given)
    return f"{'avg' if kind == 'avg_pool' else ''}{head}{letters}"
