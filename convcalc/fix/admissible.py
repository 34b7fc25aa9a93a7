"""Numbers that suit what arrives at a layer, as the help of its finding names them."""

import re
from collections.abc import Iterator

from convcalc.findings import Finding
from convcalc.fix.options import edit_of, sets_variable
from convcalc.fix.record import Change
from convcalc.fix.settled import placed
from convcalc.layers.cut import Crop
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Edit, Editor, options_at
from convcalc.spec.given import editor_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read

#: a number out of its range, groups that do not divide the channels, more than there is to keep
_CODES = frozenset({"CC014", "CC109", "CC110"})
_OPTIONS = "groups|output_pad|pad|sides|start|stop"
_NUMBERS = r"\d+|\[\d+(?:, \d+)*\]"
_NAMED = re.compile(rf"`((?:{_OPTIONS}): (?:{_NUMBERS})(?:, stop: \d+)?)`")
_PAIR = re.compile(rf"(\w+): ({_NUMBERS})")
#: numbers for two options, of which the help says more than that
_WITH = re.compile(r"` with `|` alone")
_MOST = 1024  #: groups that are tried, where the nearest are not what the file states
_FURTHER = 12  #: of them, the nearest


def is_admissible(finding: Finding) -> bool:
    """Whether a finding is of a number that a layer cannot have, and of one that it can."""
    by_help = finding.code != "CC014" or any(_named(finding))
    return finding.code in _CODES and finding.layer is not None and by_help


def _named(finding: Finding) -> Iterator[dict[str, str]]:
    """The numbers that a finding's help names, by their options."""
    for line in finding.help:
        for match in _NAMED.finditer(line) if not _WITH.search(line) else ():
            yield dict(_PAIR.findall(match[1]))


def admissible(
    network: Network, finding: Finding, further: bool = False
) -> Iterator[tuple[Change, str]]:
    """Every number that a layer can have in place of one that it cannot, and the text with it.

    With `further`, the groups that the help does not name.
    """
    steps = {step.name: step for step in network.steps}
    step, editor = steps.get(finding.layer or ""), _editor(network)
    if step is None or step.layer is None or not is_admissible(finding):
        return
    shape = network.steps[step.inputs[0]].output
    named = _numbers(finding, step, shape)
    for values in _other_groups(step, shape, named) if further else named:
        try:
            change = _changed(network, editor, step, values)
            yield placed(steps, editor, change), editor.apply(change.edits)
        except CannotEditError:
            continue


def _editor(network: Network) -> Editor:
    """The editor of a net's file, which sets options where variables and block calls give them."""
    editor, (root, _) = editor_of(network), read(network.source, TRUSTED)
    variables = root.get("vars") if isinstance(root, Mapping) else None
    editor.variables = variables if isinstance(variables, Mapping) else None
    return editor


def _numbers(finding: Finding, step: Step, shape: Shape | None) -> list[dict[str, str]]:
    """What a finding's help names, the nearest to what is given first."""
    layer = step.layer
    if isinstance(layer, Crop):
        if not layer.size or shape is None:
            return []
        wanted = layer.size * (len(shape) - 1) if len(layer.size) == 1 else layer.size
        kept = tuple(min(pair) for pair in zip(wanted, shape, strict=False))
        return [{"size": option_text(kept[:1] if len(set(kept)) == 1 else kept)}]
    return sorted(_named(finding), key=lambda values: _distance(step, values))


def _other_groups(
    step: Step, shape: Shape | None, named: list[dict[str, str]]
) -> list[dict[str, str]]:
    """The other groups that divide the channels and filters, the nearest first."""
    given, channels = getattr(step.layer, "groups", 0), shape[-1] if shape else 0
    filters = getattr(step.layer, "filters", channels)
    every = range(1, min(channels, filters, _MOST) + 1) if given else ()
    values = [{"groups": str(g)} for g in every if not channels % g and not filters % g]
    others = [one for one in values if one not in named]
    return sorted(others, key=lambda values: _distance(step, values))[:_FURTHER]


def _distance(step: Step, values: dict[str, str]) -> int:
    """How far numbers are from those that a layer has."""
    total = 0
    for key, text in values.items():
        value, wanted = getattr(step.layer, key, ()), [*map(int, re.findall(r"\d+", text))]
        given = [n for n in (value if isinstance(value, tuple) else (value,)) if isinstance(n, int)]
        pairs = zip(given * len(wanted), wanted * len(given), strict=True)
        total += sum(abs(one - other) for one, other in pairs) // max(len(given), 1)
    return total


def _changed(network: Network, editor: Editor, step: Step, values: dict[str, str]) -> Change:
    """Some options with other numbers.

    Raises:
        CannotEditError: the layout of the file does not allow the edit.
    """
    options = options_at(step)
    edits: list[Edit] = []
    befores: list[str] = []
    for option, text in values.items():
        node = options.get(option) if options is not None else None
        if node is not None:
            edit, before = editor.set_to(editor.set_at(node, step), step, text)
        elif isinstance(step.layer, Windowed):
            edit, before = edit_of(editor, step, option, text, step.layer)
        else:
            raise CannotEditError("it does not give the option")
        edits.append(edit)
        befores.append(before)
    made = Change(
        step.name,
        ", ".join(values),
        ", ".join(befores),
        ", ".join(values.values()),
        network.source.line_of(edits[0].start),
        "",
        tuple(edits),
        (1, _distance(step, values)),
    )
    return made._replace(variable=any(sets_variable(editor, edit) for edit in edits))
