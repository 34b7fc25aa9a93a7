"""A carriage return inside a line ends it for YAML, and for nothing that shows the file."""

import pytest

from convcalc.spec.load import load

NET = b"input: 32x32x3\nlayers:\n- conv3-4 # was\r- conv3-8\n"


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_it_is_refused_where_people_see_one_line(ends: bytes) -> None:
    (finding,) = load("net.yaml", NET.replace(b"\n", ends)).findings
    assert str(finding).startswith("net.yaml:3:16: error[CC007] hidden character U+000D")


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_lines_that_all_end_alike_are_read(ends: bytes) -> None:
    network = load("net.yaml", NET.replace(b"\r", b"\n").replace(b"\n", ends))
    assert [step.output for step in network.steps[1:]] == [(32, 32, 4), (32, 32, 8)]
