"""The plan that `fit --advise` chose as the `budget` of a spec, with all that its bytes are for."""

import os
import shlex

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity, brief, plain
from convcalc.memory.budget_settings import Own, own_settings
from convcalc.memory.precisions import mode_of
from convcalc.memory.settings import OFF
from convcalc.network.expectations import SETTINGS
from convcalc.quantity import counted
from convcalc.spec.document import Overrides
from convcalc.study.errors import RequestError
from convcalc.study.fit import Fitted

#: what decides in every training, written also where it is the default
_ALWAYS = ("batch", "optimizer")


def write(found: Fitted, spec: str) -> str:
    """Add the chosen plan to the `budget` of a spec, and say so.

    Raises:
        RequestError: there is no plan to add, no file to add it to, or a budget would mean
            another net.
    """
    from convcalc.files import read_at_most
    from convcalc.study.links import leads_out
    from convcalc.tree.decode import TRUSTED, decode
    from convcalc.whole_file import whole_file

    wrong = leads_out(spec)
    if wrong:
        raise RequestError(plain(wrong))
    network = found.outcome.network
    chosen = None if found.advice is None else found.advice.chosen
    if chosen is None or not chosen.segments:
        why = "no segments were chosen"
        if found.advice is not None and chosen is None:
            why += ", as none surely fit: what may fit is `checkpoint:` below `budget:`, by hand"
        raise RequestError(f"there is nothing to write: {why}")
    if not spec.endswith((".yaml", ".yml")) or network.source.path != os.path.normpath(spec):
        named = plain(spec) or "the net"
        raise RequestError(f"{named} is not a YAML file to write to: copy it first")
    changed = _over_the_file(found.outcome.case.overrides)
    if changed:
        text = f"a budget is for the net as {plain(spec)} states it: write"
        raise RequestError(f"{text} {changed} into the file, or leave it out")
    entries = budget(found)
    lines = [f"{key}: {value}" for key, value in entries.items()]
    whole = f"`budget: {{{', '.join(lines)}}}`"
    if network.budget:
        entry = ", ".join(f"`{line}`" for line in lines)
        raise RequestError(f"{plain(spec)} has a budget: set {entry} in it")
    added = "\nbudget:\n" + "".join(f"  {line}\n" for line in lines)
    try:
        data = read_at_most(spec, 4 * len(network.source.text) + 8)  # UTF-8 takes no more
        if decode(spec, data, TRUSTED)[0].text != network.source.text:
            raise RequestError(f"{plain(spec)} has changed meanwhile: nothing was written")
        data += (b"" if data.endswith(b"\n") else b"\n") + added.encode()
        if not _takes(spec, data, len(entries)):
            text = f"a budget cannot be put at the end of {plain(spec)} as it is written"
            raise RequestError(f"{text}: write {whole} at its top level")
        with whole_file(spec) as file:
            file.write(data)
    except OSError as error:
        raise RequestError(f"cannot write {plain(spec)}: {error.strerror}") from error
    kept = [f"{key} {value}" for key, value in entries.items() if key in SETTINGS]
    told = ", ".join(text for text in kept if not text.startswith("checkpoint "))
    return (
        f"{plain(spec)} has a budget now: {told}, with {counted(len(chosen.segments), 'segment')}"
    )


def left_aside(analysis: Analysis) -> str:
    """What to say of a net whose file budgets memory under other settings; '' for any other net."""
    differing = own_settings(analysis)
    if not differing:
        return ""
    of = f"the settings in the budget of {plain(analysis.network.source.path)}"
    options = (
        f"without {flag}" if own.value is False else flag + _argument(own)
        for own in differing
        for flag in (own.setting.flag.partition("/")[0],)
    )
    return brief(f"{of} are for `check`: here they are {' '.join(options)}")


def _argument(own: Own) -> str:
    value = OFF if own.value == "" else own.value
    return "" if value is True else f" {shlex.quote(plain(str(value)))}"


def _takes(spec: str, data: bytes, entries: int) -> bool:
    """Whether a file with a budget at its end is read with it, and without an error."""
    from convcalc.spec.load import load
    from convcalc.tree.decode import TRUSTED

    network = load(spec, data, limits=TRUSTED)
    wrong = any(finding.severity is Severity.ERROR for finding in network.findings)
    return not wrong and len(network.budget) == entries


def budget(found: Fitted) -> dict[str, str]:
    """The entries of a budget that `check` weighs as this plan was: every setting that decides."""
    assert found.advice is not None and found.advice.chosen is not None, "there is a plan"
    chosen, network = found.advice.chosen, found.outcome.network
    settings = chosen.settings
    names = [step.name for step in network.steps]
    segments = ",".join(f"{names[first]}..{names[last]}" for first, last in chosen.segments)
    precision = mode_of(settings).name
    own = {"checkpoint": f'"{segments}"', "dtype": settings.dtype, "precision": precision}
    if precision:
        del own["dtype"]  # it follows from the precision
    entries: dict[str, str] = {}
    for name in SETTINGS:
        value, default = getattr(settings, name), settings._field_defaults[name]
        if own.get(name):
            entries[name] = own[name]
        elif name not in {"dtype", "precision"} and (name in _ALWAYS or value != default):
            entries[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return {**entries, "training_memory": str(chosen.peak)}


def _over_the_file(overrides: Overrides) -> str:
    """What was set over a file, in its words; '' where nothing was."""
    words = ["`input`"] if overrides.input is not None else []
    words += ["`rounding`"] if overrides.rounding is not None else []
    words += [f"`{name}`" for name, _ in overrides.variables]
    return " and ".join(words)
