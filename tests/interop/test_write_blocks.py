"""The blocks of a spec as classes: arguments, formulas, conditions and repeats as Python."""

import subprocess
import sys
from pathlib import Path

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.spec.load import load
from tests.interop.nets import analysis
from tests.interop.test_write_pytorch import CHECKS, held


def net(text: str) -> Analysis:
    found = analyze(load("x.yaml", f"input: 8x8x4\nrounding: floor\n{text}".encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    torch = pytest.importorskip("torch")
    held(torch, found)
    return found


def classes(text: str) -> dict[str, str]:
    """The classes of some code, by name."""
    found: dict[str, str] = {}
    for part in text.split("\n\n\nclass ")[1:]:
        found[part.split("(")[0]] = part
    return found


def test_arguments_formulas_and_layers_as_arguments() -> None:
    found = classes(write(analysis("resnet50")))
    assert list(found) == ["Bottleneck", "Stage", "Net"]
    assert "stride: int = 1,\n        shortcut: bool = False,\n" in found["Bottleneck"]
    assert "        out_channels = 4 * planes\n" in found["Bottleneck"]
    assert "        if shortcut:\n            self.conv4 = nn.Conv2d(\n" in found["Bottleneck"]
    assert "        if self.shortcut:\n            x = self.conv4(x)\n" in found["Bottleneck"]
    assert "in_channels: int, blocks: int, planes: int, stride: int = 2)" in found["Stage"]
    made = 'self.add_module(f"bottleneck{i}", Bottleneck(4 * planes, planes=planes))'
    assert f"        for i in range(2, blocks + 1):\n            {made}\n" in found["Stage"]
    assert "self.conv3_x = Stage(256, blocks=4, planes=128)\n" in found["Net"]


def test_conditions_and_what_is_worked_out_from_other_arguments() -> None:
    found = classes(write(analysis("mobilenet_v2")))
    assert list(found) == ["ConvBn", "Bottleneck", "Residual", "Stage", "Net"]
    assert "        hidden = expansion * in_channels\n" in found["Bottleneck"]
    made = "self.conv_bn1 = ConvBn(in_channels, filters=hidden)"
    assert f"        if expansion > 1:\n            {made}\n" in found["Bottleneck"]
    assert (
        "        if self.expansion > 1:\n            x = self.conv_bn1(x)\n" in found["Bottleneck"]
    )
    assert "        near = max(8, (channels + 4) // 8 * 8)\n" in found["Stage"]
    assert "        filters = near + 8 * (10 * near < 9 * channels)\n" in found["Stage"]
    assert "self.stage7 = Stage(160, 6, 320, 1, 1)\n" in found["Net"]


def test_an_activation_as_an_argument_is_a_class() -> None:
    found = classes(write(analysis("mobilenet_v3_small")))
    assert "act: type[nn.Module],\n" in found["ConvBn"]
    assert "self.act = act(inplace=True)\n" in found["ConvBn"]
    assert "        if expanded != in_channels:\n" in found["Bneck"]
    assert "        if squeeze > 0:\n            self.squeeze_excite1 = " in found["Bneck"]
    assert "self.bneck4 = Bneck2(40, 5, 120, 48, 32, nn.Hardswish)\n" in found["Net"]


def test_kernels_of_two_numbers_are_an_argument() -> None:
    found = classes(write(analysis("inception_v3")))
    assert "kernel: int | tuple[int, int] = 1,\n" in found["ConvBn"]
    assert "self.conv_bn3 = ConvBn(c7, c7, kernel=(1, 7), padding=(0, 3))\n" in found["InceptionB"]


@pytest.mark.parametrize(
    "name", ["resnet50", "mobilenet_v2", "densenet121", "shufflenet_v1", "wrn"]
)
def test_no_block_of_these_needs_two_classes(name: str) -> None:
    found = analysis(name)
    blocks = {call.text for step in found.network.steps for call in step.place.calls}  # type: ignore[attr-defined]
    assert len(classes(write(found))) == len(blocks) + 1


def test_a_layer_before_others_of_its_kind_keeps_two_classes() -> None:
    """Where the condition does not hold the second conv is `conv1`: other keys, another class."""
    found = classes(
        write(
            net(
                "blocks:\n  b:\n    args: {n: }\n    layers:\n"
                "      - {conv: {filters: =2*n, kernel: 1}, when: =n > 4}\n"
                "      - conv: {filters: =n, kernel: 3, pad: 1}\n"
                "layers: [{b: 4}, {b: 8}]\n"
            )
        )
    )
    assert list(found) == ["B", "B2", "Net"]
    assert "self.conv1 = nn.Conv2d(in_channels, 2 * n, kernel_size=1)" in found["B"]
    assert "self.conv2 = nn.Conv2d(2 * n, n, kernel_size=3, padding=1)" in found["B"]
    assert "self.conv1 = nn.Conv2d(in_channels, n, kernel_size=3, padding=1)" in found["B2"]


def test_what_a_layer_makes_of_an_option_is_an_argument_of_its_own() -> None:
    """`pad: same` is half of the kernel here, but for even ones: the numbers are the calls'."""
    found = classes(
        write(
            net(
                "blocks:\n  b:\n    args: {k: , s: 1}\n    layers:\n"
                "      - conv: {filters: 4, kernel: =k, stride: =s, pad: same, dilation: 2}\n"
                "layers: [{b: 3}, {b: 5}]\n"
            )
        )
    )
    assert (
        "def __init__(self, in_channels: int, k: int, s: int = 1, padding: int = 2)" in found["B"]
    )
    assert "self.b2 = B(4, 5, padding=4)" in found["Net"]


def test_names_that_python_has_get_a_dash() -> None:
    found = classes(
        write(
            net(
                "blocks:\n  b:\n    args: {in: , sum: 2}\n    layers:\n"
                "      - conv: {filters: =in*sum, kernel: 1}\n"
                "layers: [{b: [4]}, {b: {in: 3, sum: 3}}]\n"
            )
        )
    )
    assert "def __init__(self, in_channels: int, in_: int, sum_: int = 2)" in found["B"]
    assert "nn.Conv2d(in_channels, in_ * sum_, kernel_size=1)" in found["B"]


def test_a_default_that_some_calls_override_is_given_by_every_call() -> None:
    found = classes(
        write(
            net(
                "blocks:\n  b:\n    args: {n: , m: =2*n}\n    layers:\n"
                "      - conv: {filters: =m, kernel: 1}\n      - conv: {filters: =n, kernel: 1}\n"
                "layers: [{b: 4}, {b: {n: 4, m: 6}}]\n"
            )
        )
    )
    assert "self.b1 = B(4, n=4, m=8)" in found["Net"] or "self.b1 = B(4, 4, 8)" in found["Net"]


def test_variables_of_the_file_are_numbers_of_this_net() -> None:
    found = classes(
        write(
            net(
                "vars: {width: 1, depth: 2}\nblocks:\n  b:\n    args: {n: }\n    layers:\n"
                "      - {conv: {filters: =width*n, kernel: 1}, times: =depth + 1}\n"
                "layers: [{b: 4}, {b: 6}]\n"
            )
        )
    )
    assert "width" not in found["B"] and "depth" not in found["B"]
    assert "self.conv3 = nn.Conv2d(n, n, kernel_size=1)\n" in found["B"]


def test_exact_divisions_are_of_integers() -> None:
    found = classes(
        write(
            net(
                "blocks:\n  b:\n    args: {n: }\n    layers:\n"
                "      - conv: {filters: =n/(2*2) + 1, kernel: 1}\n"
                "      - conv: {filters: =n - (in_channels - 1), kernel: 1}\n"
                "layers: [{b: 8}, {b: 12}]\n"
            )
        )
    )
    assert "nn.Conv2d(in_channels, n // 4 + 1, kernel_size=1)" in found["B"]
    assert "nn.Conv2d(n // 4 + 1, n - (n // 4 + 1 - 1), kernel_size=1)" in found["B"] or (
        "nn.Conv2d(n // 4 + 1, n - n // 4, kernel_size=1)" in found["B"]
    )


def test_an_identity_is_no_line() -> None:
    text = write(
        net(
            "layers: [{identity: {}, name: a}, conv1-4, {add: {branches: [relu, identity]}}, "
            "{identity: {}, name: b}]\n"
        )
    )
    assert "x = x" not in text and "y = x\n" not in text


ODD = {
    "one list for two": "a: {layers: &x [relu, conv1-4]}\n  b: {layers: *x}\nlayers: [a, b, a]",
    "patterns": "b: {args: {n: 2}, layers: '[conv1-4 relu]*2'}\nlayers: [b, {b: 3}]",
    "a half": "b: {args: {n: }, layers: [{conv: {filters: =n*w, kernel: 1}}, {dropout: "
    "{rate: =w/2}}]}"
    "\nvars: {w: 0.5}\nlayers: [{b: 4}, {b: 8}]",
    "a truth value": "b: {args: {n: , bias: true}, layers: [{conv: {filters: =n, kernel: 1, "
    "bias: =bias}}]}\nlayers: [{b: 4}, {b: {n: 8, bias: false}}]",
    "kernels": "b: {args: {n: , k: [3, 1]}, layers: [{conv: {filters: =n, kernel: =k, pad: same}}]}"
    "\nlayers: [{b: 4}, {b: {n: 8, k: [1, 3]}}, {b: {n: 8, k: 3}}]",
    "layers twice": "b: {args: {body: }, layers: [=body, relu, =body]}\n"
    "layers: [{b: {body: [conv1-4]}}, {b: {body: [conv1-4, batch_norm]}}]",
    "two arguments of layers": "b: {args: {a: [], c: []}, layers: [{add: {branches: [=a, =c]}}, "
    "relu]}\nlayers: [{b: {a: [conv1-4]}}, {b: {c: [conv1-4]}}, b]",
    "layers passed on": "i: {args: {s: []}, layers: [{add: {branches: [[conv1-4], =s]}}]}\n"
    "  o: {args: {s: []}, layers: [{i: {s: =s}}, relu]}\nlayers: [{o: {s: [batch_norm]}}, o]",
    "times and a condition of channels": "b: {args: {n: , t: 2}, layers: [{conv: {filters: =n, "
    "kernel: 1}, times: =t}, {relu: , when: =in_channels > 4}]}\nlayers: [{b: 4}, {b: {n: "
    "8, t: 1}}]",
    "not": "b: {args: {n: , on: false}, layers: [{conv: {filters: =n, kernel: 1}}, {batch_norm: , "
    "when: =on}, {relu: , when: =not on and n > 4}]}\nlayers: [{b: 4}, {b: {n: 8, on: "
    "true}}, {b: 8}]",
    "repeat": "b: {args: {n: }, layers: [{repeat: {times: =n, layers: [conv1-4, relu]}}]}\n"
    "layers: [{b: 2}, {b: 3}]",
    "fc of volumes": "b: {args: {n: }, layers: [{fc: {units: =n}}, relu]}\nlayers: [{b: 4}, "
    "{b: 8}]",
    "shared weights": "b: {args: {n: }, layers: [{conv: {filters: =n, kernel: 1}, name: a}, relu, "
    "{conv: {filters: =n, kernel: 1}, weights: a}]}\nlayers: [{b: 4}, {b: {n: 4}}]",
    "an activation with weights": "b: {args: {n: , act: relu}, layers: [{conv: {filters: =n, "
    "kernel: 1}}, =act]}\nlayers: [{b: 4}, {b: {n: 8, act: tanh}}, {b: {n: 8, act: prelu}}]",
    "a word or a number": "b: {args: {n: , p: same}, layers: [{conv: {filters: =n, kernel: 3, "
    "pad: =p}}]}\nlayers: [{b: 4}, {b: {n: 8, p: 0}}]",
    "names": "b: {args: {n: }, layers: [{conv: {filters: =n, kernel: 1}, name: class}, "
    "{relu: {}, name: '3'}]}\nlayers: [{b: 4}, {b: 6}]",
    "slices": "b: {args: {n: }, layers: [{slice: {start: =n, stop: 4}}, {conv: {filters: 4, "
    "kernel: 1}}]}\nlayers: [{b: 1}, {b: 2}]",
    "pads": "b: {args: {n: }, layers: [{pad: {sides: =n}}, {conv: {filters: =in_channels*2, "
    "kernel: 3}}, {group_norm: {groups: =n*2}}]}\nlayers: [{b: 1}, {b: 2}]",
    "own layers": "b: {args: {n: }, layers: [{locally_connected: {filters: =n, kernel: 3, "
    "pad: 1}}]}"
    "\nlayers: [{b: 4}, {b: 2}]",
    "the names of code": "net: {args: {torch: , nn: 2}, layers: [{conv: {filters: =torch*nn, "
    "kernel: 1}}]}\nlayers: [{net: 4}, {net: 2}]",
    "a name that is made": "b: {args: {hidden: }, layers: [conv1-8, {conv: {filters: =hidden*2, "
    "kernel: 1}}, batch_norm, batch_norm, batch_norm, batch_norm]}\nlayers: [{b: 4}, {b: 2}]",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_blocks_are_the_same_net(name: str) -> None:
    """Parameters, shapes, MACs and keys, whatever becomes a class."""
    net(f"blocks:\n  {ODD[name]}\n")


@pytest.mark.parametrize("words", CHECKS, ids=["ruff", "mypy"])
def test_odd_blocks_are_clean_code(words: list[str], tmp_path: Path) -> None:
    for at, text in enumerate(ODD.values()):
        (tmp_path / f"p{at}").mkdir()
        code = write(net(f"blocks:\n  {text}\n"))
        (tmp_path / f"p{at}" / f"net_{at}.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    if "No module named" in done.stderr:
        pytest.skip(f"{words[0]} is not installed")
    assert done.returncode == 0, done.stdout


def test_a_pattern_in_a_block_and_a_fraction_of_the_file() -> None:
    found = classes(write(net(f"blocks:\n  {ODD['patterns']}\n")))
    assert "self.conv1 = nn.Conv2d(in_channels, 4, kernel_size=1)" in found["B"]
    found = classes(write(net(f"blocks:\n  {ODD['a half']}\n")))
    assert "nn.Dropout(p=0.25)" in found["B"]


def test_a_condition_around_layers_is_that_of_the_first_of_them() -> None:
    # what arrives at the batch_norm has as many channels as filters: `filters != filters`
    shortcut = "layers: [{conv: {filters: =f, kernel: 1, stride: =s}}, batch_norm]"
    found = net(
        "blocks:\n  unit:\n    args: {f: , s: 1}\n    layers:\n      - add:\n          branches:\n"
        "            - - conv: {filters: =f, kernel: 3, stride: =s, pad: 1}\n              - relu\n"
        f"            - - repeat: {{times: 1, {shortcut}}}\n"
        "                when: =in_channels != f or s != 1\n      - relu\n"
        "layers: [{unit: [4]}, {unit: [8, 2]}, {unit: [8]}]\n"
    )
    text = write(found)
    assert list(classes(text)) == ["Unit", "Net"]
    assert text.count("if in_channels != f or s != 1:\n") == 1
    assert text.count("if self.in_channels != self.f or self.s != 1:\n") == 1
    assert text.count("if ") == 2
