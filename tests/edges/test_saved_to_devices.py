"""`verify --save` to what is no regular file: a device says nothing of use about its position."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from convcalc.backend import files
from convcalc.backend.files import save


def test_what_is_written_forwards_alone_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.stat, "S_ISREG", lambda mode: False)
    save(str(tmp_path / "a.npz"), {"a": np.arange(6.0).reshape(2, 3), "b": np.ones(2)})
    data = (tmp_path / "a.npz").read_bytes()
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    assert (np.load(tmp_path / "a.npz")["a"] == np.arange(6.0).reshape(2, 3)).all()
