"""The blocks of a spec as classes: arguments, formulas, conditions and repeats as Python."""

from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.spec.load import load
from tests.interop.nets import analysis
from tests.interop.test_write_pytorch import held


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
    assert "self.act = act()\n" in found["ConvBn"]
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


def run(torch: Any, found: Analysis) -> Any:
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    return names["Net"]()
