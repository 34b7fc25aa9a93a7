"""Short forms with one option changed: what to type in place of ``pool5`` for another stride.

A short form states more than it shows, such as a pool's stride: `kernel: 7` alone would be read as
``pool7``, whose stride is 7. Imported only where something is wrong.
"""

import re

from convcalc.layers.repair import WINDOW
from convcalc.spec.nearforms import number
from convcalc.spec.shortforms import expand

_WORD = re.compile(r"(conv|maxpool|avgpool|pool)([0-9x]+)(-[0-9]+)?((?:[spdg][0-9]+)*)\Z")


def as_word(form: str, option: str, text: str) -> str:
    """A short form with one option changed, all others as they are; '' where no word says it.

    Of a ``window`` that has one position, the stride is the kernel again where it was.

    >>> as_word("pool5", "kernel", "7"), as_word("conv5-8s2", "kernel", "7")
    ('pool7s5', 'conv7-8s2p2')
    >>> as_word("avgpool7", WINDOW, "4")
    'avgpool4'
    """
    parts, found = _WORD.match(form), expand(form)
    if parts is None or found is None or not text.isdigit():
        return ""
    kernel, stated = parts[2], dict(found[1])
    letters = dict(re.findall("([spdg])([0-9]+)", parts[4]))
    if option in {"kernel", WINDOW}:
        if parts[1] == "conv" and "p" not in letters:
            if len(set(stated["pad"])) > 1:
                return ""  # that of an even window, which no letter says
            letters["p"] = str(stated["pad"][0])
        if parts[1] != "conv" and option != WINDOW:
            letters.setdefault("s", number(stated["stride"]))
        kernel = text
    else:
        letters[option[0]] = text
    word = f"{parts[1]}{kernel}{parts[3] or ''}"
    word += "".join(f"{letter}{letters[letter]}" for letter in "spdg" if letter in letters)
    return word if expand(word) else ""


def changed(form: str, option: str, text: str, axes: int = 2) -> str:
    """What to type for a short form with one option changed; '' for a word that is none.

    >>> changed("pool5", "stride", "3"), changed("pool2", "pad", "same")
    ('pool5s3', 'max_pool: {kernel: 2, stride: 2, pad: same}')
    """
    found = expand(form, axes)
    if found is None:
        return ""
    options = with_values({key: number(value) for key, value in found[1]}, {option: text})
    pairs = ", ".join(f"{key}: {value}" for key, value in options.items())
    return as_word(form, option, text) or f"{found[0]}: {{{pairs}}}"


def with_values(options: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    """The options that a short form stands for, with other values."""
    if WINDOW not in values:
        return options | values
    follows = options.get("stride") == options["kernel"]
    kept = {key: value for key, value in options.items() if key != "stride" or not follows}
    return kept | {"kernel": values[WINDOW]}
