"""What an ONNX file calls its outputs, as far as somebody has chosen those names."""

from convcalc.interop.read.onnx.proto import Model, OnnxNode


def returned(model: Model) -> list[str]:
    """The names of the graph's outputs, '' where an exporter has made one of its node's.

    A file of one output has a name for it as well, which tells it from nothing: exporters' own
    (`output`, `495`), so that it is no layer's.
    """
    if len(model.outputs) < 2:
        return [""] * len(model.outputs)
    wanted = set(model.outputs)
    makers = {
        name: (node, i)
        for node in model.nodes
        for i, name in enumerate(node.outputs)
        if name in wanted
    }
    return [
        "" if name in makers and _made_up(name, *makers[name]) else name for name in model.outputs
    ]


def _made_up(name: str, node: OnnxNode, at: int) -> bool:
    """Whether an exporter named what a node makes: by a number, or by the node itself.

    PyTorch's are `495` and `/box/Conv_output_0`, those of `dynamo=True` as in `node_conv2d_1`;
    tf2onnx's `Identity_1:0`.
    """
    by_node = f"{node.name}_output_{at}", f"{node.name}:{at}", node.name
    return name.isdecimal() or name in by_node or node.name == f"node_{name}"
