"""What a layer is called now, and whether it takes part outside training."""

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.caffe.layers import OUTSIDE, TYPES
from convcalc.interop.read.caffe.text import Message
from convcalc.interop.read.caffe.typed import TextFields

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


#: types that are read beside the table's
OTHERS = frozenset({"Split", "Slice", "BatchNorm", "Scale", "Power", "Reshape", "Crop"})

_NET = {"name", "input", "input_shape", "input_dim", "force_backward", "state", "debug_info"}
_STATE = {"phase", "level", "stage"}
_RULE = {"phase", "min_level", "max_level", "stage", "not_stage"}


def layers_of(net: TextFields) -> list[TextFields]:
    """The layers of a file, of either dialect, each with its name.

    Raises:
        UnreadableError: there are none, or of both dialects, or of the oldest; a type is written
            as in the other dialect, or missing; or what may be layers has another name.
    """
    for field, values in net.message.items():
        message = next((value for value in values if isinstance(value, Message)), None)
        if message is not None and field not in {*_NET, "layer", "layers"}:
            raise net.wrong(field, message, "is no field of a Caffe net")
    old = net.messages("layers")
    if old and net.messages("layer"):
        text = "the file has both `layer` and `layers`: Caffe reads `layers` alone then"
        raise UnreadableError(text)
    found = []
    for layer in net.messages("layer") or old:
        if "layer" in layer.message:
            why = "is of Caffe's first format: Caffe's upgrade_net_proto_text writes it anew"
            raise layer.wrong("layers", layer.message, why)
        named = TextFields(layer.message, layer.word("name") or "layer")
        if not (named.one("type") if old else named.word("type")):
            raise named.wrong("type", layer.message, "is missing")
        found.append(named)
    if not found:
        raise UnreadableError("the file has no layers: no Caffe net")
    return found


def type_of(layer: TextFields) -> str:
    """The type of a layer; of `layers`, where it has no quotes, by its new name."""
    (found,) = layer.values("type")
    if found.quoted:
        return found
    return OLD_NAMES.get(found) or OLD_NAMES.get(found.replace("_", ""), found)


def stages_of(net: TextFields) -> frozenset[str]:
    """The stages that a file puts itself into: Caffe adds to them, and sets phase and level."""
    state = net.inner("state")
    _known(state, _STATE)
    return frozenset(state.words("stage"))


def _known(fields: TextFields, known: set[str]) -> None:
    """Refuse a state or rule with a field that Caffe does not know.

    Raises:
        UnreadableError: it has one.
    """
    for field in fields.message:
        if field not in known:
            raise fields.wrong(field, fields.message, "is no field of Caffe's states and rules")


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
    if included and layer.messages("exclude"):
        raise layer.wrong("include", included[0].message, "stands beside exclude: Caffe takes one")
    if included:
        return any(_is_met(rule, stages, phase_alone) for rule in included)
    excluding = layer.messages("exclude")
    if phase_alone:
        return all(_OTHER & set(rule.message) or not _is_met(rule, stages) for rule in excluding)
    return not any(_is_met(rule, stages) for rule in excluding)


_OTHER = frozenset({"stage", "not_stage", "min_level", "max_level"})


def _is_met(rule: TextFields, stages: frozenset[str], phase_alone: bool = False) -> bool:
    """`Net::StateMeetsRule`."""
    _known(rule, _RULE)
    phase = rule.choice("phase", ("TRAIN", "TEST"), "TEST")
    if phase not in {"TRAIN", "TEST"}:
        raise rule.fail("phase", phase)
    if phase == "TRAIN":
        return False
    if phase_alone:
        return True
    if not stages.issuperset(rule.words("stage")) or stages & set(rule.words("not_stage")):
        return False
    return rule.integer("min_level", 0) <= 0 <= rule.integer("max_level", 0)
