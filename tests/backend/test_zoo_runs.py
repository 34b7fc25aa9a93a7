"""Every bundled net runs as predicted: shapes, numbers and memory, with the window rule disabled."""

import json

import pytest
from click.testing import CliRunner

from convcalc import window, zoo
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


def test_the_window_rule_is_not_asked(monkeypatch):
    """After the analysis, slide, unslide and same_padding raise wherever they are imported."""
    import sys

    from convcalc.verify import run

    asked = []

    def refuse(*args, **kwargs):
        asked.append(args)
        raise AssertionError("a forward pass asked the window rule")

    def disabled(*args, **kwargs):
        for name in ("slide", "unslide", "same_padding"):
            for module in [m for n, m in sys.modules.items() if n.startswith("convcalc")]:
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, refuse)
        return verify(*args, **kwargs)

    verify = run.verify
    for net in EVERY_KIND:
        monkeypatch.setattr(run, "verify", disabled)
        result = CliRunner().invoke(
            cli, ["verify", "--net", net, "--input", "33x34x8", "--rounding", "floor", "-q"],
            standalone_mode=False,
        )  # fmt: skip
        assert result.exception is None, result.exception
        assert result.return_value == 0
        with pytest.raises(AssertionError):
            window.slide(5, 3)
        monkeypatch.undo()
    assert len(asked) == len(EVERY_KIND)  # only by the line above, to show that it was disabled


EVERY_KIND = ["conv3-4 pool2 fc-3", "conv3-8s2 avgpool3s2 fc-3"]
