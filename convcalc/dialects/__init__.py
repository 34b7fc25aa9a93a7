"""What other tools call our kinds and options: suggestions, never accepted in silence."""

from convcalc.dialects.absent import ABSENT, absent, instead
from convcalc.dialects.kinds import Known, either, folded, kind
from convcalc.dialects.options import OF_TRAINING, OPTIONS, TRAINED, Pair, option, pair

__all__ = [
    "ABSENT",
    "OF_TRAINING",
    "OPTIONS",
    "TRAINED",
    "Known",
    "Pair",
    "absent",
    "either",
    "folded",
    "instead",
    "kind",
    "option",
    "pair",
]
