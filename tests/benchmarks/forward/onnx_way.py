"""The same net as an ONNX graph in onnxruntime, which fuses and reorders it as it likes."""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from convcalc.backend.placement import sides

#: Newest operator set with every kind below.
_OPSET = 17


def build(net, threads):
    """A callable that makes one pass."""
    arrays, nodes = [], []

    def constant(name, array):
        arrays.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    for index, step, row, inputs, owner in net.layers():
        given = [f"v{i}" for i in inputs]
        own = net.weights.pop(owner, {})
        names = {
            name: constant(f"w{index}.{name}", _ordered(step.kind, name, array))
            for name, array in own.items()
        }
        if step.kind == "batch_norm":
            size = own["running_mean"].size
            for name, value in (("weight", 1), ("bias", 0)):
                if name not in names:
                    constant(f"w{index}.{name}", np.full(size, value, np.float32))
            names = {n: f"w{index}.{n}" for n in ("weight", "bias", "running_mean", "running_var")}
        channels = row.inputs[0][-1] if step.kind == "depthwise_conv" else None
        nodes += _nodes(step, given, names, f"v{index}", net.network.roundings, channels)
    starts = {f"v{i}": np.ascontiguousarray(np.moveaxis(x, -1, 1)) for i, x in net.inputs.items()}
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n, x in starts.items()],
        [helper.make_tensor_value_info(f"v{net.last}", TensorProto.FLOAT, None)],
        arrays,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others take turns
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, starts)[0]


def _ordered(kind, name, array):
    """PyTorch's layouts are ONNX's."""
    if name == "weight" and kind in {"conv", "depthwise_conv"}:
        return array.transpose(3, 2, 0, 1)
    if name == "weight" and kind == "fc":
        return np.moveaxis(array, (-1, -2), (0, 1)).reshape(array.shape[-1], -1)
    return array


def _both(numbers):
    return list(numbers * 2 if len(numbers) == 1 else numbers)


def _window(layer, kernel, stride):
    (top, bottom), (left, right) = sides(layer.pad, 2)
    return {
        "kernel_shape": _both(kernel),
        "strides": _both(stride),
        "pads": [top, left, bottom, right],
    }


def _nodes(step, given, names, out, roundings, channels):
    layer, kind, own = step.layer, step.kind, list(names.values())
    make = helper.make_node
    match kind:
        case "conv" | "depthwise_conv":
            window = _window(layer, layer.kernel, layer.stride)
            groups = channels or layer.groups
            return [make("Conv", [*given, *own], [out], group=groups,
                         dilations=_both(layer.dilation), **window)]  # fmt: skip
        case "fc":
            flat = f"{out}.flat"
            return [make("Flatten", given, [flat]),
                    make("Gemm", [flat, *own], [out], transB=1)]  # fmt: skip
        case "batch_norm":
            return [make("BatchNormalization", [*given, *own], [out])]
        case "max_pool":
            ceil = int(layer.sliding(roundings).ceil)
            return [make("MaxPool", given, [out], ceil_mode=ceil,
                         **_window(layer, layer.kernel, layer.steps))]  # fmt: skip
        case "avg_pool":
            return [make("AveragePool", given, [out], count_include_pad=1,
                         **_window(layer, layer.kernel, layer.steps))]  # fmt: skip
        case "global_avg_pool":
            return [make("GlobalAveragePool", given, [out])]
        case "relu":
            return [make("Relu", given, [out])]
        case "relu6":
            low, high = helper.make_tensor("", 1, [], [0.0]), helper.make_tensor("", 1, [], [6.0])
            return [make("Constant", [], [f"{out}.low"], value=low),
                    make("Constant", [], [f"{out}.high"], value=high),
                    make("Clip", [*given, f"{out}.low", f"{out}.high"], [out])]  # fmt: skip
        case "dropout" | "identity":
            return [make("Identity", given, [out])]
        case "flatten":
            return [make("Flatten", given, [out])]
        case "lrn":
            return [make("LRN", given, [out], size=layer.size, alpha=layer.alpha * layer.size,
                         beta=layer.beta, bias=layer.k)]  # fmt: skip
        case "softmax":
            return [make("Softmax", given, [out], axis=1)]
        case "concat":
            return [make("Concat", given, [out], axis=1)]
        case "add":
            return [make("Add", given, [out])]
    raise ValueError(f"no ONNX words for {kind} here")
