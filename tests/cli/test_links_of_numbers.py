"""No committed link leads arrays or weights out of the repository."""

from pathlib import Path

import pytest

from convcalc.cli import run
from tests.cli import test_links
from tests.cli.test_links import link

pytestmark = test_links.pytestmark
_NET = "input: 3x3x1\nlayers: [conv2-1p0]\n"


@pytest.mark.parametrize("target", ["../outside/kept", "../outside/.hidden"])
@pytest.mark.parametrize(
    "words",
    [
        ("demo", "net.yaml", "--array", "kept.npz", "--weights", "1,0,0,0"),
        ("demo", "net.yaml", "--weights", "kept.npz"),
        ("verify", "net.yaml", "--weights", "kept.npz"),
        ("verify", "net.yaml", "--array", "kept.npz"),
        ("convert", "lenet5", "--fc-to-conv", "--weights", "kept.npz", "-o", "w.npz"),
    ],
)
def test_numbers_are_not_read_through_a_committed_link_out_of_the_repository(
    checkout: Path, words: tuple[str, ...], target: str, capsys
) -> None:
    pytest.importorskip("numpy")
    for name in ("kept", ".hidden"):
        (checkout.parent / "outside" / name).write_text("7 8 9 4 5 6 1 2 3")
    Path("net.yaml").write_text(_NET)
    link("kept.npz", target)
    assert run([*words]) == 2
    told = capsys.readouterr()
    assert "kept.npz" in told.err and "link" in told.err and "7" not in told.out
    assert ("brings along" in told.err) == (target == "../outside/kept")


@pytest.mark.parametrize("target", ["../outside/kept", "../outside/.hidden"])
def test_no_other_model_is_run_through_one(checkout: Path, target: str, capsys) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    Path("net.yaml").write_text(_NET)
    assert (
        run(["export", "net.yaml", "--to", "onnx", "--random-weights", "1", "-o", "net.onnx"]) == 0
    )
    for name in ("kept", ".hidden"):
        (checkout.parent / "outside" / name).write_bytes(Path("net.onnx").read_bytes())
    link("led.onnx", target)
    link("near.onnx", "net.onnx")
    assert run(["verify", "net.yaml", "--against", "near.onnx"]) == 0
    capsys.readouterr()
    assert run(["verify", "net.yaml", "--against", "led.onnx"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("Error: --against") and "led.onnx" in told.err and not told.out
    assert ("brings along" in told.err) == (target == "../outside/kept")


def test_python_writes_through_no_such_link_either(checkout: Path) -> None:
    pytest.importorskip("numpy")
    import convcalc

    Path("net.yaml").write_text(_NET)
    link("out.npz", "../outside/out.npz")
    with pytest.raises(convcalc.RequestError, match="a link that the repository brings along"):
        convcalc.verify("net.yaml", save="out.npz")
    weights = str(checkout / "w.npz")
    convcalc.verify(convcalc.load("lenet5"), save=weights)
    with pytest.raises(convcalc.RequestError, match="a link that the repository brings along"):
        convcalc.convert("lenet5", fc_to_conv=True, weights=weights, output="out.npz")
    assert not (checkout.parent / "outside" / "out.npz").exists()


def test_weights_in_a_cache_are_read_by_links_without_their_ending(checkout: Path, capsys) -> None:
    np = pytest.importorskip("numpy")
    array = np.arange(9, dtype="float32").reshape(3, 3, 1)
    with open("blob", "wb") as file:
        np.save(file, array)
    Path("net.yaml").write_text(_NET)
    link("image.npy", "blob")
    assert run(["demo", "net.yaml", "--array", "image.npy", "--weights", "1,0,0,0"]) == 0
