"""Run in a child process alone: a PyTorch module by its name, exported to a .pt2 file.

``python -m convcalc.interop.torch_program FILE MODULE:ATTRIBUTE SHAPE KWARGS`` imports the user's
module. It is the one place that runs somebody's code; nothing reaches it but a command line. Of the
working folder, which may be a stranger's, it runs what that module is and asks for, no more.
"""

import importlib
import inspect
import json
import os
import sys
import warnings
from typing import Any

from convcalc.shapes import axis_names

_ANY_NUMBER = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def main(arguments: list[str]) -> int:
    """Export; the last line on stderr says what went wrong."""
    file, name, shape, kwargs = arguments
    sys.path.append(os.getcwd())  # last: a json.py there is not the one that PyTorch asks for
    try:
        import torch
    except ModuleNotFoundError:
        print("--torch needs PyTorch: pip install torch", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    try:
        model = _made(torch, name, json.loads(kwargs))
    except Exception as error:
        module, colon, made = name.partition(".py:")
        hint = f"; a module has no .py: `--torch {module}:{made}`" if colon else ""
        print(f"{name}: {type(error).__name__}: {error}{hint}", file=sys.stderr)
        return 2
    sizes = [int(size) for size in shape.split("x")]
    first = (1, sizes[-1], *sizes[:-1])
    try:
        with torch.no_grad():
            names = _names(model)
            model = model.eval().to("meta")
            _share(model, names)
            example = torch.zeros(first, device="meta")
            program = torch.export.export(model, (example,))
            program = _with_open_sizes(torch, model, example, program)
        places = {"config": {name: {"path_name": place} for name, place in names.items()}}
        torch.export.save(program, file, extra_files={"places.json": json.dumps(places)})
    except Exception as error:
        text = " ".join(str(error).split())[:300]
        what = f"{name} cannot be exported at {shape}: {type(error).__name__}: {text}"
        print(what + _hint(torch, model, sizes), file=sys.stderr)
        return 2
    return 0


def _with_open_sizes(torch: Any, model: Any, example: Any, program: Any) -> Any:
    """The program with open sizes where a resize has a number, which may be another volume's size.

    It has to be the same program otherwise: the sizes that a module decides by stay fixed.
    """
    if not any("upsample" in str(n.target) and _listed(n.args[1:2]) for n in program.graph.nodes):
        return program
    try:
        axes = dict.fromkeys(range(2, example.dim()), torch.export.Dim.AUTO)
        found = torch.export.export(model, (example,), dynamic_shapes=(axes,))
    except Exception:  # of a net that runs at this size alone, or a PyTorch without Dim.AUTO
        return program
    same = _operators(torch, found) == _operators(torch, program)
    return found if same else program


def _listed(arguments: Any) -> bool:
    return bool(arguments) and isinstance(arguments[0], list | tuple)


def _operators(torch: Any, program: Any) -> list[str]:
    """The operators that make tensors, in order."""
    made = ((n.target, n.meta.get("val")) for n in program.graph.nodes if n.op == "call_function")
    return [str(target) for target, val in made if isinstance(val, torch.Tensor | list | tuple)]


def _names(model: Any) -> dict[str, str]:
    """For each name of a parameter the first name of the very same: it may be shared."""
    first: dict[int, str] = {}
    every = model.named_parameters(remove_duplicate=False)
    return {name: first.setdefault(id(one), name) for name, one in every}


def _share(model: Any, names: dict[str, str]) -> None:
    """Share the parameters again that were: on the meta device each module has its own."""
    for name, first in names.items():
        owner, _, last = name.rpartition(".")
        setattr(model.get_submodule(owner), last, model.get_parameter(first))


def _hint(torch: Any, model: Any, sizes: list[int]) -> str:
    """What to type instead: sizes with which the module runs, or how several inputs are given."""
    takes = inspect.signature(model.forward).parameters.values()
    needed = [one.name for one in takes if one.default is one.empty and one.kind not in _ANY_NUMBER]
    if len(needed) > 1:
        given = ", ".join(needed)
        return (
            f"; --torch gives one input, it takes {len(needed)}: write "
            f"torch.export.export(net, ({given})) by torch.export.save, and import that .pt2 file"
        )
    if _runs(torch, model, sizes):
        return ""  # the size is right, and what the export cannot follow is something else
    for shape in ([*sizes[1:], sizes[0]], [*sizes[2:], *sizes[1:2]]):  # CxHxW, NxCxHxW
        if shape and _runs(torch, model, shape):
            order = " x ".join((*axis_names(len(shape) - 1), "channels"))
            meant = "x".join(map(str, shape))
            return f"; sizes are {order}, without a batch: `--input {meant}`?"
    return ""


def _runs(torch: Any, model: Any, sizes: list[int]) -> bool:
    """Whether a module runs on an input of these sizes, channels last."""
    try:
        with torch.no_grad():
            model(torch.zeros((1, sizes[-1], *sizes[:-1]), device="meta"))
    except Exception:
        return False
    return True


def _made(torch: Any, name: str, kwargs: dict[str, Any]) -> Any:
    """The module that a name leads to: itself, or what calling it gives."""
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, torch.nn.Module):
        found = found(**kwargs)
    if not isinstance(found, torch.nn.Module):
        raise TypeError(f"gives a {type(found).__name__}, no torch.nn.Module")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
