"""The advisor's plans for ResNet-50, trained with PyTorch's own checkpointing, to the byte.

The layers with parameters are those of the module that `export` writes. Tensors are without
numbers (the meta device); every storage is followed from its creation to its last reference.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.memory.account import Account
from convcalc.memory.advisor import advise
from convcalc.memory.segments import Segment, Span, segments_of
from convcalc.memory.training import trained
from convcalc.spec.load import load

torch = pytest.importorskip("torch")
pytest.importorskip("torch.utils._python_dispatch")
from tests.memory.live_bytes import Storages  # noqa: E402  # it imports torch

_MIB = 1 << 20
_BATCH = 32
#: Live bytes: before the forward pass, at its end, at that of the backward pass; both peaks.
_Bytes = tuple[int, int, int, int, int]


class _Training(Storages):
    """Live bytes of a step; somebody sets `peak`."""

    def __init__(self) -> None:
        super().__init__()
        self.backward = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        add = torch.ops.aten.add
        if self.backward and func is add.Tensor and args[0]._use_count() <= 4:
            func = torch.ops.aten.add_.Tensor  # as the engine does without a mode
        return super().__torch_dispatch__(func, types, args, kwargs)


class _Net:
    """A net layer by layer: a volume goes with its last reader."""

    def __init__(self, analysis: Analysis, spans: tuple[Span, ...]) -> None:
        self.analysis = analysis
        self.rows = analysis.rows
        self.segments = {segment.first: segment for segment in segments_of(self.rows, spans)}
        self.reads = analysis.network.times_read()
        names: dict[str, Any] = {}
        with torch.device("meta"):
            exec(compile(pytorch(analysis), "net.py", "exec"), names)
            self.module = names["Net"]().train()

    def scores(self, images: Any) -> Any:
        """The forward pass."""
        have, left = {0: images}, {0: self.reads[0]}
        del images
        step = 1
        while step < len(self.rows):
            segment = self.segments.get(step, Segment(step, step, (), ()))
            inside = range(segment.first, segment.last + 1)
            if step in self.segments:
                inputs = [have[source] for source in segment.inputs]
                made = torch.utils.checkpoint.checkpoint(
                    self._stretch(segment), *inputs, use_reentrant=False
                )
                del inputs
            else:
                made = (self._layer(self.rows[step], have, self.rows[step].in_place),)
            self._read(inside, have, left)
            ends = [end for end in inside if self._read_later(end, segment)]
            have |= zip(ends, made, strict=True)
            left |= {end: self._read_later(end, segment) for end in ends}
            del made
            step = segment.last + 1
        return have.pop(len(self.rows) - 1)

    def _stretch(self, segment: Segment) -> Callable[..., tuple[Any, ...]]:
        """The layers of a segment as a function of what they read from outside."""
        inside = range(segment.first, segment.last + 1)

        def run(*volumes: Any) -> tuple[Any, ...]:
            have, left = dict(zip(segment.inputs, volumes, strict=True)), dict[int, int]()
            for step in inside:
                in_place = self.rows[step].in_place and step not in segment.out_of_place
                have[step] = self._layer(self.rows[step], have, in_place)
                self._read(range(step, step + 1), have, left)
                left[step] = self.reads[step]
            return tuple(have[end] for end in inside if self._read_later(end, segment))

        return run

    def _read(self, steps: range, have: dict[int, Any], left: dict[int, int]) -> None:
        """Layers have run: what nobody reads any more goes."""
        for source in (s for step in steps for s in self.rows[step].step.inputs if s in left):
            left[source] -= 1
            if not left[source]:
                del have[source], left[source]

    def _read_later(self, step: int, segment: Segment) -> int:
        """How often a volume is read outside of a segment that makes it."""
        inside = self.rows[segment.first : segment.last + 1]
        return self.reads[step] - sum(row.step.inputs.count(step) for row in inside)

    def _layer(self, row: Row, have: dict[int, Any], in_place: bool) -> Any:
        inputs, kind = [have[source] for source in row.step.inputs], row.step.kind
        functional = torch.nn.functional
        if kind == "relu":
            return functional.relu(inputs[0], inplace=in_place)
        if kind == "add":
            return inputs[0].add_(inputs[1]) if in_place else inputs[0] + inputs[1]
        if kind == "max_pool":
            window = row.step.size.windows[0]
            return functional.max_pool2d(inputs[0], window.kernel, window.stride, window.begin)
        if kind == "global_avg_pool":
            return functional.adaptive_avg_pool2d(inputs[0], 1)
        if kind == "fc":
            inputs[0] = inputs[0].flatten(1)
        return self.module.get_submodule(row.step.name)(*inputs)


def _tracked(analysis: Analysis, spans: tuple[Span, ...]) -> _Bytes:
    """A step without an optimizer, in PyTorch."""
    net, storages = _Net(analysis, spans), _Training()
    channels_first = (_BATCH, 3, 224, 224)
    images = torch.empty(channels_first, device="meta")
    labels = torch.empty(_BATCH, dtype=torch.int64, device="meta")
    for tensor in (*net.module.parameters(), *net.module.buffers(), images, labels):
        storages.follow(tensor)
    base = storages.live
    with storages:
        scores = net.scores(images)  # the caller's, until the step is done
        loss = torch.nn.functional.cross_entropy(scores, labels)
        forward, end_forward = storages.peak, storages.live
        storages.peak, storages.backward = storages.live, True
        loss.backward()
    return base, end_forward, storages.live, forward, storages.peak


def _simulated(analysis: Analysis, spans: tuple[Span, ...]) -> _Bytes:
    trace = trained(analysis, _BATCH, segments_of(analysis.rows, spans))
    found = Account(trace, _BATCH)
    phases = found.phase("forward"), found.phase("backward")
    return found.base, found.end_forward, found.end_backward, *phases


def _plans(analysis: Analysis) -> Iterator[tuple[Span, ...]]:
    """What is advised for 1,502 MiB of live bytes, and the plans of least and most memory."""
    advice = advise(analysis, 1502 * _MIB * 13 // 10 + (1 << 25), 0)
    assert advice.chosen is not None
    yield advice.chosen.segments
    yield from (plan.segments for plan in (advice.plans[0], advice.plans[-1]))


def test_plans_for_resnet50_need_what_pytorch_needs() -> None:
    network = load("resnet50.yaml", zoo.read("resnet50"))
    analysis = analyze(network, Settings(_BATCH, optimizer="sgd"))
    peaks = []
    for spans in ((), *_plans(analysis)):
        found = _simulated(analysis, spans)
        assert found == _tracked(analysis, spans)
        peaks.append(max(found))
    assert min(peaks) < 1024 * _MIB < 2 * 1024 * _MIB < peaks[0]
