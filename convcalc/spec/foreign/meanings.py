"""Layers of other tools that say something else than our kind with their words put in its place.

`UpSampling2D: {size: 2}` is a factor, Caffe's pool rounds up, `LeakyReLU()` has another slope in
each tool. One function a class gives all that it means, defaults included, or says why it is not
certain. Imported only where something is wrong.
"""

import re

from convcalc import dialects
from convcalc.shapes import Shape, written
from convcalc.spec.foreign import axes, defaults, norms, resized, windows
from convcalc.spec.foreign.asked import KINDS, Asked, Given, Meaning, Meant, NotCertainError

_COLOURS = 4  #: as many channels are those of an image, and no depth
#: the class without module, case, hyphens and rank -> what it means
MEANINGS: dict[str, Meaning] = {
    **windows.TABLE,
    **axes.TABLE,
    **norms.TABLE,
    "conv": defaults.conv,
    "convolution": defaults.conv,
    "avgpool": defaults.pool,
    "averagepool": defaults.pool,
    "fullyconnected": defaults.fully_connected,
    "resizing": resized.resizing,
    "resize": resized.image,
}


def meant(word: str, given: Given, shape: Shape | None) -> Meant | None:
    """What a layer is; None where it is its kind with its words put in ours.

    Raises:
        NotCertainError: there is no single entry that means the same.
    """
    _fits(word, shape)
    known = MEANINGS.get(dialects.folded(word))
    found = known(Asked(word, dict(given), shape)) if known else None
    if found and not found.options and found.given == given:
        return found if found.kind != dialects.kind(word, KINDS) else None
    return found


def _fits(word: str, shape: Shape | None) -> None:
    """Refuse a window of other axes than arrive, which the tool itself refuses."""
    match = re.search(r"([123])[dD](?:Transpose)?\Z", word)
    if match is None or shape is None or "Dropout" in word:
        return
    axes = len(shape) - 1
    vector = not axes and "Norm1d" in word
    if axes != int(match[1]) and not vector:
        along = "1 axis" if match[1] == "1" else f"{match[1]} axes"
        text = f"{word} works along {along}, and {written(shape)} has {axes}"
        if axes == int(match[1]) - 1 and axes and shape[-1] > _COLOURS:
            text += f": with one channel it is {written(shape)}x1"
        raise NotCertainError(text)
