"""What outputs see behind a map that is resized to no multiple of its size."""

import json
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.spec.load import load
from tests.layers.test_receptive_field_step import bilinear, nearest, windowed


@pytest.mark.parametrize("size", [250, 513, 2039])
@pytest.mark.parametrize(("mode", "reads"), [("nearest", nearest), ("bilinear", bilinear)])
def test_a_map_resized_to_any_size_is_followed(size: int, mode: str, reads: Any) -> None:
    """As nets for segmentation end: back to the image's size, which is no multiple, and a conv."""
    text = (
        f"input: 125x1\nlayers: [conv: {{filters: 1, kernel: 3, stride: 4, pad: 1}},"
        f" upsample: {{size: {size}, mode: {mode}}}, conv3-1]"
    )
    field = analyze(load("resized.yaml", text.encode())).rows[-1].receptive_field[0]
    for output in range(size):
        seen = set[int]()
        for first in windowed(3, 1, 1)(output):
            for second in reads(32, size)(first):
                seen |= windowed(3, 4, 1)(second)
        assert field.ends(output) == (min(seen), max(seen))
    assert field.size == max(last - first + 1 for first, last in field.fields)


def test_all_layers_of_a_long_net_keep_no_more_together() -> None:
    """Each layer behind a resize keeps what every output of a period sees."""
    text = 'input: 61x1\nlayers:\n  - upsample: {size: 2039}\n  - "[conv3-1]*%s"'
    for convs in (200, 600):
        rows = analyze(load("long.yaml", (text % convs).encode())).rows
        kept = sum(len(field.fields) for row in rows for field in row.receptive_field)
        assert kept == (2039 * (convs + 1) if convs == 200 else 0)
        assert rows[-1].receptive_field[0].is_estimate == (convs == 600)


_ESTIMATED = "input: 61x4x1\nlayers:\n  - upsample: {size: [2053, 4]}\n  - conv3-1\n"


def test_json_says_which_fields_are_estimates() -> None:
    """The reports of `analyze` and `explain`: an axis each, and no key where all are exact."""
    net = convcalc.load(_ESTIMATED)
    layers = json.loads(convcalc.analyze(net).to_json())["layers"]
    assert layers[-1]["receptive_field"]["estimated"] == [True, False]
    assert "estimated" not in layers[0]["receptive_field"]
    explained = json.loads(convcalc.explain(net, layers[-1]["name"]).to_json())
    (field,) = (one for one in explained["sections"] if one["title"] == "receptive field")
    assert field["numbers"]["estimated"] == [True, False]
    assert any("about" in line["text"] for line in field["lines"])


def test_an_estimate_stays_one_where_its_strides_are_whole_again() -> None:
    """Back to the size of the input: a stride of 1, of fields that nobody followed."""
    back = _ESTIMATED + "  - upsample: {size: [61, 4]}\n  - conv3-1\n"
    for row in analyze(load("net.yaml", back.encode())).rows[-2:]:
        first, second = row.receptive_field
        assert first.stride == 1 and first.is_estimate and not second.is_estimate


def test_json_of_a_run_says_which_predictions_are_estimates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("numpy")
    spec = tmp_path / "net.yaml"
    spec.write_text(_ESTIMATED)
    assert run(["verify", str(spec), "--receptive-field", "--format", "json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert [one["predicted"].get("estimated", False) for one in fields] == [True, False]
    assert [one["judged"] for one in fields] == [False, True]
