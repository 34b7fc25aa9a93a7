"""The file or bundled net that a name which is neither was probably meant to be."""

import os
import re
from glob import iglob

from convcalc import zoo
from convcalc.files import SPEC_ENDINGS, is_mapping
from convcalc.findings import plain
from convcalc.spec.context import is_pattern
from convcalc.spec.shortforms import expand
from convcalc.suggest import nearest

#: Model files that are read wherever specs are, after those in which people name one.
_ENDINGS = (*SPEC_ENDINGS, ".onnx", ".pt2", ".keras")
_MAGIC = frozenset("*?[")  #: what a shell replaces
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=([^=].*)", re.ASCII)
_MOST = 1000  #: entries of a folder whose names are compared


def hint(word: str) -> str:
    """What to type instead of a name that is no file and no bundled net."""
    if is_mapping(word):
        return "the text of a spec is piped to `-`, or saved in a file"
    close = file_meant(word)
    bare = word.strip()
    if bare != word and _is_file(bare):
        return f"there is {plain(bare)}, without the blanks around it"
    if not close and not _MAGIC.isdisjoint(word) and word.endswith(SPEC_ENDINGS):
        return _of_pattern(word)
    if not close and (option := assigned(word)):
        return f"values are given by an option: `{option}`"
    is_file = word.endswith(_ENDINGS)
    if not close and not is_file and (is_pattern(word) or expand(word)):
        pattern = plain(word)
        return f'a pattern is given as `--net "{pattern}"`, in Python `load(net="{pattern}")`'
    close = close or _close(word)
    return f"did you mean {plain(close)}?" if close else "`convcalc list` names the bundled nets"


def assigned(word: str) -> str:
    """The option that a word such as ``width=16`` was meant to be; '' for any other word."""
    from convcalc.memory.settings import SETTINGS

    found = _ASSIGNED.fullmatch(word)
    if found is None:
        return ""
    name, values = map(plain, found.groups())
    own = {setting.name: setting.flag.partition("/")[0] for setting in SETTINGS}
    flag = "--input" if name == "input" else own.get(name, "")
    return f"{flag} {values}" if flag else f"--set {name}={values}"


def _of_pattern(word: str) -> str:
    """What to say of a pattern of files' names that no shell has replaced."""
    stem, ending = os.path.splitext(word)
    others = (f"{stem}{other}" for other in SPEC_ENDINGS if other != ending)
    if next(iglob(word), None) is not None:
        return "in quotes it is no pattern: leave them out, and the shell names the files"
    if other := next((one for one in others if next(iglob(one), None) is not None), ""):
        return f"no file matches this pattern: did you mean {plain(other)}?"
    folder = os.path.dirname(word)
    named = _MAGIC.isdisjoint(folder) and os.path.isdir(folder or os.curdir)
    where = f"; `convcalc check {plain(folder or os.curdir)}` finds specs below it" if named else ""
    return f"no file matches this pattern{where}"


def net_meant(word: str) -> str:
    """The file or bundled net that a word was meant to name; '' for none."""
    return file_meant(word) or _close(word)


def _close(word: str) -> str:
    """The spec beside, or the bundled net, whose name is nearly the word; '' for none."""
    folder, own = os.path.split(word)
    files = _specs_in(folder)
    names = [_stem(name) for name in files] + ([] if folder else list(zoo.names()))
    close = nearest(_stem(own), names)
    return next((os.path.join(folder, f) for f in files if _stem(f) == close), close)


def file_meant(word: str) -> str:
    """The file of which a word is the name without its ending, or with another; '' for none."""
    stem = _stem(word)
    names = (f"{stem}{ending}" for ending in _ENDINGS) if os.path.basename(stem) else ()
    return next((name for name in names if _is_file(name)), "")


def _stem(name: str) -> str:
    root, ending = os.path.splitext(name)
    return root if ending in SPEC_ENDINGS else name


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:  # a byte that no name has
        return False


def _specs_in(folder: str) -> list[str]:
    """The specs of a folder, among its first entries."""
    found: list[str] = []
    try:
        with os.scandir(folder or os.curdir) as entries:
            for entry, _ in zip(entries, range(_MOST), strict=False):
                if entry.name.endswith(SPEC_ENDINGS) and not entry.name.startswith("."):
                    found.append(entry.name)
    except (OSError, ValueError):
        return []
    return sorted(found)
