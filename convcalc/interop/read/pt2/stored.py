"""What a program's file says of the arrays that it holds, beside what its graph says of them.

PyTorch loads each array by these lists and runs with it: where the graph says other sizes, it is
the graph that is untrue.
"""

from collections.abc import Mapping
from typing import Any, BinaryIO

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.archive import AbsentError, member, parsed
from convcalc.interop.read.pt2.members import Members
from convcalc.interop.read.pt2.recorded import Recorded, sizes_of
from convcalc.shapes import written


class Stored:
    """The lists of the arrays in an archive."""

    def __init__(self, file: BinaryIO | bytes, members: Members) -> None:
        self._lists = [_entries(_parsed(file, name)) for name in members.lists]
        self.places = self._lists[0]
        """By array where it is kept; parameters with two names are kept once."""
        if all(map(_without_numbers, self.places.values())):
            self.places = _entries(_parsed(file, members.places)) or self.places

    def hold(self, recorded: Recorded, constants: Mapping[str, str]) -> None:
        """Hold what the graph says of each array against its entry.

        Args:
            recorded: the program.
            constants: what the module calls constants, by the graph's names.

        Raises:
            UnreadableError: they differ, or nothing is known of an array.
        """
        for name, (called, learned) in recorded.arrays.items():
            for entries in self._lists:
                entry = entries.get(constants.get(name, called))
                if isinstance(entry, dict):
                    _hold(recorded, name, learned, entry)


def _hold(recorded: Recorded, name: str, learned: bool, entry: Mapping[str, Any]) -> None:
    called = plain(recorded.arrays[name][0][:80])
    if entry.get("use_pickle") is True:
        raise UnreadableError(f"{called} is pickled in the file: nothing is known of it")
    meta, lies = entry.get("tensor_meta"), recorded.lies(name)
    if not isinstance(meta, dict) or lies is None:
        raise UnreadableError(f"the file does not say the size of {called}")
    kept = sizes_of(meta.get("sizes"))
    if kept != lies.shape:
        said = "of no size" if kept is None else written(kept) or "one number"
        graph = written(lies.shape) or "one number"
        raise UnreadableError(
            f"{called} is {said} where the file keeps it, {graph} in its graph: export it anew"
        )
    wrong = "no parameter" if learned and entry.get("is_param") is False else ""
    if meta.get("dtype") != lies.dtype:
        wrong = "another number type"
    if wrong:
        raise UnreadableError(f"{called} has {wrong} where the file keeps it: export it anew")


def _without_numbers(entry: Any) -> bool:
    """Whether an array is on PyTorch's device `meta`: where it is kept says nothing."""
    meta = entry.get("tensor_meta") if isinstance(entry, dict) else None
    device = meta.get("device") if isinstance(meta, dict) else None
    return isinstance(device, dict) and device.get("type") == "meta"


def _parsed(file: BinaryIO | bytes, name: str) -> Any:
    """What a list says; None where the archive has none of this name."""
    what = plain(name.rpartition("/")[2][:80])
    try:
        return parsed(member(file, name.__eq__, what), what)
    except AbsentError:
        return None


def _entries(config: Any) -> Mapping[str, Any]:
    """By array its entry."""
    entries = config.get("config") if isinstance(config, dict) else None
    return entries if isinstance(entries, dict) else {}
