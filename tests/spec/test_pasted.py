"""Nets as other tools print and list them, pasted into a spec."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 8x8x4\nrounding: floor\nlayers:\n"
#: lines below `layers:` -> what `--fix` writes
DARKNET = "{batch_normalize: 1, filters: 32, size: 3, stride: 1, pad: 1, activation: leaky}"
WRITTEN = {
    f"  - convolutional: {DARKNET}\n": (
        "  - conv: {filters: 32, kernel: 3, stride: 1, pad: 1, bias: false}\n  - batch_norm\n"
        "  - leaky_relu: {negative_slope: 0.1}\n"
    ),
    "  - relu: {slope: 0.1}\n": "  - leaky_relu: {negative_slope: 0.1}\n",
    "  - (conv1): Conv2d(4, 6, kernel_size=(5, 5), stride=(1, 1))\n": (
        "  - conv5-6p0:\n    name: conv1\n"
    ),
    "  - (0): ReLU(inplace=True)\n": "  - relu: {in_place: true}\n",
    "  - (bn): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True)\n": (
        "  - batch_norm: {affine: true}\n    name: bn\n"
    ),
    "  - conv1: nn.Conv2d(4, 6, 3, padding=1)\n": "  - conv3-6p1:\n    name: conv1\n",
    "  - model.add(layers.Conv2D(6, 3, activation='relu'))\n": "  - conv3-6p0 relu\n",
    "  - model.add(Flatten())\n": "  - flatten\n",
    "  - pool: nn.MaxPool2d(2)\n": "  - pool2:\n    name: pool\n",
    "  - Conv2D(6, 3, kernel_regularizer=l2(1e-4))\n": "  - conv3-6p0\n",
    "  - Conv2D(6, 3, kernel_initializer=tf.random_normal_initializer(0., 0.02))\n": (
        "  - conv3-6p0\n"
    ),
    "  - name: ip1\n    type: InnerProduct\n    bottom: data\n    top: ip1\n"
    "    inner_product_param: {num_output: 5}\n": "  - name: ip1\n    fc: {units: 5}\n",
    "  - relu\n  // then\n  - tanh\n": "  - relu\n  # then\n  - tanh\n",
    "  - relu\n  /* then */\n  - tanh\n": "  - relu\n  # then\n  - tanh\n",
    "  - relu\n// then\n  - tanh\n": "  - relu\n# then\n  - tanh\n",
    "  - relu // first\n  - tanh\n": "  - relu # first\n  - tanh\n",
}
#: what is said and not edited, with a part of the first help
SAID = {
    "  - (conv1): Conv2d(3, 6, kernel_size=(5, 5))\n": "4 channels, not 3",
    "  - model.add(Dense(10))\n": "`fc-10` reads all 256 numbers",
    "  - out += identity\n": "`add:` and on its own line below it `from: [out, identity]`",
    "  - x = x * gate\n": "`multiply:` and on its own line below it `from: [x, gate]`",
    "  - identity = x\n": "makes no layer: leave it out",
    "  - self.bn1(x)\n": "`- batch_norm:`, and `name: bn1` below it",
    "  - x = self.pool(F.relu(self.conv1(x)))\n": "(`self.conv1` first)",
    "  - self._make_layer(block, 64, layers[0])\n": "the layers that self._make_layer makes",
    "  Sequential(\n    (0): Conv2d(4, 6, kernel_size=(3, 3))\n    (1): ReLU()\n  )\n": (
        "leave out the lines that end in `(`"
    ),
    "  - (net): Sequential(\n      (0): ReLU()\n    )\n": "leave out the lines that end in `(`",
    "  - Conv2D(6, 3, activation=act(2))\n": "the kind is `conv`",
    "  - branches: [conv3-8, conv3-8]\n": "`concat:` or `add:`",
    "  - relu /* act */\n": "a comment begins with `#`",
    "  - convolutional: {filters: 8, size: 3, xnor: 1}\n": "`pad: size//2`",
    "  - [convolutional]\n": "a file that begins with `[net]`",
    "  [convolutional]\n  filters=8\n  size=3\n": "a file that begins with `[net]`",
    "  - relu:\n    top: relu1\n": "`name: relu1`, and no `top`",
    "  - fc: {units: 5, bottom: pool1}\n": "on its own line below the kind it is `from: pool1`",
}


@pytest.mark.parametrize(("lines", "written"), WRITTEN.items())
def test_a_pasted_line_becomes_the_layer_that_it_is(lines: str, written: str) -> None:
    found = words_replaced(load("net.yaml", f"{HEAD}{lines}".encode()))
    assert found is not None and found.text == f"{HEAD}{written}"
    assert [f.message for f in load("net.yaml", found.text.encode()).findings] == []


@pytest.mark.parametrize(("lines", "why"), SAID.items())
def test_a_pasted_line_that_is_no_layer_is_told_what_it_is_here(lines: str, why: str) -> None:
    network = load("net.yaml", f"{HEAD}{lines}".encode())
    assert why in network.findings[0].help[0]
    found = words_replaced(network)
    assert found is None or lines in found.text
