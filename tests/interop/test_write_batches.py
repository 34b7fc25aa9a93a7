"""ONNX files say that a batch may be any: what they compute of an image is the same in all."""

from typing import Any

import pytest
from every_kind import NETS, text_of

import convcalc


@pytest.mark.parametrize(("shape", "layers"), NETS, ids=str)
def test_onnx_computes_each_image_of_a_batch(shape: str, layers: str) -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    import numpy as np

    net = convcalc.load(text_of(shape, layers))
    try:
        data = convcalc.export(net, to="onnx", random_weights=1)
    except convcalc.RequestError:
        pytest.skip("there is no operator")
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1

    def run(feeds: dict[str, Any]) -> Any:
        return session.run(None, feeds)[0]

    draw = np.random.default_rng(0).standard_normal
    try:
        session = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        feeds = {
            one.name: draw((3, *one.shape[1:])).astype("float32") for one in session.get_inputs()
        }
        alone = [run({name: x[i : i + 1] for name, x in feeds.items()}) for i in range(3)]
    except Exception as error:
        pytest.skip(f"onnxruntime does not run it alone: {error}"[:200])
    assert np.allclose(run(feeds), np.concatenate(alone), rtol=1e-4, atol=1e-5)
