"""Layers of other tools and of papers that no kind is like: no kind is meant by their names.

Each is looked up as kinds are, without module, case, hyphens, underscores and rank.
"""

import re

from convcalc.dialects.kinds import folded

#: in front of `norm` or `normalization`
_NORMS = (
    r"adaptiveinstance|batch(?:channel|group|instance)|conditionalbatch|cosine|cross"
    r"|decorrelatedbatch|divisive|evo|filterresponse|ghost(?:batch)?|globalresponse"
    r"|instance(?:batch|group)|local(?:contrast)?|moment|online|pixel(?:wise)?|positional|power|rms"
    r"|scale|spectral|switch(?:able)?|unit|virtualbatch|weight"
)
#: in front of `pool` or `pooling`
_POOLS = (
    r"attentive|bilinear|blur|covariance|gated|gem|logsumexp|lse|maxroi|median|min|mix(?:ed)?"
    r"|psroi|rank|roi|soft|spatialpyramid|stat(?:istics)?|std|stochastic|sum|var(?:iance)?"
)
#: in front of `conv` or `convolution`
_CONVOLUTIONS = (
    r"cheb|cond(?:itional)?|deform(?:able)?|dynamic|edge|gabor|gated|graph|kp|octave?|sinc"
    r"|sparse|spectral|submanifold|x"
)
#: one number made of one: their sizes are those of what arrives
_OF_EACH = (
    r"a?(?:sinh?|cosh?|tan)|atanh|exp(?:m1)?|log(?:1p|2|10)?|r?sqrt|pow|erf|logit|sign|reciprocal|square"
    r"|and|or|not|xor|(?:not)?equal|greater|less"
    r"|logsigmoid|(?:hard)?elish|hardmish|smelu|celu|rrelu|softplus|softsign|squareplus"
    r"|(?:hard|soft|tanh)shrink|threshold|(?:ac|dy|f)relu|tlu|pelu|acon|serf|phish|telu|snake"
    r"|re[pqs]u|[gs]olu"
)
_ABSENT = re.compile(
    r"(?:multihead|self|cross)*attention|(?:conv)?(?:lstm|gru|rnn)(?:cell)?|transformer\w*"
    r"|embedding|(?:max)?unpool(?:ing)?[0-9]*|lambda|bilinear|logsoftmax|softmin"
    r"|rescaling|gaussian(?:noise|dropout)|featurealphadropout"
    r"|repeatvector|timedistributed|bidirectional|\w*glu|crelu|batchrenorm(?:alization)?"
    r"|frn|grn|lcn|adain|ibn|(?:un)?fold|involution|(?:ps)?roialign|spp"
    rf"|{_OF_EACH}|(?:{_NORMS})norm(?:alization)?"
    rf"|(?:global|adaptive)?(?:{_POOLS})pool(?:ing)?|(?:{_CONVOLUTIONS})conv(?:olution)?"
)
_SAME_SIZE = re.compile(rf"{_OF_EACH}|(?:{_NORMS})norm(?:alization)?|frn|grn|lcn|adain|ibn")

ABSENT = ("no layer kind does this: the kinds are those of convolutional networks",)
_IN_ITS_PLACE = "`identity` in its place keeps the sizes, but has none of its parameters and work"


def absent(word: str) -> bool:
    """Whether another tool has a layer of this name, or of its count, that no kind is like.

    >>> absent("nn.MultiheadAttention"), absent("swiglu1"), absent("convolution")
    (True, True, False)
    """
    return _ABSENT.fullmatch(_bare(word)) is not None


def instead(word: str) -> tuple[str, ...]:
    """Help for a layer that no kind is like: what stands for it, where its size is known.

    >>> len(instead("grn")), len(instead("roi_pool"))
    (2, 1)
    """
    return (*ABSENT, _IN_ITS_PLACE) if _SAME_SIZE.fullmatch(_bare(word)) else ABSENT


def _bare(word: str) -> str:
    """A word without its count; ``log10`` has its number."""
    plain = folded(word)
    return plain if _SAME_SIZE.fullmatch(plain) else folded(word.rstrip("0123456789"))
