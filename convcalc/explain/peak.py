"""What is alive when a net's memory is at its peak, and what of it belongs to one layer."""

from collections.abc import Sequence
from functools import cached_property

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.explain.record import Fact, Section
from convcalc.memory.account import Account, Alive
from convcalc.memory.moments import moment_words
from convcalc.memory.summary import memory_of
from convcalc.memory.trace import INPUT, KEPT, PARAMETER, PARAMETER_GRADIENT, STATE, VOLUME
from convcalc.network.record import Step

_SHOWN = 6  #: tensors that are listed one by one

#: Nets of more rows are not simulated for one layer's sake.
_LONGEST = 20_000

_WHY = {
    "parameters": "the weights of all layers",
    "gradients": "of the layers that the backward pass has come to",
    "optimizer_state": "one number or two for each parameter, kept from step to step",
    "saved_activations": "kept by layers whose backward pass is still to come",
    "transient": "what the running layer reads and makes, and gradients on their way",
    "input": "the batch itself",
    "buffers": "running means and variances",
    "ema": "a moving average of the parameters",
}


class Peak:
    """What is alive at the peak of a net: simulated once, however many layers are explained."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @cached_property
    def account(self) -> Account | None:
        """The run; None where the net cannot be sized, or is too long to be simulated for this."""
        analysis = self.analysis
        memory = memory_of(analysis) if len(analysis.rows) <= _LONGEST else None
        return None if memory is None else memory.training or memory.inference

    @cached_property
    def alive(self) -> list[Alive]:
        """The tensors, largest first."""
        account = self.account
        return sorted(account.alive_at_peak(), key=_bytes, reverse=True) if account else []

    @cached_property
    def parts(self) -> dict[str, int]:
        """What there is of each purpose."""
        breakdown = self.account.breakdown()._asdict() if self.account else {}
        return {name: size for name, size in breakdown.items() if size}

    def of(self, index: int) -> Section | None:
        """The tensors alive: by purpose, with sums that add up, then those of one layer."""
        account, analysis, alive, parts = self.account, self.analysis, self.alive, self.parts
        if account is None:
            return None
        settings = analysis.settings
        learns = settings.dtype not in INFERENCE_ONLY
        run = f"training with {settings.optimizer}" if learns else "inference"
        lines = [
            Fact(
                "peak",
                f"{account.peak:,} bytes {moment_words(analysis, account.at)}, "
                f"{run}, batch {settings.batch}",
            )
        ]
        for name, size in sorted(parts.items(), key=lambda part: -part[1]):
            lines.append(Fact(name.replace("_", " "), f"{size:,} bytes: {_WHY[name]}"))
        total = " + ".join(f"{size:,}" for size in parts.values())
        lines.append(Fact("sum", f"{total} = {account.peak:,}"))
        steps = analysis.network.steps
        for number, tensor in enumerate(alive[:_SHOWN]):
            line = f"{_name(tensor.step, steps)} {_described(tensor, steps)}"
            lines.append(Fact("" if number else "largest tensors", line))
        if len(alive) > _SHOWN:
            others = f"{len(alive) - _SHOWN:,} more, {_sum(alive[_SHOWN:]):,} bytes"
            lines.append(Fact("", others))
        own = [tensor for tensor in alive if tensor.step == index]
        lines.append(
            Fact("this layer's", "; ".join(_described(tensor, steps) for tensor in own) or "none")
        )
        numbers = {"peak": account.peak, "breakdown": parts, "of_this_layer": _sum(own)}
        return Section("when the net's memory is at its peak", tuple(lines), numbers)


def _bytes(tensor: Alive) -> int:
    return tensor.bytes


def _sum(tensors: list[Alive]) -> int:
    return sum(tensor.bytes for tensor in tensors)


def _name(step: int, steps: Sequence[Step]) -> str:
    return "the loss" if step < 0 else steps[step].name


def _described(tensor: Alive, steps: Sequence[Step]) -> str:
    """One tensor with its size and who still needs it."""
    keepers = ", ".join(_name(keeper, steps) for keeper in tensor.keepers)
    needed = f", kept for the backward pass of {keepers}" if keepers else ""
    if between := _between(tensor, steps):
        return f"{between} {tensor.bytes:,} bytes{needed}"
    always = tensor.role in {PARAMETER, PARAMETER_GRADIENT, STATE, INPUT, KEPT, VOLUME}
    role = tensor.role if always else f"{tensor.role} in passing"
    return f"{role} {tensor.bytes:,} bytes{needed}"


def _between(tensor: Alive, steps: Sequence[Step]) -> str:
    """What a layer keeps between the parts that PyTorch computes it by; '' for its output."""
    if tensor.role != VOLUME or tensor.step < 0 or tensor.step not in tensor.keepers:
        return ""
    step = steps[tensor.step]
    inputs = tuple(shape for i in step.inputs if (shape := steps[i].output) is not None)
    parts = step.layer.parts(inputs, step.size) if step.layer else ()
    if not parts:
        return ""
    padded = len(parts) == 2 and parts[0].layer.kind == "pad"
    return "padded copy of its input" if padded else "volume between its parts"
