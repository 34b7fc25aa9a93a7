"""What sets kinds apart besides their numbers; each kind states its own on its class."""

from enum import Enum


class Family(Enum):
    """What a kind is. Every kind belongs to one; rules and pages ask for families, not for names.

    Kinds of other rooms that treat some layers alike ask `Layer.family` and the traits beside it
    (`is_rectifier`, `is_view`, ...): a list of kind names elsewhere would forget the next kind.
    """

    CONVOLUTION = "filters slid over the positions of a volume"
    TRANSPOSED_CONVOLUTION = "filters laid down for every position of a volume"
    POOL = "a window that summarizes each channel"
    POOL_TO_SIZE = "as many windows as the output has positions"
    FULLY_CONNECTED = "every output reads the whole volume"
    NORM = "numbers brought to a common scale"
    SCALE = "numbers times a factor"
    ACTIVATION = "a function of each number"
    DROPOUT = "numbers dropped in training"
    MERGE = "several volumes become one"
    REARRANGEMENT = "the same numbers in another place, or fewer, or more"


class Places(Enum):
    """What a kind does with the places of the numbers in a vector.

    A flattened volume has its numbers in another order where volumes have the channels first
    (`convcalc.network.vector_order`).
    """

    KEPT = "every number stays in its place"
    READ = "numbers are read or moved by their places"
    WEIGHED = "weights for every place, in whatever order: every output reads all numbers"
    JOINED = "one vector after the other"
    FLATTENED = "the numbers of a volume in a row"
    RESHAPED = "numbers in a row, with other axes"
