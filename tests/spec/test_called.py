"""Layers written as PyTorch's and Keras' calls, and the short form that each stands for."""

import pytest

from convcalc.layers import BY_NAME
from convcalc.spec.called import meant
from convcalc.spec.shortforms import expand


@pytest.mark.parametrize(
    ("call", "form"),
    [
        ("Conv2d(3, 32, 3)", "conv3-32p0"),
        ("nn.Conv2d(3, 32, 3, stride=2, padding=1)", "conv3-32s2p1"),
        ("torch.nn.Conv2d(in_channels=3, out_channels=8, kernel_size=5)", "conv5-8p0"),
        ("Conv2d(3, 32, 3, padding='same')", "conv3-32"),
        ("Conv2D(32, (3, 3), padding='same')", "conv3-32"),
        ("Conv2D(32, (3, 3), strides=(2, 2), padding='valid')", "conv3-32s2p0"),
        ("conv(32,3)", "conv3-32"),
        ("MaxPool2d(3, 2, 1)", "pool3s2p1"),
        ("maxpool(2)", "pool2"),
        ("MaxPool2d(2, stride=2)", "pool2"),
        ("AveragePooling2D(pool_size=(2,2))", "avgpool2"),
        ("Dense(10)", "fc-10"),
        ("nn.Linear(512, 10)", "fc-10"),
        ("Linear(10)", "fc-10"),
        ("nn.ReLU()", "relu"),
        ("BatchNorm2d(64)", "batch_norm"),
        ("Conv2d(a, b, c)", "conv"),
        ("unheard(3)", ""),
        ("conv3-8", ""),
    ],
)
def test_a_call_is_named_in_our_words(call: str, form: str) -> None:
    assert meant(call, BY_NAME) == form
    assert form in {"", *BY_NAME} or expand(form)


def test_a_list_names_them_too(layers) -> None:
    help = "write `conv3-32p0`"
    assert layers("- Conv2d(3, 32, 3)").help == help
    assert layers("- dense(10)").help == "write `fc-10`: a layer is written without round brackets"


def test_a_number_alone(layers) -> None:
    assert "a number alone is no layer" in layers("- conv3-8 32").help
