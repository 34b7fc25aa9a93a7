"""Every bundled net runs as predicted: shapes, finite numbers and memory."""

import json

import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.cli import cli


@pytest.mark.parametrize("name", zoo.names())
def test_bundled_net_agrees(name):
    result = CliRunner().invoke(
        cli, ["verify", name, "--reduced", "--format", "json"], standalone_mode=False
    )
    assert result.exception is None, result.exception
    found = json.loads(result.stdout)
    assert [one["faults"] for one in found["layers"] if not one["agrees"]] == []
    assert result.return_value == 0
    assert found["agrees"] and found["layers"]
