"""Layers of other tools that are something else here than a kind."""

import re

from convcalc import dialects
from convcalc.findings import plain
from convcalc.spec import called, from_memory
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence


def layer_of_another_tool(word: str, value: Node | None) -> tuple[str, ...]:
    """A layer that is something else here than a kind."""
    if told := from_memory.help(word, value):
        return told
    last = word.rsplit(".", 1)[-1].lower()
    if last == "activation" and isinstance(value, Scalar):
        name = called.activation_of(value.text)
        name = "identity" if value.text.lower() in {"linear", "none"} else name
        return (f"write `{name}` in place of `{plain(word)}: {text_of(value)}`",) if name else ()
    if border := re.fullmatch(r"(reflection|replication)pad(?:[123]d)?", last):
        mode = {"reflection": "reflect", "replication": "edge"}[border[1]]
        if not (sides := text_of(value) if isinstance(value, Scalar) else ""):
            return ()
        return (
            f"write `pad: {{sides: {sides}, mode: {mode}}}` in place of `{plain(word)}: {sides}`",
        )
    if last.startswith("separableconv"):
        return ("it is two layers: a depthwise_conv with `bias: false`, and a conv with kernel 1",)
    if last == "centercrop" and (to := _size_of(value)):
        size = f"`crop: {{size: {to[0] if len({*to}) == 1 else f'[{to[0]}, {to[1]}]'}}}`"
        text = text_of(value) if isinstance(value, Scalar) else ""
        return (
            f"write {size} in place of `{plain(word)}: {text}`" if text else f"here it is {size}",
        )
    from convcalc.spec import typed  # which needs the help of this module

    if help := typed.alone(last, value):
        return help
    if last in {"sequential", "modulelist"}:
        return ("layers stand in one list, in order: write those inside as entries of their own",)
    if _EXCITED.fullmatch(last):
        gate = "[global_avg_pool, conv1-16, relu, conv1-64, sigmoid]"
        return (f"a gate of several layers: `multiply: {{branches: [identity, {gate}]}}`",)
    if _COORDINATES.match(last):
        return (
            "its coordinates are two more channels: a second input has them, "
            "`inputs: {image: 64x64x3, coords: 64x64x2}`",
            "before its conv both are joined: `- concat:`, and `from: [image, coords]` below it",
        )
    if dialects.absent(last):
        return dialects.instead(last)
    if _GROUPED.fullmatch(last):
        stated = isinstance(value, Mapping) and value.get("groups") is not None
        sample = "here it is a conv with groups: `conv: {filters: 64, kernel: 3, groups: 2}`"
        return ("did you mean `conv`?",) if stated else (sample,)
    if last in {"input", "inputlayer"}:
        return ("the input is a key of the file: `input: 224x224x3`",)
    return ()


def _size_of(value: Node | None) -> tuple[str, str] | None:
    """The height and width that a layer of images is given: ``4``, or by their names."""
    if isinstance(value, Scalar):
        return (value.text, value.text) if _NUMBER.fullmatch(value.text) else None
    if isinstance(value, Sequence):
        sides = [item.text for item in value.items if isinstance(item, Scalar)]
    elif isinstance(value, Mapping):
        found = [value.get(key) for key in ("height", "width")]
        sides = [item.text for item in found if isinstance(item, Scalar)]
    else:
        return None
    return (sides[0], sides[1]) if len(sides) == 2 and all(map(_NUMBER.fullmatch, sides)) else None


_NUMBER = re.compile("[1-9][0-9]{0,5}")
_GROUPED = re.compile(r"group(?:ed|wise)?_?conv(?:olution)?(?:[123]d)?")
#: CoordConv (Liu et al. 2018), which joins its place to each position
_COORDINATES = re.compile(r"coord_?conv|add_?coord")
#: squeeze-and-excitation (Hu et al. 2018), a block of layers
_EXCITED = re.compile(r"se(?:_?(?:layer|block|module))?|squeeze_?(?:and_?)?excit(?:e|ation)")
