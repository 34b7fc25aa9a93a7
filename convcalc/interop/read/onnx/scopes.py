"""The modules around a node, as both exporters of PyTorch write them."""

import re

from convcalc.interop.flat import Scope
from convcalc.interop.read.onnx.proto import OnnxNode

_QUOTED = re.compile(r"'([^']*)'")
_MOST = 64


def scopes_of(node: OnnxNode) -> tuple[Scope, ...]:
    """The modules around a node, outermost first; from metadata, or from the node's name.

    >>> node = Node("/layer1/layer1.0/conv1/Conv", "Conv", "", (), (), {}, {})
    >>> [scope.path for scope in scopes_of(node)]
    ['layer1', 'layer1.0', 'layer1.0.conv1']
    """
    paths = node.metadata.get("pkg.torch.onnx.name_scopes")
    if paths:
        classes = _QUOTED.findall(node.metadata.get("pkg.torch.onnx.class_hierarchy", ""))
        names = _QUOTED.findall(paths)[:_MOST]
        classes += [""] * (len(names) - len(classes))
        pairs = list(zip(names, classes, strict=False))[:-1]  # the last one is the operator
        return tuple(Scope(name, cls.rpartition(".")[2]) for name, cls in pairs if name)
    if not node.name.startswith("/"):
        return ()
    parts = node.name.strip("/").split("/")[:-1][:_MOST]
    path: list[str] = []
    scopes: list[Scope] = []
    for part in parts:
        if path and part.startswith(f"{path[-1]}."):
            path[-1] = part
        else:
            path.append(part)
        scopes.append(Scope(".".join(path)))
    return tuple(scopes)
