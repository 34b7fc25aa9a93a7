"""Weights and arrays from strangers: one line and exit 2, or findings; nothing large is made."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from convcalc.backend.files import LARGEST_HEADER, Pictures, StateDict, UnreadableError
from convcalc.backend.opened import MalformedError, Opened
from convcalc.cli import run
from tests.edges.weight_files import (
    BIAS,
    GOOD,
    NPY,
    NPZ,
    SAFETENSORS,
    WEIGHT,
    damaged,
    entry,
    header,
    line,
    npy,
    npz,
    tensors,
    zipped,
)

NET = "input: 4x4x2\nlayers: [{conv: {filters: 3, kernel: 1}, name: a}]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET, encoding="utf-8")
    return tmp_path


def refused(capsys, *arguments: str) -> str:
    """The one line of exit 2."""
    assert run(["verify", "net.yaml", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and told.err.startswith("Error: ")
    return str(told.err)


@pytest.mark.parametrize("data", NPZ.values(), ids=NPZ)
def test_an_archive_that_is_not_what_it_says(folder: Path, data: bytes, capsys) -> None:
    Path("w.npz").write_bytes(data)
    assert "w.npz: " in refused(capsys, "--weights", "w.npz")


@pytest.mark.parametrize("data", SAFETENSORS.values(), ids=SAFETENSORS)
def test_safetensors_that_are_not_what_they_say(folder: Path, data: bytes, capsys) -> None:
    Path("w.safetensors").write_bytes(data)
    assert "w.safetensors: " in refused(capsys, "--weights", "w.safetensors")


@pytest.mark.parametrize("data", NPY.values(), ids=NPY)
def test_pictures_that_are_not_what_they_say(folder: Path, data: bytes, capsys) -> None:
    Path("x.npy").write_bytes(data)
    assert "x.npy: " in refused(capsys, "--array", "x.npy")


@pytest.mark.parametrize("option", ["--weights", "--array"])
def test_files_that_would_be_waited_for(folder: Path, option: str, capsys) -> None:
    os.mkfifo("fifo.npz")
    os.symlink("fifo.npz", "fifo.safetensors")
    for name in ("fifo.npz", "fifo.safetensors", "."):
        assert "not a regular file" in refused(capsys, option, name)


def test_the_proof_reads_weights_with_the_same_care(folder: Path, capsys) -> None:
    Path("net.yaml").write_text("input: 4x4x2\nlayers: [conv3-3, fc-3]\n", encoding="utf-8")
    Path("w.npz").write_bytes(NPZ["lzma"])
    assert "w.npz: " in refused(capsys, "--equivalence", "--weights", "w.npz")


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f8", "<i4", "u1", ">u2"])
def test_what_numpy_writes_is_read(folder: Path, version: tuple[int, int], dtype: str) -> None:
    arrays = {
        "plain": WEIGHT.astype(dtype),
        "fortran": np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(dtype)),
        "scalar": np.array(7, dtype),
        "none": np.zeros((0, 3), dtype),
        "one": np.ones(1, dtype),
    }
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        members = [(name, npy(array, version)) for name, array in arrays.items()]
        Path("w.npz").write_bytes(npz(*members, method=method))
        state = StateDict("w.npz")
        assert state.shapes == {name: array.shape for name, array in arrays.items()}
        for name, array in arrays.items():
            np.testing.assert_array_equal(state.array(name), array)
    np.savez_compressed("s.npz", **arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(StateDict("s.npz").array(name), array)


@pytest.mark.parametrize("text", [
    "{'shape': (3L, 2L), 'descr': '<f8', 'fortran_order': False}",
    "{ 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 3 , 2 , ) , } \n",
])  # fmt: skip
def test_lines_that_others_write_are_read(folder: Path, text: str) -> None:
    Path("w.npz").write_bytes(npz(("a", line(text) + np.arange(6.0).tobytes())))
    assert StateDict("w.npz").shapes == {"a": (3, 2)}
    np.testing.assert_array_equal(StateDict("w.npz").array("a"), np.arange(6.0).reshape(3, 2))


def test_pickles_stay_pickled(folder: Path, capsys) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return os.mkdir, ("owned",)

    array = np.array([Evil()], dtype=object)
    np.savez("w.npz", **{"a.weight": array})
    np.save("x.npy", array)
    assert "never unpickled" in refused(capsys, "--weights", "w.npz")
    assert "never unpickled" in refused(capsys, "--array", "x.npy")
    assert not Path("owned").exists()
    np.load("x.npy", allow_pickle=True)
    assert Path("owned").exists(), "the file would do it"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped("m/data.pkl", "m/data/0"), "this is a pickle of torch.save, which is never"),
        (b"\x80\x02\x8a\nl\xfc", "this is a pickle, which is never unpickled"),
        (zipped("m/models/model.json"), "it is an archive, but holds no .npy"),
    ],
)
@pytest.mark.parametrize("name", ["m.pth", "m.npz"])
def test_weights_that_pytorch_wrote(
    folder: Path, name: str, data: bytes, said: str, capsys
) -> None:
    Path(name).write_bytes(data)
    told = refused(capsys, "--weights", name)
    assert f"{name}: {said}" in told
    typed = told.split("`")[1]

    class Tensor(np.ndarray):
        def cpu(self) -> "Tensor":
            return self

        def numpy(self) -> np.ndarray:
            return np.asarray(self)

    model = SimpleNamespace(state_dict=lambda: {"a.weight": WEIGHT.view(Tensor)})
    exec(typed, {"numpy": np, "model": model})  # what is said to be typed is what is read
    assert StateDict("net.npz").shapes == {"a.weight": WEIGHT.shape}


def test_an_archive_of_nothing_is_one_of_a_net_without_weights(folder: Path) -> None:
    np.savez("none.npz")
    assert StateDict("none.npz").shapes == {}


def test_names_of_arrays_are_not_obeyed(folder: Path, capsys) -> None:
    evil = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]}
        for i, name in enumerate(
            ("x\x1b[2Jy", "\n::error::x", "a\u202eb", "##[error]c", "l" * 3000)
        )
    }
    Path("w.safetensors").write_bytes(tensors(evil, b"\0" * 20))
    for format_ in ("text", "json"):
        assert run(["verify", "net.yaml", "--weights", "w.safetensors", "--format", format_]) == 1
        told = capsys.readouterr()
        out = told.out + told.err
        assert not {"\x1b", "\u202e"} & set(out) and "##[error" not in out and "l" * 300 not in out
        assert not any(line.lstrip().startswith("::") for line in out.splitlines())
        assert "<U+001B>[2Jy" in out


def test_sizes_are_held_against_the_net_before_numbers_are_made(folder: Path, capsys) -> None:
    """Three gigabytes of zeros in a small archive, under a name and shape that no layer has."""
    count = 50_000_000
    head = line(header(f"({count},)", "'u1'"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.weight.npy", "w") as member:
            member.write(head)
            for _ in range(50):
                member.write(bytes(count // 50))
        archive.writestr("a.bias.npy", npy(BIAS))
    Path("w.npz").write_bytes(out.getvalue())
    code = (
        "import resource, sys; from convcalc.cli import run; import convcalc.backend.files\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "code = run(['verify', 'net.yaml', '--weights', 'w.npz', '-q'])\n"
        "print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment)
    exit_code, grown = map(int, done.stdout.split())
    assert exit_code == 1 and grown < 30_000


def test_a_header_of_the_largest_size_is_read_and_no_larger_one(folder: Path) -> None:
    Path("f").write_bytes(b"x" * 100)
    assert Opened("f", 100).read() == b"x" * 100
    with pytest.raises(MalformedError):
        Opened("f", 99).read()
    padding = b" " * (LARGEST_HEADER - 2)
    Path("w.safetensors").write_bytes(tensors(b"{}" + padding))
    assert StateDict("w.safetensors").shapes == {}
    Path("w.safetensors").write_bytes(tensors(b"{} " + padding))
    with pytest.raises(UnreadableError):
        StateDict("w.safetensors")


def test_an_npy_line_of_the_largest_size_is_read_and_no_longer_one(folder: Path) -> None:
    text = header("(4, 4, 2)")
    body = bytes(4 * 4 * 2 * 8)
    Path("x.npy").write_bytes(line(text.ljust(10_000)) + body)
    assert Pictures("x.npy", 3).shape == (1, 4, 4, 2)
    Path("x.npy").write_bytes(line(text.ljust(10_001)) + body)
    with pytest.raises(UnreadableError):
        Pictures("x.npy", 3)


def test_more_pictures_than_fit_are_refused_unread(folder: Path, capsys) -> None:
    """A file with holes, of as many bytes as it says, and more than this machine has."""
    count = 10**9
    head = line(header(f"({count}, 4, 4, 2)"))
    with Path("x.npy").open("wb") as file:
        file.write(head)
        try:
            file.truncate(len(head) + count * 256)
        except OSError:
            pytest.skip("no files with holes here")
    assert "needs" in refused(capsys, "--array", "x.npy")


@pytest.mark.parametrize("name", ["w.npz", "w.safetensors"])
def test_damage_anywhere_is_told_in_one_line(folder: Path, name: str) -> None:
    draw = np.random.default_rng(5)
    spec = {"a.weight": entry(shape=[3, 2, 1, 1], data_offsets=[0, 24]), "a.bias": entry()}
    whole = GOOD if name == "w.npz" else tensors(spec, bytes(24))
    for _ in range(400):
        data = damaged(whole, int(draw.integers(len(whole))), int(draw.integers(256)))
        Path(name).write_bytes(data)
        try:
            state = StateDict(name)
            for array in state.shapes:
                state.array(array)
        except UnreadableError as error:
            assert "\n" not in str(error)


def test_a_type_is_quoted_whole(folder: Path, capsys) -> None:
    arrays = {
        "a.weight": entry(dtype="\x1b[2J\n::error::", shape=[3, 2, 1, 1], data_offsets=[0, 12]),
        "a.bias": entry(data_offsets=[12, 24]),
    }
    Path("w.safetensors").write_bytes(tensors(arrays, b"\0" * 24))
    said = refused(capsys, "--weights", "w.safetensors")
    assert "<U+001B>[2J<U+000A>::error:: numbers are not read; convert to F32" in said


def test_weights_that_are_cut_short_while_they_are_read(folder: Path) -> None:
    """Mapped into memory, they would end the process with a bus error."""
    arrays = {"a.bias": entry(shape=[5000], data_offsets=[0, 20_000])}
    Path("w.safetensors").write_bytes(tensors(arrays, b"\0" * 20_000))
    state = StateDict("w.safetensors")
    os.truncate("w.safetensors", 500)
    with pytest.raises(UnreadableError, match="it became shorter while it was read"):
        state.array("a.bias")


@pytest.mark.parametrize("given", ["--weights", "--array"])
def test_numbers_beyond_float32_are_a_finding_without_a_warning(
    given: str, folder: Path, capsys
) -> None:
    np.save("x.npy", np.full((4, 4, 2), 1e300))
    np.savez("w.npz", **{"a.weight": np.full(WEIGHT.shape, 1e300), "a.bias": BIAS})
    file = "w.npz" if given == "--weights" else "x.npy"
    assert run(["verify", "net.yaml", given, file, "-q"]) == 1
    assert "Warning" not in capsys.readouterr().err
