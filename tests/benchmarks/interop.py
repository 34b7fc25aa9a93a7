"""How fast models are read and folded: run by hand, never by the suite.

``python tests/benchmarks/interop.py`` prints user seconds and peak memory of `convcalc analyze` on
a ResNet-50 .onnx with 97 MiB of weights, and on .pt2 and Keras beside the same net's YAML; then
what folding of long nets takes.
"""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

GIVEN = Path(__file__).resolve().parent.parent / "interop" / "given.tar.xz"


def member(name: str) -> bytes:
    with tarfile.open(GIVEN) as archive:
        found = archive.extractfile(name)
        assert found is not None
        return found.read()


def with_weights(data: bytes) -> bytes:
    """The ONNX file with random numbers in place of its shapes."""
    import numpy as np
    import onnx

    model = onnx.load_from_string(data)
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            name, dims = tensor.name, list(tensor.dims)
            tensor.Clear()
            array = np.random.default_rng(0).random(dims, dtype="float32")
            tensor.CopyFrom(onnx.numpy_helper.from_array(array, name))
    return bytes(model.SerializeToString())


def command(*words: str) -> str:
    """User seconds, and MiB at the peak, of a command in a process of its own; the best of 3.

    The clock is no measure on a machine that others use too.
    """
    code = (
        "import re, resource, sys; from convcalc.cli import run; run(sys.argv[1:]); "
        "seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime; "
        "peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]; "
        "print(seconds, int(peak) // 1024, file=sys.stderr)"
    )
    best, peak = 1e9, ""
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], check=True, capture_output=True, text=True
        )
        seconds, peak = done.stderr.split()[-2:]
        best = min(best, float(seconds))
    return f"{best:.2f} CPU s, {peak} MiB"


def chain(count: int) -> bytes:
    """A Keras model of so many layers, in blocks of three."""
    layers: list[dict[str, Any]] = [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 64, 64, 8]}}
    ]
    for i in range(count // 3):
        config = {"filters": 8 + i % 5, "kernel_size": [3, 3], "padding": "same"}
        layers.append({"class_name": "Conv2D", "config": {"name": f"c{i}", **config}})
        layers.append({"class_name": "BatchNormalization", "config": {"name": f"b{i}"}})
        layers.append({"class_name": "ReLU", "config": {"name": f"r{i}"}})
    config = {"name": "m", "layers": layers}
    return json.dumps({"class_name": "Sequential", "config": config}).encode()


def main() -> None:
    from convcalc.interop.fold.spec import write
    from convcalc.interop.read.model import read

    with tempfile.TemporaryDirectory() as folder:
        model, archive = Path(folder, "r.onnx"), Path(folder, "r.pt2")
        config, spec = Path(folder, "r.json"), Path(folder, "r.yaml")
        model.write_bytes(with_weights(member("onnx/tv_resnet50.ts.onnx")))
        archive.write_bytes(member("pt2/resnet50.pt2"))
        config.write_bytes(member("keras/keras_resnet50.json"))
        spec.write_text(write(read("r", io.BytesIO(member("pt2/resnet50.pt2")))).text)
        print(f"onnx, {model.stat().st_size >> 20} MiB   {command('analyze', str(model))}")
        for path in (spec, archive, config):
            print(f"{path.suffix[1:]:16}  {command('analyze', str(path))}")
    for count in (500, 1000, 2000):
        flat = read("m.json", io.BytesIO(chain(count)))
        start = time.process_time()
        made = write(flat)
        took = time.process_time() - start
        print(f"fold {count:5} layers  {took:.2f} CPU s, {made.text.count(chr(10))} lines")


if __name__ == "__main__":
    main()
