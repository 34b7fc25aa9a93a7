"""What every command prints in every format can be read back, whatever the net is."""

import csv
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from convcalc.report.formats import FORMATS
from convcalc.report.sweep.formats import FORMATS as OF_ROWS
from tests.in_process import MAIN

_CAFFE = """name: "net"
input: "%s"
input_dim: 1
input_dim: 3
input_dim: 8
input_dim: 8
layer { name: "%s" type: "%s" bottom: "%s" top: "%s" }
"""
_KERAS = {
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 9, 4], "name": "in"}},
            {"class_name": "LSTM", "config": {"name": "lstm", "units": 8}},
        ],
    },
    "keras_version": "3.0.0",
    "backend": "tensorflow",
}
NETS = {
    "sound.yaml": "input: 8x8x3\nlayers: [conv3-4, relu, global_avg_pool, fc-2]\n",
    "unknown.prototxt": _CAFFE % ("data", "odd", "Odd", "data", "odd"),
    "unsized.prototxt": 'layer { name: "odd" type: "Odd" top: "odd" }\n',
    "hostile.prototxt": _CAFFE % ("data", "o<&|,\u202e", "Odd,|<&>", "data", "odd"),
    "unknown.json": json.dumps(_KERAS),
    "unknown.cfg": "[net]\nwidth=8\nheight=8\nchannels=3\n\n[odd]\nsize=3\n",
    "unknown.yaml": "input: 8x8x3\nlayers: [wombat, conv3-4]\n",
    "several.yaml": "inputs: {a: 8x8x3, b: 4x4}\nlayers: [{odd: {from: [a, b]}}]\n",
    "misfit.yaml": "input: 8x8x3\nlayers: [conv3-4, conv9-4p0, fc-2]\n",
    "empty.yaml": "",
    "layerless.yaml": "input: 8x8x3\nlayers: []\n",
    "inputless.yaml": "layers: [conv3-4]\n",
    "unclosed.yaml": "input: [[[\n",
    "vast.yaml": f"input: 8x8x3\nlayers: [flatten, fc-{10**12}, fc-{10**12}]\n",
    "hostile.yaml": 'input: 8x8x3\nlayers: [{"a<&|,\\u202e\\"]]>": 1}]\n',
}
ASKED = {
    "analyze": ("NET",),
    "analyze --as all": ("NET", "--as", "all"),
    "analyze --net FAMILY": ("NET", "sound.yaml"),
    "check": ("NET",),
    "diff": ("sound.yaml", "NET"),
    "explain": ("NET", "input"),
    "explain FIGURE": ("NET", "4.1 GFLOPs"),
    "fit": ("NET", "--memory", "1GiB"),
    "report": ("NET",),
    "sizes": ("NET",),
    "verify": ("NET",),
    "verify --against": ("NET", "--against", "sound.yaml"),
    "verify --equivalence": ("NET", "--equivalence"),
    "verify --receptive-field": ("NET", "--receptive-field"),
}


def strict_json(text: str) -> object:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def table(text: str) -> None:
    rows = [*csv.reader(text.splitlines(), strict=True)]
    assert len({len(row) for row in rows}) <= 1


def markdown(text: str) -> None:
    """Tables have as many cells in every row as in their head."""
    block: list[int] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(line.replace("\\|", "").count("|"))
        else:
            assert len(set(block)) <= 1, line
            block = []


def page(text: str) -> None:
    HTMLParser().feed(text)
    assert text.rstrip().endswith("</html>")


READ: dict[str, Callable[[str], object]] = {
    "json": strict_json,
    "sarif": strict_json,
    "gitlab": strict_json,
    "csv": table,
    "markdown": markdown,
    "junit": ElementTree.fromstring,
    "svg": ElementTree.fromstring,
    "html": page,
}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in NETS.items():
        Path(name).write_text(text, encoding="utf-8")


def _read(args: list[str], format_: str) -> str:
    found = CliRunner().invoke(MAIN, [*args, "--format", format_])
    assert found.exit_code in {0, 1, 2}, found.output
    if found.stdout:
        READ.get(format_, str)(found.stdout)
    else:  # `concise` of a net with nothing to say
        assert found.stderr or (format_ == "concise" and not found.exit_code)
    return found.stdout


def test_every_command_with_a_format_of_its_own_is_asked() -> None:
    elsewhere = {
        "analyze --side-by-side",  # text alone
        "diff --base FOLDER",  # tests/edges/test_changes.py
        "explain counting",  # of no net
        "identify",
        "report ROWS",
        "verify --average",  # of two nets of the same layers
    }
    assert set(ASKED) | elsewhere == set(FORMATS)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("command", ASKED)
def test_a_net_in_every_format(command: str, net: str) -> None:
    args = [
        command.split(maxsplit=1)[0],
        *(net if word == "NET" else word for word in ASKED[command]),
    ]
    for format_ in FORMATS[command]:
        _read(args, format_)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("command", ["analyze", "check", "report"])
def test_all_nets_in_one_answer(command: str) -> None:
    """One that is no net at all is refused alone: the others are answered beside it."""
    for format_ in FORMATS[command]:
        assert _read([command, *(net for net in NETS if net != "unsized.prototxt")], format_)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("net", NETS)
def test_rows_of_a_sweep(net: str) -> None:
    asked = ["sweep", net, "--batch", "1,2", "--format"]
    assert {"json", "csv"} <= {*OF_ROWS}
    table(CliRunner().invoke(MAIN, [*asked, "csv"]).stdout)
    for line in CliRunner().invoke(MAIN, [*asked, "json"]).stdout.splitlines():
        strict_json(line)
