"""What an editor's settings ask for, checked word by word: they come from outside."""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.analysis.settings import Settings
from convcalc.config import Config
from convcalc.editor.hints import OUTPUT, SHOWN
from convcalc.editor.reading import Wishes
from convcalc.findings import brief
from convcalc.memory.devices import Device
from convcalc.memory.settings import SettingError, settings_from
from convcalc.pyproject import ConfigError
from convcalc.rules.advise import Selection
from convcalc.study.configured import configuration_of
from convcalc.study.errors import RequestError
from convcalc.study.fit import device
from convcalc.suggest import nearest

KEYS = ("inlayHints", "device", "settings")


class Asked(NamedTuple):
    """The editor's settings that can be used, and what is wrong with the others."""

    hints: tuple[str, ...] = (OUTPUT,)
    device: Device | None = None
    settings: Settings = Settings()
    complaints: tuple[str, ...] = ()


def asked(given: object) -> Asked:
    """The settings of an editor: ``{inlayHints: [...], device: "...", settings: {...}}``."""
    if given is None:
        return Asked()
    if not isinstance(given, Mapping):
        return Asked(complaints=("the settings of convcalc must be an object",))
    complaints = [_unknown(str(word)) for word in given if word not in KEYS]
    found = Asked()
    words = given.get("inlayHints")
    known = (OUTPUT, *SHOWN)
    if isinstance(words, list) and all(isinstance(word, str) and word in known for word in words):
        found = found._replace(hints=tuple(words))
    elif words is not None:
        complaints.append(f"inlayHints: expected a list of {', '.join(known)}")
    name = given.get("device")
    if isinstance(name, str) and name:
        try:
            found = found._replace(device=device(None, name))
        except RequestError as error:
            complaints.append(f"device: {brief(str(error))}")
    elif name not in (None, ""):
        complaints.append("device: expected a name, `convcalc fit --devices` lists them")
    values = given.get("settings")
    if isinstance(values, Mapping):
        try:
            found = found._replace(settings=settings_from({str(k): v for k, v in values.items()}))
        except (SettingError, TypeError) as error:
            complaints.append(f"settings: {brief(str(error))}")
    elif values is not None:
        complaints.append("settings: expected an object such as {batch: 32}")
    return found._replace(complaints=tuple(complaints))


def _unknown(word: str) -> str:
    close = nearest(word, KEYS)
    hint = f"did you mean {close}?" if close else f"known: {', '.join(KEYS)}"
    return f"no setting {brief(repr(word))} of convcalc: {hint}"


def wishes(found: Asked, folder: str) -> tuple[Wishes, str]:
    """What is wanted of the texts of a folder, and what is wrong with that."""
    config, complaint = Config(), ""
    try:
        config = configuration_of(folder)
    except ConfigError as error:
        complaint = str(error)
    chosen = Selection(
        config.select, config.ignore, config.advice, config.tuning, config.limits, config.givers
    )
    return Wishes(found.settings, chosen, found.hints, found.device), complaint
