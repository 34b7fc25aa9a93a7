"""`verify --against`: layers paired, their numbers in the same order."""

from pathlib import Path

import pytest

from convcalc.cli import run

CONV = "  - {conv: {kernel: 3, filters: 4, pad: 1}, name: c}\n"

#: what lies between a volume and the layers that read it as a vector
FLAT = {
    "flatten": "  - relu\n  - pool2\n  - flatten\n  - relu\n  - fc-10\n",
    "a norm of the vector": "  - flatten\n  - sigmoid\n  - batch_norm\n  - fc-10\n",
    "two volumes": (
        "  - {flatten: {}, name: one}\n  - {relu: {}, from: c}\n  - pool2\n"
        "  - {flatten: {}, name: two}\n  - {concat: {}, from: [one, two]}\n  - tanh\n  - fc-10\n"
    ),
    "reshape": "  - reshape: {shape: 192}\n  - sigmoid\n  - fc-10\n",
    "reshape of a vector": "  - flatten\n  - reshape: {shape: 192}\n  - sigmoid\n  - fc-10\n",
}


@pytest.mark.parametrize("layers", FLAT.values(), ids=FLAT)
def test_a_flattened_volume_is_compared_in_one_order(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ONNX has a vector's numbers channels first, unless its file moves the channels last."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    spec, file = tmp_path / "net.yaml", tmp_path / "net.onnx"
    spec.write_text(f"input: 6x8x3\nlayers:\n{CONV}{layers}")
    assert run(["export", str(spec), "--random-weights", "3", "--to", "onnx", "-o", str(file)]) == 0
    assert run(["verify", str(spec), "--against", str(file)]) == 0, capsys.readouterr().out
    assert run(["verify", str(file), "--against", str(file)]) == 0, capsys.readouterr().out
