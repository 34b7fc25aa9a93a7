"""Random PyTorch modules with what real nets do besides layers, through every way out of PyTorch.

Each is exported to `.pt2` and to ONNX by both exporters, with batch norm kept and merged, and
imported: parameters, MACs and output shapes are PyTorch's own, numbers onnxruntime's. What has no
kind may be refused; what is read has to be right.
"""

import io
import random
import sys
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402
from module_steps import STEPS, Step  # noqa: E402

from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.findings import Severity  # noqa: E402
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError  # noqa: E402
from convcalc.interop.fold.spec import counted, write  # noqa: E402
from convcalc.interop.read.model import Asked, read  # noqa: E402
from convcalc.spec.load import load  # noqa: E402
from convcalc.study.against import against  # noqa: E402
from convcalc.study.errors import RequestError  # noqa: E402
from convcalc.study.outcome import Case  # noqa: E402

SAMPLES = [bytes([i]) * 40 for i in range(200)]
WORDS = [bytes([i, j]) for i in range(0, 256, 5) for j in range(0, 256, 7)]
_LARGEST = 60_000  #: numbers of a volume
_APART = 0.01  #: norms of nearly equal numbers make float32's rounding as large as this

#: what was refused, by reason: read by hand after a long run
REFUSED: dict[str, int] = {}


def grown(draw: random.Random, torch: Any) -> tuple[Any, Any, list[str]]:
    """A module, its input, and the steps that are in it."""
    torch.manual_seed(draw.randrange(2**30))
    size, channels = draw.randint(9, 24), draw.choice((3, 4, 6, 8, 12))
    x = first = torch.randn(1, channels, size, draw.choice((size, size + 3)))
    steps: list[Step] = []
    for _ in range(draw.randint(2, 9)):
        step = draw.choice(STEPS)(draw, torch, x)
        if step is None:
            continue
        try:
            with torch.no_grad():
                y = step.eval()(x)
        except (RuntimeError, ValueError):
            continue
        if not all(y.shape) or y.numel() > _LARGEST:
            continue
        steps.append(step)
        x = y
    model = torch.nn.Sequential(*steps).eval()
    _learned(torch, model)
    return model, first, [step.word for step in steps]


def _learned(torch: Any, model: Any) -> None:
    """Numbers as after training: no two arrays alike, no zeros that an exporter leaves out."""
    with torch.no_grad():
        for name, array in (*model.named_parameters(), *model.named_buffers()):
            if array.is_floating_point():
                noise = torch.rand_like(array) * 0.5
                array.copy_(array + noise + (0.5 if name.endswith("running_var") else 0.0))


def target(data: bytes) -> None:
    """Grow a module from the bytes, export it every way, import it."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    torch.set_num_threads(1)
    draw = random.Random(data)
    model, x, words = grown(draw, torch)
    if not words:
        return
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        y = model(x)
    params = sum(array.numel() for array in model.parameters())
    macs = counter.get_total_flops() // 2
    shape = tuple(y.shape[1:])
    wanted = (*shape[1:], shape[0])
    program = torch.export.export(model, (x,))
    archive = io.BytesIO()
    torch.export.save(program, archive)
    try:
        _held(f"pt2 {words}", archive.getvalue(), "net.pt2", (params, macs, wanted))
        for kept in (True, False):
            _onnx(f"ts {'kept' if kept else 'merged'} {words}", torch, model, x, kept,
                  (params if kept else None, macs, wanted))  # fmt: skip
        if draw.random() < 0.3:
            _dynamo(f"dyn {words}", torch, model, x, (macs, wanted))
    except AssertionError as error:
        error.add_note(repr(model))
        raise


def _onnx(what: str, torch: Any, model: Any, x: Any, kept: bool, truth: tuple[Any, ...]) -> None:
    file = io.BytesIO()
    more = {"do_constant_folding": False} if kept else {}
    mode = torch.onnx.TrainingMode.PRESERVE if kept else torch.onnx.TrainingMode.EVAL
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(model, (x,), file, dynamo=False, training=mode,
                              opset_version=17, **more)  # fmt: skip
        except (torch.onnx.errors.OnnxExporterError, RuntimeError):
            return  # the old exporter does not know every operator
    flat = _held(what, file.getvalue(), "net.onnx", truth)
    if flat is not None:
        _numbers(what, file.getvalue(), flat)


def _dynamo(what: str, torch: Any, model: Any, x: Any, truth: tuple[Any, ...]) -> None:
    try:
        import onnxscript  # noqa: F401
    except ModuleNotFoundError:
        return
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            made = torch.onnx.export(model, (x,), dynamo=True, verbose=False)
        except torch.onnx.errors.OnnxExporterError:
            return
        data = made.model_proto.SerializeToString()
    flat = _held(what, data, "net.onnx", (None, *truth))
    if flat is not None:
        _numbers(what, data, flat)


def _held(what: str, data: bytes, name: str, truth: tuple[Any, ...]) -> Flat | None:
    """A file's net, and the text of its spec, with PyTorch's counts; None where it is refused."""
    params, macs, shape = truth
    try:
        flat = read(name, io.BytesIO(data), Asked())
    except UnreadableError as error:
        if "does not fit" in str(error):  # a window that PyTorch lets hang over with ceil
            return None
        raise
    except UnsupportedError as error:
        for line in error.lines:
            reason = f"{what.split(maxsplit=1)[0]} {line.partition(':')[0]}"
            REFUSED[reason] = REFUSED.get(reason, 0) + 1
        return None
    wrong = [fault for _, fault in flat.faults if fault.severity is Severity.ERROR]
    assert not wrong, f"{what}: {wrong[0]}"
    own = counted(flat)
    output = flat.items[flat.outputs[0]].output
    assert params is None or own[0] == params, f"{what}: {own[0]} parameters are {params}"
    assert own[1] == macs, f"{what}: {own[1]} MACs are {macs}"
    assert output == shape or (len(shape) == 1 and output == shape), f"{what}: {output} is {shape}"
    made = write(flat)
    assert made.folded, f"{what}: {made.remark}"
    totals = analyze(load("a.yaml", made.text.encode())).totals
    assert (totals.params, totals.macs) == own, f"{what}: {made.text}"
    return flat


def _numbers(what: str, data: bytes, flat: Flat) -> None:
    """Every layer's numbers are onnxruntime's, unless a note says that they are not."""
    if any("sizes are equal" in note for note in flat.notes):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "net.onnx"))
        Path(path).write_bytes(data)
        try:
            found = against(Case(path), path)
        except RequestError as error:
            known = ("not compared", "no node", "does not run")
            assert any(words in str(error) for words in known), f"{what}: {error}"
            return
    wrong = [layer for layer in found.layers if layer.difference > _APART]
    assert not wrong, f"{what}: {wrong[0]}"


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
