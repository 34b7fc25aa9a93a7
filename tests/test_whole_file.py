"""Files that appear whole or not at all, with the rights that a new file has."""

import os
from pathlib import Path

import pytest

from convcalc.whole_file import whole_file


@pytest.mark.skipif(os.name == "nt", reason="rights of Unix")
@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path, mask, rights) -> None:
    before = os.umask(mask)
    try:
        with whole_file(str(tmp_path / "new")) as file:
            file.write(b"1")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == rights


def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"0")
    path.chmod(0o640)
    with whole_file(str(path)) as file:
        file.write(b"1")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"1", 0o640)


def test_where_it_fails_nothing_is_left_and_nothing_lost(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"0")
    for name in ("old", "new"):
        with pytest.raises(KeyboardInterrupt), whole_file(str(tmp_path / name)) as file:
            file.write(b"1")
            raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"0"


def test_a_device_is_written_to_and_stays() -> None:
    with whole_file(os.devnull) as file:
        file.write(b"1")
    assert not Path(os.devnull).is_file()
