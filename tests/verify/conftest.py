"""The small net of the command's tests, with its weights, in a folder of its own."""

from pathlib import Path

import numpy as np
import pytest
from verified import NET, good


@pytest.fixture
def net(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)
    np.savez("good.npz", **good())
    return "net.yaml"
