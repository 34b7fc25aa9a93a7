"""Shapes: plain tuples, spatial axes first, channels last.

``(224, 224, 3)`` is a volume of 224 x 224 positions and 3 channels, as the CS231n notes write
``[224x224x3]``; ``(4000, 8)`` is a sequence, ``(16, 112, 112, 3)`` a video, ``(1000,)`` a vector
of class scores (no spatial axis). The batch is never part of a shape.
"""

from math import prod

from convcalc.escape import shown

Shape = tuple[int, ...]

#: No side of a volume, and no option of a layer, may exceed this (the int32 range of frameworks).
LARGEST_SIZE = 2**31

_COLOURS = 4  #: channels of an image, with its alpha, at most
_SMALLEST_IMAGE = 8  #: a side of an image that is meant by commas: 6,4,3 may be vectors

_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def axis_names(count: int) -> tuple[str, ...]:
    """The names of ``count`` spatial axes, outermost first.

    >>> axis_names(2)
    ('height', 'width')
    """
    return _AXES.get(count) or tuple(f"axis {i}" for i in range(1, count + 1))


def elements(shape: Shape) -> int:
    """How many numbers a volume of this shape holds, for one image of the batch.

    >>> elements((224, 224, 3))
    150528
    """
    return prod(shape)


def written(shape: Shape) -> str:
    """The shape as people write it.

    >>> written((224, 224, 3))
    '224x224x3'
    """
    return "x".join(map(str, shape))


def parse_shape(text: str) -> Shape | None:
    """Read ``HxWxC`` (also ``LxC``, ``DxHxWxC`` and a bare ``C``); None where it is no shape.

    Blanks may stand around the ``x``: numbers that only blanks separate are not one number.

    >>> parse_shape("224x224x3"), parse_shape("224 x 224 x 3"), parse_shape("1000")
    ((224, 224, 3), (224, 224, 3), (1000,))
    >>> parse_shape("224 224 3"), parse_shape("224x0x3")
    (None, None)
    """
    parts = [part.strip(" ") for part in text.lower().split("x")]
    if not 1 <= len(parts) <= 4:
        return None
    sizes = tuple(int(part) for part in parts if _is_size(part))
    return sizes if len(sizes) == len(parts) else None


def parse_shapes(text: str) -> tuple[Shape, ...]:
    """Read one shape or several by commas.

    Raises:
        ValueError: one is none, or they are the sides of one shape; says what was meant.

    >>> parse_shapes("224x224x3, 28x28x1")
    ((224, 224, 3), (28, 28, 1))
    """
    found = []
    for word in text.split(","):
        shape = parse_shape(word)
        if shape is None:
            of_whole = not nearly_shape(word) and nearly_shape(text)
            raise ValueError(not_a_shape(text if of_whole else word.strip(), word, text))
        found.append(shape)
    if all(len(shape) == 1 for shape in found) and (
        len({*found}) < len(found) or _is_colour_image(found)
    ):
        meant = nearly_shape(text)
        if meant:
            raise ValueError(f"{text!r} is {len(found)} sizes: did you mean {_in_order(meant)}")
    return tuple(found)


def _is_colour_image(sizes: list[Shape]) -> bool:
    """Whether three sizes are rather the sides of an image of three channels, as ``32,28,3``."""
    return len(sizes) == 3 and sizes[-1] == (3,) and min(sizes[:-1]) >= (_SMALLEST_IMAGE,)


def not_a_shape(given: object, *texts: str) -> str:
    """What to say of something that is no shape; the first of `texts` that nearly is one is meant.

    >>> not_a_shape("32,32", "32,32"), not_a_shape("big", "big")
    ("'32,32' is not a size: did you mean 32x32?", "'big' is not a size: sizes look like 224x224x3")
    """
    meant = next(filter(None, map(nearly_shape, texts)), "")
    such = f"did you mean {_in_order(meant)}" if meant else "sizes look like 224x224x3"
    if not meant and ".." in texts[0]:
        such = "sizes have no ranges, they are listed"
    return f"{shown(given)} is not a size: {such}"


def _in_order(meant: str) -> str:
    """A shape that was meant, without the batch and with its channels last, and a question mark.

    >>> _in_order("32x32x3"), _in_order("1x3x32x32")
    ('32x32x3?', '32x32x3? channels come last, and the batch is no part of it')
    """
    sizes = parse_shape(meant) or ()
    image = as_image(sizes)
    if image is None:
        return f"{meant}?"
    turned = image[-1] != sizes[-1]
    why = "channels come last" * turned + ", and " * (turned and len(sizes) > len(image))
    return f"{written(image)}? {why}{'the batch is no part of it' * (len(sizes) > len(image))}"


def as_image(sizes: Shape) -> Shape | None:
    """The image that a framework's tensor of these sizes has; None where they are of none.

    >>> as_image((1, 3, 224, 224)), as_image((3, 224, 224)), as_image((1, 224, 224, 3))
    ((224, 224, 3), (224, 224, 3), (224, 224, 3))
    >>> as_image((224, 224, 3)), as_image((16, 56, 56, 64))
    (None, None)
    """
    if len(sizes) == 4 and sizes[1] <= _COLOURS < min(sizes[2:]):
        return (*sizes[2:], sizes[1])
    if len(sizes) == 4 and sizes[0] == 1 and sizes[3] <= _COLOURS:
        return sizes[1:]
    if len(sizes) == 3 and sizes[0] <= _COLOURS < min(sizes[1:]):
        return (*sizes[1:], sizes[0])
    return None


def nearly_shape(text: str) -> str:
    """A shape in other signs, or in none, as it is written here; '' where it is none.

    >>> nearly_shape("32\u00d732\u00d73"), nearly_shape("(32, 32, 3)"), nearly_shape("small")
    ('32x32x3', '32x32x3', '')
    >>> nearly_shape("32 32 3"), nearly_shape("3 2x32x3")
    ('32x32x3', '')
    """
    bare = text[:100].strip().strip("()[]")
    for sign in ("\u00d7", "\u2715", "\u0445", "*", ",", ";", " by "):  # \u0445 is Cyrillic
        bare = bare.replace(sign, "x")
    words = bare.split()  # at no-break spaces and tabs too
    between = "x" if all(map(str.isdigit, words)) else " "
    shape = parse_shape(between.join(words))
    return written(shape) if shape and len(shape) > 1 else ""


def _is_size(part: str) -> bool:
    plain = part.isascii() and part.isdigit() and len(part) <= 10 and part[0] != "0"
    return plain and int(part) <= LARGEST_SIZE
