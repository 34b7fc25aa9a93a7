"""The child process that exports a PyTorch module, so that no code of others runs in this one."""

import re
from typing import NamedTuple

from convcalc.files import read_file
from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.process import in_child
from convcalc.shapes import Shape, written

_MOST_BYTES = 2**31  #: of the archive, weights included
_NAME = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*\Z")


class Module(NamedTuple):
    """A PyTorch module by the name of what makes it."""

    name: str
    """``package.module:attribute``: a module, a class or a function."""
    input: Shape
    """The input, channels last."""
    kwargs: str = "{}"
    """Keyword arguments as JSON."""


def exported(module: Module) -> bytes:
    """The .pt2 archive of a module, made in the environment that runs convcalc.

    Raises:
        UnreadableError: it cannot be imported, made or exported; says why in a line.
    """
    import json
    import os

    from convcalc.unfinished import short_lived_folder

    if not _NAME.match(module.name):
        text = f"{plain(module.name)!r} is not MODULE:ATTRIBUTE such as torchvision.models:resnet18"
        raise UnreadableError(text)
    try:
        fits = isinstance(json.loads(module.kwargs), dict)
    except ValueError:
        fits = False
    if not fits:
        text = "--kwargs takes a JSON object such as '{\"num_classes\": 10}', not "
        raise UnreadableError(f"{text}{plain(module.kwargs[:60])}")
    with short_lived_folder() as folder:
        file = os.path.join(folder, "net.pt2")
        words = [file, module.name, written(module.input), module.kwargs]
        done = in_child("convcalc.interop.torch_program", *words)
        if done.returncode or not os.path.exists(file):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            last = said[-1][:400] if said else f"the export ended with status {done.returncode}"
            raise UnreadableError(plain(last))
        return read_file(file, _MOST_BYTES)
