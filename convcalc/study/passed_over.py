"""What a walk through a folder passes over though it may hold specs: it is said once, not each."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from shlex import quote

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import brief
from convcalc.study.submodules import left_out, not_set_up

_LONGEST = 500  #: letters of a name that is to be typed
_MOST_LISTED = 10_000  #: files of a hidden folder that are looked at
_ENDINGS = " or ".join(SPEC_ENDINGS)
#: what model files end with that are nothing else; a .cfg or .json is more often something else
_MODELS = (".onnx", ".pt2", ".keras", ".prototxt")


class PassedOver:
    """Files whose ending is nearly a spec's, links to folders, hidden folders with specs."""

    def __init__(self, root: str, wanted: Callable[[str], bool]) -> None:
        """For a walk from `root` on; `wanted` says whether a spec of a name would be looked at."""
        self.root, self._root, self.wanted = root, os.path.realpath(root), wanted
        self.files: list[str] = []
        self.links: list[str] = []
        self.hidden: list[str] = []
        #: folders with nothing in them
        self.empty: list[str] = []
        #: the first model file below, and how many there are
        self.model, self.models = "", 0

    def file(self, path: str) -> None:
        """Keep a file that is called as a spec but for small and capital letters, or as a model."""
        root, ending = os.path.splitext(path)
        if ending.lower() in _MODELS:
            self.model, self.models = self.model or path, self.models + 1
        if ending.lower() in SPEC_ENDINGS and self.wanted(f"{root}{ending.lower()}"):
            self.files.append(path)

    def folder(self, path: str) -> None:
        """Keep a folder, or a link to one, unless nothing of it is missed.

        A hidden one is missed where specs lie in it, not deeper: `.git` and its like are large.
        """
        if os.path.islink(path):
            below = os.path.relpath(os.path.realpath(path), self._root).split(os.sep)
            if below[0] == os.pardir or any(part.startswith(".") for part in below if part != "."):
                self.links.append(path)
            return
        with suppress(OSError), os.scandir(path) as entries:
            names = (entry.path for entry in islice(entries, _MOST_LISTED))
            if any(name.endswith(SPEC_ENDINGS) and self.wanted(name) for name in names):
                self.hidden.append(path)


def model_in(folder: str) -> str:
    """The first model file of a folder without specs; '' where it has specs, or none."""
    with suppress(OSError), os.scandir(folder) as entries:
        paths = sorted(entry.path for entry in islice(entries, _MOST_LISTED))
        if not any(path.endswith(SPEC_ENDINGS) for path in paths):
            return next((path for path in paths if path.lower().endswith(_MODELS)), "")
    return ""


def models_alone(model: str, models: int) -> str:
    """What to type where a folder holds model files and no specs; '' where it has no model file.

    >>> models_alone("nets/a.onnx", 2)
    'its 2 model files are named one by one (`convcalc check nets/a.onnx`)'
    """
    if not models:
        return ""
    which = f"its {models:,} model files are" if models > 1 else "its model file is"
    each = " one by one" if models > 1 else ""
    name = brief(quote(os.path.normpath(model)), _LONGEST)
    return f"{which} named{each} (`convcalc check {name}`)"


def passed_over(walks: Iterable[PassedOver], named: Iterable[str] = ()) -> str:
    """What is to be said of all that some walks passed over; '' for nothing.

    Args:
        walks: the walks of a run.
        named: what was named itself, so that it is looked at.
    """
    walks = tuple(walks)
    known = {os.path.normpath(path) for path in named}
    parts: list[str] = []
    for found, one, several in zip(
        zip(*((walk.files, walk.links, walk.hidden) for walk in walks), strict=True),
        (f"not called {_ENDINGS}", "a link to a folder", f"a hidden folder of {_ENDINGS} files"),
        (f"not called {_ENDINGS}", "links to folders", f"hidden folders of {_ENDINGS} files"),
        strict=False,  # where nothing was walked
    ):
        paths = dict.fromkeys(os.path.normpath(path) for own in found for path in own)
        left = [path for path in paths if path not in known]
        if len(left) > 1:
            parts.append(f"{brief(left[0])} and {len(left) - 1:,} more ({several})")
        elif left:
            parts.append(f"{brief(left[0])} ({one})")
    missing = [path for walk in walks for path in not_set_up(walk.root, walk.empty)]
    passed = f"passed over {', '.join(parts)}: name what is to be looked at" if parts else ""
    return "; ".join(filter(None, (passed, left_out(missing))))
