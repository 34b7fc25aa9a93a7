"""The top of a file: inputs, outputs, rounding, expect, budget, and keys that are none."""

import pytest

from convcalc.spec.document import KEYS, Overrides
from convcalc.window import Rounding

WHOLE = """\
name: Little
source: "Somebody 2026"
notes: three lines
input: 9x9x3
rounding: {conv: floor, pool: ceil}
vars: {w: 4}
blocks: {b: {layers: [relu]}}
layers:
  - conv: {filters: =w, kernel: 3}
    name: c
  - b
  - fc-10
outputs: [c]
expect: {params: 2082, weights: 2068, macs: 7252, activations: 645, output: 10}
budget: {params: 3K, macs: 8K, training_memory: 12GiB, batch: 32}
rules: {}
"""


def test_every_top_level_key_is_read(read) -> None:
    spec = read(WHOLE)
    network = spec.network
    assert spec.told == []
    assert set(KEYS) - {line.partition(":")[0] for line in WHOLE.splitlines()} == {"inputs"}
    assert (network.name, network.origin, network.notes) == (
        "Little", "Somebody 2026", "three lines",
    )  # fmt: skip
    assert network.roundings == (Rounding.FLOOR, Rounding.CEIL)
    assert [network.steps[i].name for i in network.outputs] == ["c", "fc1"]
    assert {c.key: c.value for c in network.budget} == {
        "params": 3000, "macs": 8000, "training_memory": 12 * 2**30, "batch": 32,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "help"), [("layer", "layers"), ("Input", "input"), ("rouding", "rounding"), ("xyz", "")]
)
def test_an_unknown_key_is_an_error_with_a_suggestion(layers, key, help) -> None:
    spec = layers("- relu", head=f"{key}: 1\n")
    assert spec.told == [f"2:1: error[CC010] unknown key {key!r}"]
    if help in {"layers", "input"}:
        assert spec.help == f"`{help}:` is there already: leave one out"
    else:
        assert spec.help == (f"did you mean `{help}`?" if help else f"known: {', '.join(KEYS)}")


@pytest.mark.parametrize(
    ("shape", "output"),
    [
        ("8x9x3", (8, 9, 3)), ("8 x 9 x 3", (8, 9, 3)), ("8X9X3", (8, 9, 3)),
        ("'8x9x3'", (8, 9, 3)), ("4000x1", (4000, 1)), ("16x8x9x3", (16, 8, 9, 3)), ("10", (10,)),
        ("{height: 8, width: 9, channels: 3}", (8, 9, 3)), ("{length: 9, channels: 3}", (9, 3)),
        ("{channels: 3, depth: 4, height: 8, width: 9}", (4, 8, 9, 3)),
        ("{height: =w, width: =2*w, channels: 3}", (5, 10, 3)),
    ],
)  # fmt: skip
def test_an_input_is_written_in_many_ways(read, shape, output) -> None:
    spec = read(f"vars: {{w: 5}}\ninput: {shape}\nlayers: [{{relu: , when: =w}}]")
    assert (spec.output, spec.told) == (output, [])


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ("0x8x3", "1:8: error[CC014] expected a shape, got '0x8x3'"),
        ("8x8x-3", "1:8: error[CC014] expected a shape, got '8x8x-3'"),
        ("010x8x3", "1:8: error[CC014] expected a shape, got '010x8x3'"),
        ("2x2x2x2x2", "1:8: error[CC014] expected a shape, got '2x2x2x2x2'"),
        ("2147483649x1x1", "1:8: error[CC014] expected a shape, got '2147483649x1x1'"),
        ("[8, 8, 3]", "1:8: error[CC014] expected a shape, got '[8, 8, 3]'"),
        ("", "1:7: error[CC014] expected a shape, got ''"),
        ("{height: 8, channels: 3}", "1:8: error[CC013] the input needs width"),
        ("{hieght: 8, width: 8, channels: 3}", "1:9: error[CC010] an input has no 'hieght'"),
        ("{height: 8, width: x, channels: 3}", "1:27: error[CC014] width: expected a positive"),
    ],
)
def test_an_input_that_is_none_is_told_once(read, shape, told) -> None:
    spec = read(f"input: {shape}\nlayers: [{{conv: {{filters: 4, kernel: 9}}}}, pool2]")
    (line,) = spec.told
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("shape", "help"),
    [
        ("(1, 16000)", "did you mean `16000x1`? channels come last"),
        ("[16000, 1]", "did you mean `16000x1`?"),
        ("(28, 28)", "an image has channels too, `28x28x3`; a sequence is length x channels"),
        ("[32, 3, 64, 64]", "did you mean `64x64x3`? channels come last; the batch is --batch"),
        ("[9, 64, 64, 3]",
         "an image is `64x64x3`, the batch is --batch; a volume is `9x64x64x3`"),
        ("(None, 64, 64, 3)", "did you mean `64x64x3`? the batch is --batch"),
        ("[-1, 3, 64, 64]", "did you mean `64x64x3`? channels come last; the batch is --batch"),
        ("Nx3x64x64", "did you mean `64x64x3`? channels come last; the batch is --batch"),
    ],
)  # fmt: skip
def test_a_shape_in_the_order_of_another_tool(read, shape, help) -> None:
    assert read(f"input: {shape}\nlayers: [relu]").help == help


def test_several_inputs_and_outputs(read) -> None:
    head = "inputs: {image: 8x8x3, depth: 8x8x1}\n"
    spec = read(f"{head}layers: [{{conv3-4: , name: c}}, {{concat: , from: [c, depth]}}]")
    assert (spec.output, spec.told) == ((8, 8, 5), [])
    assert [s.inputs for s in spec.network.steps] == [(), (), (0,), (2, 1)]
    assert read(f"{head}layers: [relu]").told == ["1:24: warning[CC120] depth (8x8x1) is unused"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("layers: [relu]", ["1:1: error[CC013] the spec has no input"]),
        ("input: 8x8x3", ["1:1: error[CC013] the spec has no layers"]),
        ("input: 8x8x3\nlayers:", ["2:8: error[CC013] the spec has no layers"]),
        ("input: 8x8x3\nlayers: []", ["2:9: error[CC013] the list of layers is empty"]),
        ("input: 8x8x3\nlayers:\n- relu:\n  times: 0\n- {conv3-8: , when: =1>2}",
         ["3:1: error[CC013] no layer is left: `when` and `times` leave every entry out"]),
        ("input: 8x8x3\nvars: {n: 0}\nblocks: {b: {layers: [relu]}}\nlayers: [{b: , times: =n}]",
         ["4:9: error[CC013] no layer is left: `when` and `times` leave every entry out"]),
        ("input: 8x8x3\nlayers: {relu: }", ["2:9: error[CC019] layers must be a list"]),
        ("input: 8x8x3\ninputs: {a: 8x8x3}\nlayers: [relu]",
         ["2:1: error[CC010] input and inputs are both given"]),
        ("inputs: [a]\nlayers: [relu]", ["1:9: error[CC014] inputs must be a mapping of names"]),
        ("inputs: {a b: 8x8x3}\nlayers: [relu]", ["1:10: error[CC018] 'a b' is not a valid name"]),
        ("input: 8x8x3\nlayers: [relu]\noutputs: [reul1]",
         ["3:11: error[CC017] no layer 'reul1'"]),
        ("input: 8x8x3\nlayers: [relu]\noutputs: {a: 1}",
         ["3:10: error[CC014] outputs must be a list of names"]),
        ("input: 8x8x3\nlayers: [relu]\nname: [a]", ["3:7: error[CC014] name must be text"]),
        ("input: 8x8x3\nlayers: [relu]\nvars: 4", ["3:7: error[CC014] vars must be a mapping"]),
        ("input: 8x8x3\nlayers: [relu]\nblocks: 4",
         ["3:9: error[CC020] blocks must be a mapping of names"]),
        ("input: 8x8x3\nlayers: [relu]\nrules: 4", ["3:8: error[CC014] rules must be a mapping"]),
        ("input: 8x8x3\nlayers: [relu]\nexpect: [a]",
         ["3:9: error[CC014] expect must be a mapping"]),
        ("input: 8x8x3\nlayers: [relu]\nrounding: flor",
         ["3:11: error[CC014] rounding: expected exact, floor or ceil, got 'flor'"]),
        ("input: 8x8x3\nlayers: [relu]\nrounding: {cnov: floor}",
         ["3:12: error[CC010] rounding is for conv and pool, not 'cnov'"]),
    ],
)  # fmt: skip
def test_a_wrong_top_is_told_once(read, text, told) -> None:
    assert read(text).told == told


def test_rounding_is_set_apart_for_convs_and_pools(layers) -> None:
    entries = "- conv: {filters: 4, kernel: 3, stride: 2}\n- max_pool: {kernel: 2}\n"
    spec = layers(entries, head="rounding: {conv: floor, pool: ceil}\n")
    assert [shape for _, shape in spec.layers] == [(3, 3, 4), (2, 2, 4)]
    assert layers(entries, head="rounding: ceil\n").output == (2, 2, 4)
    assert layers(entries, head="rounding: exact\n").layers[0][1] is None
    own = "- max_pool: {kernel: 3, rounding: floor}\n"
    assert layers(own, head="rounding: ceil\n").output == (2, 2, 3)


def test_expect_is_an_equality_and_budget_a_limit(layers) -> None:
    spec = layers(
        "- conv3-4",
        head="expect: {params: 113, output: 8x8x5}\nbudget: {params: 111, macs: 6912}\n",
    )
    assert [line.partition(",")[0] for line in spec.told] == [
        "2:18: error[CC130] params: expected 113",
        "2:31: error[CC130] output: expected 8x8x5",
        "3:18: error[CC131] params: 112 exceeds the budget of 111",
    ]


@pytest.mark.parametrize(
    ("expectations", "told"),
    [
        ("expect: {wights: 3}", "2:10: error[CC010] expect has no 'wights'"),
        ("expect: {macs: 1.5}", "2:16: error[CC014] macs: expected a count such as 138357544"),
        ("expect: {output: foo}", "2:18: error[CC014] output: expected a shape such as 1000"),
        ("budget: {training_memory: 12G}", "2:27: error[CC014] training_memory: expected bytes"),
        ("expect: {training_memory: 12GiB}", "2:10: error[CC010] expect has no 'training_memory'"),
    ],
)
def test_expectations_that_cannot_be(layers, expectations, told) -> None:
    (line,) = layers("- relu", head=f"{expectations}\n").told
    assert line.startswith(told)


def test_the_command_line_goes_over_the_file(read) -> None:
    text = "input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}]\nexpect: {output: 1x1x1}"
    assert read(text, Overrides(input=(9, 9, 3))).told == []
    assert read(text, Overrides(rounding=Rounding.FLOOR)).output == (2, 2, 3)


def test_many_faults_come_out_together_and_nothing_follows_from_them(read) -> None:
    spec = read(
        "input: 8x8x3\nlayers:\n- conv: {filters: 4, kernel: 3, pading: 1}\n- conv2: {}\n"
        "- max_pool: {kernel: 3}\n- {relu: , from: conv9}\n- fc: {unit: 3}\n"
        "- {conv3-4: , from: input}\n- conv: {filters: =q, kernel: 9}\n- {name: 'a b', relu: }\n"
        "rouding: floor\n"
    )
    assert spec.told == [
        "3:33: error[CC012] conv has no option 'pading'",
        "4:3: error[CC011] unknown layer kind 'conv2'",
        "6:18: error[CC017] no layer 'conv9'",
        "7:8: error[CC012] fc has no option 'unit'",
        "9:19: error[CC016] unknown variable 'q'",
        "10:10: error[CC018] 'a b' is not a valid name",
        "11:1: error[CC010] unknown key 'rouding'",
    ]
