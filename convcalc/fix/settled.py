"""The changes of a repair as they are told: of the file that there is, with what they come to.

Each change was found in the text that those before it had made, where lines have moved and layers
have other numbers than the reader's file has them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from convcalc.analysis.record import Analysis
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change
from convcalc.fix.turned import turned
from convcalc.network.record import Network, Step
from convcalc.quantity import counted
from convcalc.shapes import Shape, written
from convcalc.source import Source
from convcalc.spec.edit import Editor, kind_of

_EFFECTS = 3  #: sizes that an effect names
_MORE = " more"  #: behind the number of layers that a change does not name
_INSIDE = 2  #: characters that come before a layer that is written inside of brackets


def settled(now: Network, changes: Sequence[Change], trial: Analysis) -> tuple[Change, ...]:
    """Changes in the order of the file, with its names and lines, and what their layers make.

    Args:
        now: the net before them.
        changes: in the order in which they were made.
        trial: the net with all of them.
    """
    before, after = by_place(now), by_place(trial.network)
    text, told = now.source.text, list[Change]()
    moves = [Moved(change.edits) for change in changes]
    for number, change in enumerate(changes):
        past, own = moves[:number], moves[number:]
        editor = Editor(Source(now.source.path, text))
        found: list[tuple[str, str, Step | None]] = []
        for name in change.layer.split(", "):
            at = dict(change.places).get(name)
            if at is None:
                found.append((name, name, None))
                continue
            was = _step(before, back(past, at), name)
            found.append((name, was.name if was else name, _step(after, _on(own, at), name)))
        effect = change.effect
        if not effect and len(found) == 1 and (step := found[0][2]) is not None:
            elsewhere = change.variable or change.called
            others = (step.name for _, step in _altered(before, moves, trial)) if elsewhere else ()
            effect = _effect(step, found[0][1], trial, others, change.called)
            conditions = turned(now, moves, trial.network) if elsewhere else []
            effect = ", ".join(filter(None, [effect, *conditions]))
        line_at = editor.starts[change.line - 1]
        line_at += len(text[line_at:]) - len(text[line_at:].lstrip(" -"))
        line = now.source.line_of(back(past, line_at))
        names = [name for _, name, _ in found]
        if len(names) > 1 and not change.inserts:
            option = change.option.partition(", ")[0]
            alone = sum(one.option.startswith(option) for one in changes) == 1
            pairs = _altered(before, moves, trial) if alone else ()
            names = _counted(names, [new.name for old, new in pairs if _differ(old, new, option)])
        layer = ", ".join(names)
        told.append(change._replace(layer=layer, line=line, effect=effect, places=()))
        text = editor.apply(change.edits)
    return tuple(sorted(joined(told), key=lambda change: change.line))


def joined(changes: Sequence[Change]) -> list[Change]:
    """Changes of one option, each of what the one before had made of it, as one change."""
    found: list[Change] = []
    for change in changes:
        at = next((i for i, one in enumerate(found) if _goes_on(one, change)), None)
        if at is None:
            found.append(change)
            continue
        effects = [e for e in (found[at].effect, change.effect) if e]
        found[at] = change._replace(
            before=found[at].before,
            line=found[at].line,
            effect=", ".join(effects) if change.inserts else change.effect,
            learns=change.learns or found[at].learns,
        )
    return found


def _goes_on(one: Change, other: Change) -> bool:
    same = (one.layer, one.option) == (other.layer, other.option) and one.layer != ""
    return same and one.after == other.before


class Named:
    """Layers by their names, looked up backwards from one: of very long nets few are asked for."""

    def __init__(self, steps: Sequence[Step], index: int) -> None:
        behind = (steps[at] for at in range(index + 1, len(steps)))
        self._rest = chain((steps[at] for at in range(index, -1, -1)), behind)
        self._met: dict[str, Step] = {}

    def get(self, name: str) -> Step | None:
        """The layer of a name; None where there is none."""
        if name not in self._met:
            for step in self._rest:
                self._met[step.name] = step
                if step.name == name:
                    break
        return self._met.get(name)


def placed(steps: Named | Mapping[str, Step], editor: Editor, change: Change) -> Change:
    """A change with the places of the layers that it names, which are found by their names."""
    named = ((name, steps.get(name)) for name in dict.fromkeys(change.layer.split(", ")))
    found = ((name, editor.start(kind_of(step))) for name, step in named if step is not None)
    called = not editor.in_calls.isdisjoint(change.edits)
    return change._replace(places=tuple(found), called=called)


def by_place(network: Network) -> dict[int, list[Step]]:
    """The layers by where their kinds are in the text."""
    editor, found = Editor(network.source), dict[int, list[Step]]()
    known: dict[int, list[Step]] = {}  # by the id of the place: the copies of an entry share one
    for step in network.steps:
        if step.place.kind is None:
            continue
        copies = known.get(id(step.place))
        if copies is None:
            copies = found.setdefault(editor.start(kind_of(step)), [])
            known[id(step.place)] = copies
        copies.append(step)
    return found


def _step(steps: dict[int, list[Step]], at: int, name: str) -> Step | None:
    """The layer at a place, of its copies that of this name or the first."""
    for offset in range(at, at + _INSIDE + 1):
        copies = steps.get(offset)
        if copies:
            return next((step for step in copies if step.name == name), copies[0])
    return None


def _on(moves: Iterable[Moved], at: int) -> int:
    """Where a place of a text is after edits, one after another."""
    for moved in moves:
        at = moved.on(at)
    return at


def _altered(
    before: dict[int, list[Step]], moves: Sequence[Moved], trial: Analysis
) -> Iterator[tuple[Step, Step]]:
    """The layers that have other options than before the changes, and as they were."""
    editor = Editor(trial.network.source)
    for step in trial.network.steps:
        if step.place.kind is not None:
            was = _step(before, back(moves, editor.start(kind_of(step))), step.name)
            if was is not None and was.name == step.name and was.layer != step.layer:
                yield was, step


def _differ(one: Step, other: Step, option: str) -> bool:
    """Whether two layers have other values of an option, as far as both could be read."""
    return getattr(one.layer, option, None) != getattr(other.layer, option, None)


def _counted(names: list[str], altered: list[str]) -> list[str]:
    """The names of layers that a change alters, and how many more of its layers there are.

    Copies of their entries in other calls of a block have no name there.
    """
    shown = [name for name in names if not name.endswith(_MORE)]
    more = len({*altered} - {*shown})
    return [*shown, f"{more}{_MORE}"] if more else names


def _effect(changed: Step, name: str, trial: Analysis, others: Iterable[str], called: bool) -> str:
    """What the changed layer makes in the repaired net, with all copies of its entry.

    So does every entry that an alias gives the same options, and all `others` by their names.
    Copies in other calls of a block do not, where one is `called` otherwise.
    """
    also = {*others}
    kind, options = changed.place.kind, changed.place.options
    made: dict[int, set[Shape]] = {}  # by the entry: copies of one may all make other shapes
    sizes, texts = 0, list[str]()
    for step in trial.network.steps:
        place = step.place
        shared = options is not None and place.options is options
        copies = not called and (place.kind is kind or shared)
        alike = copies or step.name in also or step.name == changed.name
        if step.output is None or not alike:
            continue
        shapes = made.setdefault(id(place.kind), set())
        if step.output not in shapes:
            shapes.add(step.output)
            sizes += 1
            if sizes <= _EFFECTS:
                shown = name if step.name == changed.name else step.name
                texts.append(f"{shown} makes {written(step.output)}")
    more = [counted(sizes - _EFFECTS, "more size")] if sizes > _EFFECTS else []
    return ", ".join([*texts, *more])
