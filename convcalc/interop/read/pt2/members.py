"""Which members a `.pt2` may have: those of one program, where `torch.export.save` packs them.

`torch.export.load` (PyTorch 2.13, `torch/export/pt2_archive/_package.py`) finds a program so, and
an archive in which it could find another than is read here is refused:

- All members are in one folder, that of the first. With one beside it PyTorch opens no such archive
  and takes the members of PyTorch 2.7's format, which are in no folder.
- `archive_format` and `archive_version` say that it is one; without them it does the same.
- `models/NAME.json` is the program. PyTorch makes one of each member in `models/` and of those in
  folders below it, whatever its ending: it cuts five letters off and keeps the last of a name.
- `data/weights/NAME_weights_config.json` and `data/constants/NAME_constants_config.json` list its
  arrays. Where there is a `NAME.pt` beside them, PyTorch takes the arrays of that pickle.
- `data/aotinductor/` has programs that were compiled.

All others stay unread: the arrays' numbers, samples, what users add in `extra/`. PyTorch looks for
members by their names in small and capital letters alike.
"""

from typing import BinaryIO, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.archive import AbsentError, member, names

_FORMAT, _VERSION = ("archive_format", b"pt2"), ("archive_version", b"0")
_MODELS, _ENDING = "models/", ".json"
_COMPILED = "data/aotinductor/"
_ALONE = "save the program alone: `torch.export.save(program, 'net.pt2')`"
#: what each list of arrays, or the pickle in its place, is called
_LISTS = (
    ("data/weights/{}_weights_config.json", "data/weights/{}.pt"),
    ("data/constants/{}_constants_config.json", "data/constants/{}.pt"),
)


class Members(NamedTuple):
    """The members of a program, by their full names in small letters."""

    program: str
    lists: tuple[str, ...]
    """What says of its arrays how they are kept, where it is there."""
    pickles: tuple[str, ...]
    """The arrays themselves, of which nothing is said."""
    places: str
    """Where the arrays of a module without numbers lie."""


def of_program(file: BinaryIO | bytes) -> Members:
    """The members of the one program of an archive.

    Raises:
        UnreadableError: it has none, or PyTorch could load another one.
    """
    listed = names(file)
    root = listed[0].partition("/")[0] + "/" if listed else ""
    beside = next((name for name in listed if not name.startswith(root)), None)
    if beside is not None:
        where = f"not in {_shown(root)}, the folder of its first member"
        where = where if "/" in listed[0] else "in no folder"
        text = f"{_shown(beside)} is {where}"
        raise UnreadableError(f"PyTorch may load another program, since {text}: {_ALONE}")
    start = root.lower()
    for name, wanted in (_FORMAT, _VERSION):
        _hold(file, start + name, wanted)
    own = [name.lower().removeprefix(start) for name in listed]
    models = [name for name in own if name.startswith(_MODELS)]
    if not models:
        raise AbsentError("the archive has no models/model.json")
    if len(models) > 1:
        count = f"{len(models):,} members like models/model.json"
        raise UnreadableError(f"the archive has {count}, and PyTorch may load any: {_ALONE}")
    called = models[0].removeprefix(_MODELS).removesuffix(_ENDING)
    if "/" in called or _MODELS + called + _ENDING != models[0]:
        raise UnreadableError(
            f"the archive has {_shown(models[0])}, no models/model.json: {_ALONE}"
        )
    if any(name.startswith(_COMPILED) for name in own):
        raise UnreadableError(f"the archive has a compiled program too ({_COMPILED}): {_ALONE}")
    lists, pickles = [], []
    for config, pickled in _LISTS:
        lists.append(start + config.format(called))
        if pickled.format(called) not in own:
            continue
        if config.format(called) in own:
            text = f"the archive keeps arrays in {_shown(pickled.format(called))}"
            raise UnreadableError(f"{text} and beside it, and PyTorch loads the former: {_ALONE}")
        pickles.append(pickled.format(called))
    places = start + "extra/places.json"
    return Members(start + models[0], tuple(lists), tuple(pickles), places)


def _hold(file: BinaryIO | bytes, name: str, wanted: bytes) -> None:
    """That a member has these bytes."""
    what = name.rpartition("/")[2]
    try:
        found = member(file, name.__eq__, what)
    except AbsentError as error:
        raise UnreadableError(f"{error}, which torch.export.save writes: {_ALONE}") from error
    if found != wanted:
        said, word = repr(found[:20])[2:-1], wanted.decode()
        raise UnreadableError(f"the archive's {what} is '{said}': '{word}' can be read")


def _shown(name: str) -> str:
    return plain(name[:80])
