"""A number behind a kind that has no option for it as it stands: ``relu: 6``, ``group_norm: -1``.

Imported only where something is wrong.
"""

from collections.abc import Sequence

from convcalc.layers import BY_NAME
from convcalc.layers.option import Value
from convcalc.network.record import Step
from convcalc.shapes import Shape
from convcalc.spec.called import meant
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.hints import missing
from convcalc.spec.option_hints import of_relu
from convcalc.spec.value_hints import of_option

_IN_ORDER = frozenset({"relu", "prelu"})  #: what their classes' number says, another word says here
_WITHOUT = frozenset({"batch_norm", "instance_norm", "layer_norm"})
_LRN = "`lrn: {size: 5}` sums over 5 neighbouring channels"


def help(kind: str, got: str, value: Value, step: Step | None) -> tuple[str, ...]:
    """What to type for a number, or for several in a list; () where an option takes it.

    `got` is the value as it is written, `step` what arrives.
    """
    shape = step.output if step is not None else None
    if isinstance(value, tuple):
        return _listed(kind, got, value, shape)
    if got[-1:] == "%" and got[:-1].isdecimal():
        value = int(got[:-1])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    if kind in _IN_ORDER and value >= 0:
        return _in_order(kind, got, value, shape)
    if kind == "lrn" and value <= 0:
        return (_LRN,)
    if kind == "upsample" and value <= 0:
        return ("write `upsample: {scale: 2}`, or the layer that is as large: `{like: conv1}`",)
    if kind == "upsample" and isinstance(value, float):
        whole = f"write `upsample: {{scale: {value:g}}}`" if value in range(100) else ""
        less = "a pool or a stride makes volumes smaller: " if value < 1 else ""
        return (whole or f"{less}the factors of `upsample` are whole numbers",)
    options = BY_NAME[kind].options()
    if any(option.takes(value) and option.required for option in options):
        return ()
    if kind == "dropout" and (part := of_option(kind, "rate", got, None)):
        rate = part[0].split("`")[1]
        return (f"write `dropout: {{rate: {rate}}}` in place of `dropout: {got}`",)
    if any(option.required for option in options):
        return _needed(kind, value)
    if kind == "dropout" and not 0 <= value <= 1:
        return ("the rate is the part that is dropped: `dropout: {rate: 0.5}`",)
    known = kind in _WITHOUT and isinstance(value, int)  # the channels that arrive, or others
    if not known and not any(option.takes(value) for option in options):
        return (f"`{kind}` has no number: write `- {kind}`",)
    return ()


def _in_order(kind: str, got: str, value: int | float, shape: Shape | None) -> tuple[str, ...]:
    """What a call with this number is: Keras's ``ReLU(6)``, PyTorch's ``PReLU(64)``."""
    call = meant(f"{kind}({value})", KINDS, shape)
    if call.written:
        return (f"write `{call.written}` in place of `{kind}: {got}`",)
    leaks = of_relu(kind, "negative_slope", got) if 0 < value < 1 else ()
    return ((call.why,) if call.why else ()) + leaks


def _needed(kind: str, value: int | float) -> tuple[str, ...]:
    """A number that the option which the kind needs does not take."""
    required = [option.key for option in BY_NAME[kind].options() if option.required]
    if told := of_option(kind, required[0], value, None):
        return told
    (sample,) = missing(BY_NAME[kind], required, False)
    return (f"it needs {' and '.join(required)}: {sample.removeprefix('write ')}",)


def _listed(kind: str, got: str, given: Sequence[Value], shape: Shape | None) -> tuple[str, ...]:
    """Norms with what arrives, which is known: ``group_norm: [4, 64]``, ``batch_norm: [64]``."""
    if kind == "group_norm" and (len(given) == 1 or (shape and given[1:] == shape[-1:])):
        return (f"write `group_norm: {{groups: {given[0]}}}` in place of `group_norm: {got}`",)
    if kind not in _WITHOUT or not shape:
        return ()
    if kind == "layer_norm" and len(shape) > 1 and given in (shape, (shape[-1], *shape[:-1])):
        return (f"write `layer_norm: {{axes: all}}` in place of `layer_norm: {got}`",)
    if given == shape[-1:]:
        return (f"write `{kind}` in place of `{kind}: {got}`",)
    return (f"write `- {kind}`: the channels that arrive are {shape[-1]:,}",)
