"""What a layer is called now, and whether it takes part outside training."""

from convcalc.interop.read.caffe.layers import OUTSIDE, TYPES
from convcalc.interop.read.caffe.text import TextFields

#: the dialect before 2014: names in capitals, `layers` in place of `layer`
OLD_NAMES = {
    "".join(name.upper().split("_")): name
    for name in (*TYPES, *OUTSIDE, "Split", "Slice", "Power", "Reshape")
}
OLD_NAMES |= {
    "INNER_PRODUCT": "InnerProduct",
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "EUCLIDEAN_LOSS": "EuclideanLoss",
    "HINGE_LOSS": "HingeLoss",
    "IMAGE_DATA": "ImageData",
    "HDF5_DATA": "HDF5Data",
    "MEMORY_DATA": "MemoryData",
    "WINDOW_DATA": "WindowData",
    "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss",
}


def type_of(layer: TextFields) -> str:
    """The type of a layer, old names in capitals turned into new ones."""
    found = layer.word("type")
    return OLD_NAMES.get(found) or OLD_NAMES.get(found.replace("_", ""), found)


def in_deploy(layer: TextFields, phase_alone: bool = False) -> bool:
    """Whether a layer takes part when the net is not trained: in phase TEST, at level 0, no stage.

    Args:
        layer: its fields.
        phase_alone: ask for the phase alone, as if every rule were met otherwise.
    """
    included = layer.messages("include")
    if included:
        return any(_is_met(rule, phase_alone) for rule in included)
    if phase_alone:
        return all(_OTHER & set(rule.message) or not _is_met(rule) for rule in _excluding(layer))
    return not any(_is_met(rule) for rule in _excluding(layer))


_OTHER = frozenset({"stage", "not_stage", "min_level", "max_level"})


def _excluding(layer: TextFields) -> list[TextFields]:
    return layer.messages("exclude")


def _is_met(rule: TextFields, phase_alone: bool = False) -> bool:
    """`Net::StateMeetsRule`."""
    if rule.choice("phase", "TEST") not in {"TEST", "1"}:
        return False
    if phase_alone:
        return True
    return not rule.words("stage") and rule.integer("min_level", 0) <= 0 <= rule.integer(
        "max_level", 0
    )
