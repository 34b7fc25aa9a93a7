"""Layers that pad or cut the sides of a volume, each tool in its own order of them."""

from typing import Any

from convcalc.spec.foreign.asked import (
    Asked,
    Given,
    Meaning,
    Meant,
    NotCertainError,
    is_computed,
    only_said,
    whole_numbers,
)


def _sides(kind: str, key: str, usual: Any) -> Meaning:
    """One number is every side; the order of several is the tool's own."""

    def sides(asked: Asked) -> Meant:
        found = asked.default(key, usual)
        if isinstance(found, list | tuple) and found:
            if asked.tool == "keras":  # one per axis, or (before, after) per axis
                pairs = [tuple(s) if isinstance(s, list | tuple) else (s, s) for s in found]
                if asked.word.endswith("1D") and len(found) == 2:
                    pairs = [tuple(found)]  # the ends of its only axis
            elif len(found) % 2 == 0:  # the last axis first
                pairs = [tuple(found[i : i + 2]) for i in range(len(found) - 2, -1, -2)]
            else:
                pairs = []
            found = [side for pair in pairs for side in pair]
            if not found or not all(type(side) is int or is_computed(side) for side in found):
                raise NotCertainError(f"`{kind}` takes `sides: [top, bottom, left, right]`")
        if not isinstance(found, int | list):
            raise NotCertainError(f"`{kind}` takes `sides: 1`, or [top, bottom, left, right]")
        return Meant(kind, asked.given, {"sides": found})

    return sides


def _border(mode: str) -> Meaning:
    """PyTorch's layers that pad with what is there, and not with zeros."""
    zeros = _sides("pad", "padding", None)

    def border(asked: Asked) -> Meant | None:
        found = zeros(asked)
        return found and found._replace(options={**found.options, "mode": mode})

    return border


def _constant(asked: Asked) -> Meant | None:
    """PyTorch's, which states its number."""
    asked.usual("value", 0)
    return _sides("pad", "padding", None)(asked)


def _of_function(asked: Asked) -> Meant | None:
    """``F.pad(x, (1, 1, 1, 1))``, from the last axis on; the kind itself elsewhere."""
    if "paddings" in asked.given:
        return _of_each_axis(asked)
    if asked.tool != "pytorch":
        return None
    sides, axes = asked.given.get("padding"), len(asked.shape or ()) - 1
    if not isinstance(sides, list | tuple) or not 0 < len(sides) <= 2 * axes or len(sides) % 2:
        text = "`sides: [top, bottom, left, right]`, and `channels: [front, back]`"
        raise NotCertainError(f"`pad` has {text}: PyTorch's begins with the last axis")
    asked.given["padding"] = (*sides, *(2 * axes - len(sides)) * (0,))
    mode = {"constant": "", "reflect": "reflect", "replicate": "edge"}.get(
        str(asked.default("mode", "constant"))
    )
    if mode is None:
        raise NotCertainError("`pad` has zeros, and the modes reflect and edge")
    return _border(mode)(asked) if mode else _constant(asked)


def _of_each_axis(asked: Asked) -> Meant | None:
    """``tf.pad(x, [[0, 0], [1, 1], [2, 2], [0, 0]])``, before and after each axis of a batch."""
    given = asked.given.pop("paddings")
    pairs = [whole_numbers(one) for one in given] if isinstance(given, list | tuple) else []
    axes = len(asked.shape) - 1 if asked.shape else len(pairs) - 2
    whole = axes > 0 and len(pairs) == axes + 2 and all(len(pair) == 2 for pair in pairs)
    if not whole or any(pairs[0] + pairs[-1]):
        text = "`pad` takes `sides: [top, bottom, left, right]`, without batch and channels"
        raise NotCertainError(text)
    mode = str(asked.default("mode", "constant")).lower()
    options: Given = {"sides": [side for pair in pairs[1:-1] for side in pair]}
    if mode not in {"constant", "reflect", "edge"}:
        raise NotCertainError("`pad` has zeros, and the modes reflect and edge")
    asked.usual("constant_values", 0)
    return Meant("pad", asked.given, options | ({"mode": mode} if mode != "constant" else {}))


TABLE: dict[str, Meaning] = {
    "zeropadding": _sides("pad", "padding", 1),
    "zeropad": _sides("pad", "padding", None),
    "reflectionpad": _border("reflect"),
    "replicationpad": _border("edge"),
    "constantpad": _constant,
    "circularpad": only_said("no kind pads with the other end: `pad` has zeros, reflect and edge"),
    "pad": _of_function,
    "cropping": _sides("crop", "cropping", 0),
}
