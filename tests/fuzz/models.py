"""Model files of other tools: whatever the bytes, a net or a sentence, and the text of a spec."""

import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.findings import Severity  # noqa: E402
from convcalc.interop.flat import UnreadableError, UnsupportedError  # noqa: E402
from convcalc.interop.fold.spec import write  # noqa: E402
from convcalc.interop.formats import recognized  # noqa: E402
from convcalc.interop.network import network_of  # noqa: E402
from convcalc.interop.read.model import Asked, read  # noqa: E402
from convcalc.spec.load import load  # noqa: E402

#: what Python, and the parsers below, say of values that are not what they were taken for
_PYTHON = re.compile(
    r"Error\(|Error: |indices must|subscript|NoneType|unpack|has no attribute|unhashable|iterable"
    r"|codec|literal for|out of range\Z|<class|object at 0x|argument of type"
)
_LAYERS = 300  #: of nets that are folded too


def _given(*names: str) -> list[bytes]:
    with tarfile.open(ROOT / "tests" / "interop" / "given.tar.xz") as archive:
        return [archive.extractfile(name).read() for name in names]  # type: ignore[union-attr]


def _program() -> bytes:
    """The graph of a .pt2 cut to its first nodes, without the archive around it."""
    with zipfile.ZipFile(io.BytesIO(_given("pt2/resnet18.pt2")[0])) as archive:
        root = json.loads(archive.read("resnet18/models/model.json"))
    graph = root["graph_module"]["graph"]
    graph["nodes"] = graph["nodes"][:12]
    graph["outputs"] = [{"as_tensor": graph["nodes"][-1]["outputs"][0]["as_tensor"]}]
    text = json.dumps(graph["nodes"])
    specs = root["graph_module"]["signature"]["input_specs"]
    root["graph_module"]["signature"]["input_specs"] = [
        spec
        for spec in specs
        if "user_input" in spec or json.dumps(next(iter(spec.values()))["arg"]["name"]) in text
    ]
    values = graph["tensor_values"]
    graph["tensor_values"] = {k: v for k, v in values.items() if f'"{k}"' in text or k == "x"}
    return json.dumps(root).encode()


SAMPLES = [
    *_given("darknet/gates.cfg", "darknet/split_groups.cfg", "darknet/two_scales.cfg"),
    *_given("caffe/groups_lrn_ceil.prototxt", "caffe/one_layer_each.prototxt"),
    *_given("keras/own_two_heads.json", "keras/own_nested.json"),
    *_given("cases/channel_shuffle.onnx", "cases/gelu_written_out.onnx", "cases/gate.onnx"),
    *_given("cases/transposed_output_shape.onnx", "cases/reshape_by_shape_subgraph.onnx"),
    _program(),
    b"nc: 80\nscales: {n: [0.33, 0.25, 1024], s: [0.5, 1.0, 1024]}\n\nbackbone:\n"
    b"  - [-1, 1, Conv, [64, 3, 2]]\n  - [-1, 3, C2f, [128, True]]\n  - [-1, 2, C3, [64]]\n"
    b'head:\n  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]\n'
    b"  - [-1, 1, Conv, [64, 3, 2]]\n  - [[-1, 0], 1, Concat, [1]]\n"
    b"  - [-1, 1, SPPF, [64, 5]]\n  - [[-1, 2], 1, Detect, [nc]]\n",
]
WORDS = [
    *(b"\n[convolutional]\n", b"\n[route]\nlayers=-1,-2\n", b"stride=0\n", b"groups=3\n"),
    *(b"layer {", b"}", b'top: "x"', b'bottom: "x"', b"kernel_size: 0", b"#", b"dim: 4000000000"),
    *(b'"class_name": "Conv2D"', b"null", b"[]", b"{}", b"-1", b"1e999", b"[" * 3000, b"9" * 5000),
    *(b'"as_int": -1', b'"as_tensor": {"name": "x"}', b"torch.ops.aten.cat.default", b"true"),
    *(b"\x08\x07", b"\x0a\x00", b"\xff\xff\xff\xff\x0f", b"Conv", b"Reshape", b"\x00" * 9),
    *(b"\x1b[31m", b"\xe2\x80\xae", b"\xff", b"PK\x03\x04", b"\x80\x04"),
]  # fmt: skip


def _as_file(data: bytes) -> tuple[str, bytes, str]:
    """A name, the file, and the format where the bytes do not tell."""
    if b'"graph_module"' in data:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("net/archive_format", "pt2")
            archive.writestr("net/archive_version", "0")
            archive.writestr("net/models/model.json", data)
        return "a.pt2", made.getvalue(), ""
    if b"\nbackbone:" in data:
        return "yolov8s.yaml", data, ""
    found = recognized(data[:512], "a")
    return "a", data, "" if found not in {"", "refused"} else "onnx"


def target(data: bytes) -> None:
    """Read it; where it is a net, size it, fold it and read the text again."""
    name, file, form = _as_file(data)
    try:
        flat = read(
            name, io.BytesIO(file), Asked((16, 16, 3) if len(data) % 2 else None, format=form)
        )
    except UnsupportedError as error:
        assert not any(map(_PYTHON.search, error.lines)), error.lines
        assert error.lines and all("\n" not in line and "\x1b" not in line for line in error.lines)
        return
    except UnreadableError as error:
        assert not _PYTHON.search(str(error)), str(error)
        assert str(error) and "\n" not in str(error) and "\x1b" not in str(error), str(error)
        return
    except ModuleNotFoundError as error:
        assert (error.name or "").split(".")[0] in {"onnx", "google", "numpy"}, error
        return
    found = analyze(network_of(flat))
    sound = not any(finding.severity is Severity.ERROR for finding in found.findings)
    if sound and len(flat.items) <= _LAYERS:
        text = write(flat).text
        assert not {"\x1b", "\u202e"} & set(text), "a hidden character is written"
        again = load("a.yaml", text.encode())
        errors = [f.message for f in again.findings if f.severity is Severity.ERROR]
        assert not errors, f"the spec has an error: {errors[0]}\n{text}"


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
