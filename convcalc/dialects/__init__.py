"""What other tools call our kinds and options: suggestions, never accepted in silence."""

from convcalc.dialects.kinds import ABSENT, Known, absent, either, folded, kind
from convcalc.dialects.options import OF_TRAINING, Pair, option, pair

__all__ = [
    "ABSENT",
    "OF_TRAINING",
    "Known",
    "Pair",
    "absent",
    "either",
    "folded",
    "kind",
    "option",
    "pair",
]
