"""`demo` as a function: a layer that slides, number by number."""

from collections.abc import Sequence
from functools import cached_property
from typing import Unpack

from convcalc.api.options import Given, SpecKeywords, case
from convcalc.api.typed import typed
from convcalc.demo.numbers import Demo, Number
from convcalc.quantity import counted
from convcalc.shapes import Shape


class DemoReport:
    """The numbers of a layer, and how each is made; of a large layer of the part that is shown."""

    def __init__(self, shown: Demo) -> None:
        self._shown = shown

    @cached_property
    def outputs(self) -> dict[Shape, Number]:
        """Every number that is shown, by its place in the output: row, column, filter."""
        return {self._shown.place(at): self._shown.value(at) for at in self._shown.positions}

    @cached_property
    def lines(self) -> dict[Shape, str]:
        """The NumPy line that makes each, of the padded input X and the filters W0, W1 ..."""
        return {self._shown.place(at): self._shown.statement(at) for at in self._shown.positions}

    def __repr__(self) -> str:
        step = self._shown.row.step
        numbers = counted(len(self._shown.positions), "number")
        return f"<convcalc.DemoReport {step.name}: {numbers}>"

    def __str__(self) -> str:
        from convcalc.report.demo.text import sums

        return sums(self._shown)


@typed
def demo(
    net: Given = "convolution-demo",
    layer: str | None = None,
    *,
    seed: int = 231,
    array: str | Sequence[Number] | None = None,
    weights: str | Sequence[Number] | None = None,
    at: Shape = (),
    **options: Unpack[SpecKeywords],
) -> DemoReport:
    """A convolution or a pool, number by number.

    Args:
        net: what `load` takes or gave.
        layer: a layer's name; None for the first that can be shown.
        seed: random seed of numbers that are not given.
        array: the layer's input, channels fastest, or a file of it: text or .npy.
        weights: its filters, or a file of them: text, .npy (filter, height, width, channels), or a
            state_dict in .npz or .safetensors.
        at: of a large layer, the first output that is shown: ``(100, 50, 7)``.
        **options: ``input``, ``rounding``, ``variables``, ``trusted``.

    Raises:
        NetError: the net has errors.
        RequestError: there is no such layer, or its numbers do not fit (LoadError: nothing to
            read).
    """
    from convcalc.study.demo import demonstrate

    return DemoReport(demonstrate(case(net, **options), layer, seed, array, weights, at))
