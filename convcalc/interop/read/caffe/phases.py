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


def stages_of(net: TextFields) -> frozenset[str]:
    """The stages that a file puts itself into: Caffe adds to them, and sets phase and level."""
    return frozenset(stage for state in net.messages("state") for stage in state.words("stage"))


def in_deploy(
    layer: TextFields, phase_alone: bool = False, stages: frozenset[str] = frozenset()
) -> bool:
    """Whether a layer takes part when the net is not trained: in phase TEST, at level 0.

    Args:
        layer: its fields.
        phase_alone: ask for the phase alone, as if every rule were met otherwise.
        stages: those of the file, see `stages_of`.
    """
    included = layer.messages("include")
    if included:
        return any(_is_met(rule, stages, phase_alone) for rule in included)
    excluding = layer.messages("exclude")
    if phase_alone:
        return all(_OTHER & set(rule.message) or not _is_met(rule, stages) for rule in excluding)
    return not any(_is_met(rule, stages) for rule in excluding)


_OTHER = frozenset({"stage", "not_stage", "min_level", "max_level"})


def _is_met(rule: TextFields, stages: frozenset[str], phase_alone: bool = False) -> bool:
    """`Net::StateMeetsRule`."""
    if rule.choice("phase", "TEST") not in {"TEST", "1"}:
        return False
    if phase_alone:
        return True
    if not stages.issuperset(rule.words("stage")) or stages & set(rule.words("not_stage")):
        return False
    return rule.integer("min_level", 0) <= 0 <= rule.integer("max_level", 0)
