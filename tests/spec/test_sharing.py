"""Towers that share their weights: `weights:` beside a block call."""

import json
from pathlib import Path

import pytest
import yaml

from convcalc import analyze, explain, export
from convcalc.cli import run
from convcalc.spec.load import load

HEAD = """\
inputs: {a: 12x12x2, b: 12x12x2}
blocks:
  half:
    args: {n: 8}
    layers: [{conv: {filters: =n, kernel: 3, pad: 1, bias: false}}, batch_norm, relu]
  tower:
    args: {n: 8, deep: 0}
    layers:
      - half: =n
      - half: =2*n
      - {conv3-5: , when: =deep}
      - pool2
      - fc-7
layers:
  - {tower: {}, name: left, from: a}
"""
RIGHT = "  - {tower: {}, name: right, from: b, weights: left}\n"
END = "  - {subtract: , from: [left, right]}\n  - abs\n  - fc-1\n"

#: of one tower: 9*2*8 + 2*8, 9*8*16 + 2*16, and 6*6*16*7 + 7
TOWER = 144 + 16 + 1152 + 32 + 4032 + 7


def test_a_tower_is_counted_once() -> None:
    alone = analyze(HEAD + "  - fc-1\n")
    both = analyze(HEAD + RIGHT + END)
    assert alone.totals.params == TOWER + 8
    assert both.ok and both.totals.params == TOWER + 8
    assert both.totals.macs == 2 * (144 * (144 + 1152) + 4032) + 7
    assert both["right.half2.conv1"].weights_of == "left.half2.conv1"
    assert both["right.half1.batch_norm1"].weights_of == "left.half1.batch_norm1"
    assert both["right.fc1"].params == 0


def test_the_owner_may_be_inside_a_block() -> None:
    nested = """\
input: 8x8x3
blocks:
  tower: {layers: [conv3-4, relu]}
  pair:
    layers:
      - {tower: {}, name: one, from: input}
      - {tower: {}, name: two, from: input, weights: one}
      - {add: , from: [one, two]}
layers:
  - {pair: {}, name: p}
  - {tower: {}, name: third, from: input, weights: p.one}
  - {add: , from: [p, third]}
"""
    found = analyze(nested)
    assert found.ok, [f.message for f in found.findings]
    assert found.totals.params == 4 * 27 + 4
    assert found["third.conv1"].weights_of == "p.one.conv1"
    # the second call of an equal block is taken over from the first, with its own owners
    again = nested.replace("  - {add: , from: [p, third]}", "  - {pair: {}, name: q, from: input}")
    assert analyze(again)["q.two.conv1"].weights_of == "q.one.conv1"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("{tower: {n: 4}, name: right, from: b, weights: left}", "CC123"),
        ("{tower: {deep: 1}, name: right, from: b, weights: left}",
         "left has no layer conv1, whose weights right.conv1 would share"),
        ("{half: {}, name: right, from: b, weights: left}", "left has no layer conv1"),
        ("{tower: {}, name: right, from: b, weights: left.fc1}", "left.fc1 is not a block call"),
        ("{tower: {}, name: right, from: b, weights: a}", "a is not a block call"),
        ("{tower: {}, name: right, from: b, weights: lift}", "no layer 'lift'"),
        ("{tower: {}, name: right, from: b, weights: right}", "right is this call itself"),
        ("{tower: {}, name: right, from: b, weights: [left, left]}", "the name of one block call"),
        ("{repeat: {times: 2, layers: [relu]}, from: b, weights: left}", "not by repeat"),
        ("{conv3-4: , from: b, weights: left}", "conv1 needs 76 parameters, left.fc1 has 4,039"),
    ],
)  # fmt: skip
def test_what_cannot_be_shared(line: str, text: str) -> None:
    found = analyze(f"{HEAD}  - {line}\n")
    said = [f"{f.code} {f.message}" for f in found.findings if f.severity == "error"]
    assert any(text in one for one in said), said
    assert all(f.line for f in found.findings)


def test_towers_that_share_have_rows_of_their_own(capsys, tmp_path) -> None:
    third = RIGHT + RIGHT.replace("right", "third")
    spec = tmp_path / "n.yaml"
    spec.write_text(HEAD + third + "  - {concat: , from: [left, right, third]}\n")
    assert run(["analyze", str(spec), "--columns", "layer,what,params"]) == 0
    rows = [line.split()[:5] for line in capsys.readouterr().out.splitlines()[2:10]]
    names = [row[0] for row in rows if row]
    assert [n for n in names if n in {"left", "right", "third"}] == ["left", "right", "third"]
    assert ["right", "weights", "of", "left:"] in [row[:4] for row in rows]
    assert not any(".." in name for name in names)


@pytest.mark.parametrize("layer", ["right.half1.conv1", "right.fc1"])
def test_explain_says_where_the_parameters_are_counted(layer: str) -> None:
    text = str(explain(HEAD + RIGHT + END, layer))
    assert "they are another layer's (`weights:`): counted there, not here" in text


def test_verify_runs_both_towers_with_the_same_arrays(tmp_path, monkeypatch) -> None:
    np = pytest.importorskip("numpy")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n.yaml").write_text(HEAD + RIGHT + END)
    keep = ["--keep", "left.fc1", "--keep", "right.fc1"]
    assert run(["verify", "n.yaml", "--save", "o.npz", *keep]) == 0
    with np.load("o.npz") as found:
        assert not np.array_equal(found["left.fc1"], found["right.fc1"])  # other images
    same = (HEAD + RIGHT + END).replace("from: b,", "from: a,").replace(", b: 12x12x2", "")
    (tmp_path / "same.yaml").write_text(same)
    assert run(["verify", "same.yaml", "--save", "s.npz", *keep]) == 0
    with np.load("s.npz") as found:
        assert np.array_equal(found["left.fc1"], found["right.fc1"])


def test_keras_calls_the_first_tower_twice() -> None:
    written = export(HEAD + RIGHT + END, to="keras")
    assert written.count("layers.Dense(") == 2
    assert written.count("left_fc1(layers.Flatten()(") == 2  # the dense layer has weights to share


def test_pytorch_has_one_tower_s_parameters() -> None:
    torch = pytest.importorskip("torch")
    names: dict[str, object] = {}
    exec(export(HEAD + RIGHT + END, to="pytorch"), names)
    net = names["Net"]()  # type: ignore[operator]
    assert sum(p.numel() for p in net.parameters()) == TOWER + 8
    net.eval()
    x = torch.randn(2, 2, 12, 12)
    assert net(x, x).shape == (2, 1)
    bias = dict(net.named_parameters())["fc1.bias"]
    assert torch.allclose(net(x, x), bias.expand(2, 1))  # equal images, equal towers: a - a = 0


def test_the_schema_takes_a_call_with_weights() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parents[2] / "schema" / "convcalc-1.json").read_text())
    jsonschema.validate(yaml.safe_load(HEAD + RIGHT + END), schema)


def test_weights_shared_with_one_who_shares_are_those_of_the_owner(layers) -> None:
    chain = "".join(
        f"- {{conv3-{f}: , name: {n}, weights: {w}}}\n"
        for f, n, w in [(3, "b", "a"), (3, "c", "b"), (4, "d", "c")]
    )
    told = layers(f"- {{conv3-3: , name: a}}\n{chain}").told
    assert len(told) == 1 and "d needs 112 parameters, a has 84" in told[0]


def test_as_many_parameters_of_other_classes_are_told_apart(layers) -> None:
    """8 weights, or 4 weights and 4 biases: the sums say nothing."""
    text = (
        "- {global_avg_pool: }\n- {fc-4: }\n- {fc-1: , name: a}\n- {fc-4: }\n"
        "- {fc: {units: 1, bias: false}, weights: a}"
    )
    assert "needs 4 parameters, a has 5" in layers(text).told[0]
    equal = text.replace("{fc-4: }\n- {fc: ", "{fc-5: }\n- {fc: ")
    told = layers(equal).told
    assert len(told) == 1
    assert "fc3 needs 5 weights and 0 biases, a has 4 weights and 1 bias" in told[0]


def test_a_vector_from_the_start_has_no_place_before_flatten() -> None:
    def help_of(text: str) -> tuple[str, ...]:
        (finding,) = load("a.yaml", text.encode()).findings
        assert finding.code == "CC108"
        return finding.help

    assert help_of("input: 100\nlayers: [relu, conv3-8]") == (
        "an image has a height, a width and channels: `input: 28x28x1`",
        "or make axes of the vector with reshape",
    )
    behind = help_of("input: 8x8x3\nlayers: [conv3-8, fc-10, conv3-8]")
    assert behind[0].startswith("put it before flatten and fc")


@pytest.mark.parametrize(
    ("k", "told"), [(1, []), (2, ["a makes no layer here: it has no weights"])]
)
def test_a_call_that_makes_no_layer_has_no_weights_to_share(k: int, told: list[str]) -> None:
    block = "{args: {k: }, layers: [{conv: {filters: 3, kernel: 1}, when: =k == 1}]}"
    calls = "[relu, {opt: =k, name: a}, {opt: =j, name: b, weights: a}, tanh]"
    text = f"input: 8x8x3\nvars: {{k: {k}, j: 1}}\nblocks: {{opt: {block}}}\nlayers: {calls}\n"
    found = [f.message for f in analyze(text).findings if f.code == "CC123"]
    assert [line.partition(" to share")[0] for line in found] == told
    without = analyze(text.replace("j: 1", "j: 2"))
    assert "CC123" not in [f.code for f in without.findings]
