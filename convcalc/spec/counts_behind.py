"""A number behind a kind that has no option for it: ``relu1`` is the first, ``softmax-10`` has 10.

A suggestion is an edit that `--fix` makes: none leaves out a number that may be the units of the
layer before. Imported only where something is wrong.
"""

import re

from convcalc.layers import BY_NAME

#: what comes behind an fc layer; the number may be its units
_OF_OUTPUTS = frozenset({"softmax", "sigmoid", "tanh"})
#: what comes before an fc layer
_TO_VECTORS = frozenset({"flatten", *(kind for kind in BY_NAME if kind.startswith("global_"))})
_NUMBER = re.compile(r"(-?)[ _]?([0-9]+)\Z")
_LARGE = 10  #: few nets number so many layers of such a kind


def behind(head: str, word: str) -> tuple[str, ...]:
    """What to type for a kind with a number: the kind alone, where that is only which it is.

    >>> behind("relu", "relu_2"), behind("softmax", "softmax2")
    (('did you mean `relu`?',), ('did you mean `softmax`?',))
    >>> behind("softmax", "softmax-10")
    ('`fc-10` and below it `- softmax`: softmax has no number of its own',)
    """
    match = _NUMBER.search(word)
    number = int(match[2]) if match else 0
    sized = head in _OF_OUTPUTS or head in _TO_VECTORS
    if match is None or not number or (number < _LARGE and not (match[1] and sized)):
        return (f"did you mean `{head}`?",)
    own = f"{head} has no number of its own"
    if head in _OF_OUTPUTS:
        return (f"`fc-{number}` and below it `- {head}`: {own}",)
    if head in _TO_VECTORS:
        return (f"`{head}` and below it `- fc-{number}`: {own}",)
    if head == "dropout":
        rate = number / 100 if number < 100 else 0.5
        return (f"the rate is the part that is dropped: `dropout: {{rate: {rate:g}}}`",)
    return (f"{own}: it is `- {head}` alone",)
