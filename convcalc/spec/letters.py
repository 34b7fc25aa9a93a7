"""Short forms whose letters are elsewhere or left out: ``conv3s2-8``, ``conv3-64-2``, ``s2``.

Imported only where something is wrong.
"""

import re

from convcalc.shapes import Shape
from convcalc.spec.shortforms import expand

_N, _K = "[1-9][0-9]{0,8}", "[1-9][0-9]{0,3}(?:x[1-9][0-9]{0,3})*"
#: ``conv3s2p1-8``, the filters behind the rest
_FIRST = re.compile(rf"(conv{_K})((?:[spdg][0-9]{{1,4}}){{1,4}})-({_N})")
_POOL = re.compile(rf"([a-z0-9_-]*?pool[-_]?)({_K})-({_N})(?:-([0-9]{{1,3}}))?")
_CONV = re.compile(rf"([a-z_]*?conv[a-z_]*-?)({_K})-({_N})-({_N})(?:-([0-9]{{1,3}}))?")
_LEAST = 3  #: a kernel that `conv-3-64-3` may have behind the channels that arrive


def in_place(word: str, shape: Shape | None) -> str:
    """The word with its letters where a short form has them; as it is where nothing is certain.

    Behind the window a stride follows, and then the padding, in every tool's order. `shape` is what
    arrives.

    >>> in_place("conv3s2p1-8", None), in_place("conv3-64-2-1", None), in_place("pool3-2", None)
    ('conv3-8s2p1', 'conv3-64s2p1', 'pool3s2')
    """
    if match := _FIRST.fullmatch(word):
        return f"{match[1]}-{match[3]}{match[2]}"
    if match := _POOL.fullmatch(word):
        head, window, stride, pad = match.groups()
        return _with_letters(word, f"{head}{window}", (window,), stride, pad)
    match = _CONV.fullmatch(word)
    if match is None:
        return word
    head, window, filters, stride, pad = match.groups()
    stated = shape is not None and window == str(shape[-1])  # what arrives, as PyTorch states it
    if stated and int(stride) >= _LEAST:
        return word
    return _with_letters(word, f"{head}{window}-{filters}", (window, filters), stride, pad)


def lacking(window: str, rest: str) -> tuple[str, ...]:
    """What to type for ``conv3-`` and ``conv3s2``, whose filters are missing; () for others.

    >>> lacking("3", "-s2")
    ('the number of filters is missing: `conv3-64s2` has 64',)
    """
    form = f"conv{window}-64{rest.lstrip('-_')}"
    return (f"the number of filters is missing: `{form}` has 64",) if expand(form) else ()


def alone(word: str) -> tuple[str, ...]:
    """What to type for ``s2``, a letter that stands alone; () for others.

    >>> alone("p0"), alone("x2")
    (("`p0` is a part of a layer's word: `conv3-64p0`",), ())
    """
    form = f"conv3-64{word}"
    if word[:1].isalpha() and expand(form):
        return (f"`{word}` is a part of a layer's word: `{form}`",)
    return ()


def _with_letters(
    word: str, base: str, windows: tuple[str, ...], stride: str, pad: str | None
) -> str:
    """A word with a stride and a padding; as it was where they are larger than the window."""
    kernel = min(max(map(int, window.split("x"))) for window in windows)
    if int(stride) > max(kernel, 2) or int(pad or 0) > kernel:
        return word
    return f"{base}s{stride}{f'p{pad}' if pad else ''}"
