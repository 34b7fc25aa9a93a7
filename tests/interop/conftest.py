"""The given files of other tools, unpacked in memory, and what running them says."""

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import Flat, FlatItem
from convcalc.interop.read.model import Asked, read
from convcalc.shapes import elements

# as soon as a module is collected that imports Keras: without it, it looks for TensorFlow
os.environ.setdefault("KERAS_BACKEND", "torch")


class Given:
    """Files by folder and name, with `expected.json` of each folder."""

    def __init__(self) -> None:
        with tarfile.open(Path(__file__).with_name("given.tar.xz")) as archive:
            members = [member for member in archive.getmembers() if member.isfile()]
            self.files = {m.name: archive.extractfile(m).read() for m in members}  # type: ignore[union-attr]

    def expected(self, folder: str) -> dict[str, Any]:
        """What the files of a folder are known to hold."""
        return json.loads(self.files[f"{folder}/expected.json"])

    def read(self, name: str, asked: Asked = Asked()) -> Flat:  # noqa: B008
        """The flat graph of one file."""
        return read(name, io.BytesIO(self.files[name]), asked)


@pytest.fixture(scope="session")
def given() -> Given:
    return Given()


def costs(flat: Flat) -> list[tuple[FlatItem, int, int]]:
    """Every layer with its learned parameters and MACs."""
    found = []
    for item in flat.items:
        if item.layer is None:
            continue
        inputs = tuple(flat.items[i].output for i in item.inputs)
        params = item.layer.parameters(inputs, item.output).learned if item.shares is None else 0
        found.append((item, params, item.layer.macs(inputs, item.output)))
    return found


def totals(flat: Flat) -> tuple[int, int]:
    """Parameters and MACs of a whole net."""
    rows = costs(flat)
    return sum(row[1] for row in rows), sum(row[2] for row in rows)


def weighted(flat: Flat) -> list[tuple[int, int]]:
    """Size of the output and MACs of every layer with weights, in order."""
    return [(elements(item.output), macs) for item, _, macs in costs(flat) if macs]


@pytest.fixture
def keras() -> Any:
    """Keras on PyTorch, with names that begin anew."""
    pytest.importorskip("torch")
    found = pytest.importorskip("keras")
    if found.backend.backend() != "torch":
        pytest.skip("another backend is loaded")
    found.backend.clear_session()
    return found
