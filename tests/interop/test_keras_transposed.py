"""Keras's transposed convolutions compute the numbers that their layers here compute."""

import json
from pathlib import Path
from typing import Any

import numpy
import pytest

import convcalc
from convcalc.cli import run

torch: Any = pytest.importorskip("torch")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "more", "dilation"),
    [
        *((kernel, stride, "same", 1, 1) for kernel in (2, 3, 4, 5) for stride in (2, 3)),
        *((kernel, 3, "same", 2, 1) for kernel in (1, 2, 3, 5)),
        (3, 2, "same", 0, 1),
        (3, 1, "same", 0, 2),
        (3, 2, "same", None, 1),
        (3, 2, "valid", 1, 1),
        ((2, 5), (3, 2), "same", (2, 1), 1),
    ],
)
def test_values_are_those_of_keras(
    kernel: Any, stride: Any, padding: str, more: Any, dilation: int, keras: Any, tmp_path: Path
) -> None:
    """`padding="same", output_padding=1` cuts the odd one at the end, as `same` alone does."""
    image = keras.Input((6, 7, 2))
    window = {"kernel_size": kernel, "strides": stride, "dilation_rate": dilation}
    layer = keras.layers.Conv2DTranspose(3, **window, padding=padding, output_padding=more)
    model = keras.Model(image, layer(image))
    x = numpy.random.default_rng(0).standard_normal((1, 6, 7, 2)).astype("float32")
    wanted = keras.ops.convert_to_numpy(model(x))
    (tmp_path / "net.json").write_text(model.to_json())
    made = convcalc.import_(tmp_path / "net.json", flat=True)
    names: dict[str, Any] = {}
    exec(compile(convcalc.export(made.text, to="pytorch"), "net.py", "exec"), names)
    net = names["Net"]()
    weight, bias = (torch.tensor(keras.ops.convert_to_numpy(w)) for w in model.weights)
    net.load_state_dict(
        {
            name: weight.permute(3, 2, 0, 1) if tensor.dim() == 4 else bias
            for name, tensor in net.state_dict().items()
        }
    )
    found = net(torch.tensor(x).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).detach().numpy()
    assert found.shape == wanted.shape
    assert numpy.allclose(found, wanted, atol=1e-4)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("field", ["strides", "dilation_rate"])
def test_a_window_for_another_number_of_axes_is_refused(
    padding: str, field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ended in an error of Python's."""
    config = {"name": "up", "filters": 3, "kernel_size": [3, 3], "padding": padding}
    config[field] = [2, 2, 2]
    config["output_padding"] = None if padding == "valid" else [1, 1]
    layers = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 8, 8, 3]}},
        {"class_name": "Conv2DTranspose", "config": config},
    ]
    net = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}}
    (tmp_path / "net.json").write_text(json.dumps(net))
    code = run(["check", str(tmp_path / "net.json")])
    assert code == 2
    assert f"layer up: {field} is [2, 2, 2]" in capsys.readouterr().err
