"""Run in a child process alone: a PyTorch module by its name, exported to a .pt2 file.

``python -m convcalc.interop.torch_program FILE MODULE:ATTRIBUTE SHAPE KWARGS`` imports the user's
module. It is the one place that runs somebody's code; nothing reaches it but a command line. Of the
working folder, which may be a stranger's, it runs what that module is and asks for, no more.
"""

import importlib
import json
import os
import sys
import warnings
from typing import Any


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
            model = model.eval().to("meta")
            program = torch.export.export(model, (torch.zeros(first, device="meta"),))
        torch.export.save(program, file)
    except Exception as error:
        text = " ".join(str(error).split())[:300]
        what = f"{name} cannot be exported at {shape}: {type(error).__name__}: {text}"
        if len(sizes) > 1 and sizes[0] < min(sizes[1:]):  # as PyTorch writes them
            meant = "x".join(map(str, (*sizes[1:], sizes[0])))
            what += f"; sizes are height x width x channels: `--input {meant}`?"
        print(what, file=sys.stderr)
        return 2
    return 0


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
