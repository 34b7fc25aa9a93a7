"""Archives from outside: what is small on disk stays small in memory."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from convcalc.backend import npz
from convcalc.backend.opened import MalformedError, Opened
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read import archive
from convcalc.interop.read.model import read

NET = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 8, 8, 3]}},
            {"class_name": "Flatten", "config": {"name": "flat"}},
        ]
    },
}


def keras(method: int = zipfile.ZIP_DEFLATED, others: int = 0) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as target:
        target.writestr("config.json", json.dumps(NET))
        for number in range(others):
            target.writestr(f"{number}", "")
    return io.BytesIO(made.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_zipfile_unpacks_without_a_bound_are_not_read(method: int) -> None:
    pytest.importorskip("bz2" if method == zipfile.ZIP_BZIP2 else "lzma")
    with pytest.raises(UnreadableError, match=r"config\.json is packed as no tool packs it"):
        read("x", keras(method))
    for usual in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert [item.name for item in read("x", keras(usual)).items] == ["input", "flat"]


def test_a_long_list_of_members_is_refused_before_it_is_read(monkeypatch) -> None:
    size = sum(46 + len(name) for name in ("config.json", *map(str, range(50))))
    monkeypatch.setattr(archive, "_MOST_DIRECTORY", size - 1)
    with pytest.raises(UnreadableError, match=f"^{size:,} bytes list its members: "):
        read("x", keras(others=50))
    monkeypatch.setattr(archive, "_MOST_DIRECTORY", size)
    assert read("x", keras(others=50)).items


def test_many_members_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 50)
    with pytest.raises(UnreadableError, match=r"^51 members: 50 are the most"):
        read("x", keras(others=50))
    assert read("x", keras(others=49)).items


def weights(arrays: int, path: Path) -> Opened:
    members = {f"{number}.weight": np.zeros(1, np.float32) for number in range(arrays)}
    np.savez(path, **members)
    return Opened(str(path), 2**24)


def test_a_long_list_of_arrays_is_refused_before_it_is_read(monkeypatch, tmp_path: Path) -> None:
    file = weights(50, tmp_path / "w.npz")
    size = sum(46 + len(f"{number}.weight.npy") for number in range(50))
    monkeypatch.setattr(npz, "_MOST_DIRECTORY", size - 1)
    with pytest.raises(MalformedError, match=f"^{size:,} bytes list its members: "):
        npz.Archive(file)
    monkeypatch.setattr(npz, "_MOST_DIRECTORY", size)
    assert len(npz.Archive(file).shapes) == 50


def test_many_arrays_are_refused(monkeypatch, tmp_path: Path) -> None:
    file = weights(50, tmp_path / "w.npz")
    monkeypatch.setattr(npz, "_MOST_MEMBERS", 49)
    with pytest.raises(MalformedError, match=r"^it has more than 49 members"):
        npz.Archive(file)
    monkeypatch.setattr(npz, "_MOST_MEMBERS", 50)
    assert npz.Archive(file).array("7.weight") == 0
