"""Advice that is not written: why, and what there is to do."""

from pathlib import Path

import pytest

import convcalc

NET = "input: 64x64x3\nlayers: [conv3-64, relu, conv3-64, relu, pool2, flatten, fc-10]\n"


def test_segments_that_do_not_surely_fit_are_not_written(tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(NET, encoding="utf-8")
    with pytest.raises(convcalc.RequestError, match="none surely fit"):
        convcalc.fit(spec, memory="40MiB", context=0, batch=64, advise=True, write=True)
    assert spec.read_text(encoding="utf-8") == NET
