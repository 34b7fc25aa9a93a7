"""Two analyses compared: layers added, removed and changed, by what they are and read."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis, Row
from convcalc.difference.joins import as_one, names_of, written_otherwise
from convcalc.difference.record import Descriptions, Difference, LayerChange
from convcalc.difference.totals import totals, with_joins_as_one
from convcalc.layers.option import shown
from convcalc.layers.windowed import Windowed
from convcalc.network.aligned import aligned
from convcalc.network.alike import face
from convcalc.network.computed import computed, kept
from convcalc.network.record import INPUT, Network
from convcalc.network.wiring import rewired

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


def _sharing(rows: Sequence[Row], others: Sequence[Row]) -> Iterator[Row]:
    """Rows that hold the receptive field of the other net's row where the two are equal."""
    for row, other in zip_longest(rows, others[: len(rows)]):
        same = other is not None and other.receptive_field == row.receptive_field
        yield row._replace(receptive_field=other.receptive_field) if same else row


def difference(
    before: Analysis, after: Analysis, conventions: "tuple[Convention, ...]" = ()
) -> Difference:
    """What differs. A layer that changed its name alone, as numbering shifts, does not.

    Operations as `conventions` count them are further totals.
    """
    shown = [*before.rows]  # those of a long net are made each time
    shown_after = [*_sharing(after.rows, shown)]
    before, after = before._replace(rows=shown), after._replace(rows=shown_after)
    chains = written_otherwise(before.network, after.network)
    one, other = as_one(before, chains[0]), as_one(after, chains[1])
    old, new = one.rows, other.rows
    known: dict[Hashable, int] = {}
    first, second = computed(one.network, known), computed(other.network, known)
    del known  # of long nets it is large
    pairs = _same(one, other, (first.faces, second.faces))
    there = set(pairs.values())
    parts = [{index for inner in of.values() for index in inner} for of in chains]
    left = [i for i in range(len(old)) if i not in pairs and i not in parts[0]]
    right = [j for j in range(len(new)) if j not in there and j not in parts[1]]
    said = Descriptions()
    rest = aligned([old[i] for i in left], [new[j] for j in right], _keys(said))
    pairs |= {left[i]: right[j] for i, j in rest.items()}
    wired = rewired(one.network, other.network, pairs, (first, second))
    found = totals(before, after, conventions)
    compared = with_joins_as_one(found, one, other) if any(chains) else found
    held = any(total.before != total.after for total in compared if total.bytes)
    changed = []
    for i, j in sorted(pairs.items()):
        differs = first.does[i] != second.does[j] or (
            held and kept(one.network, i) != kept(other.network, j)
        )
        resized = _numbers(old[i]) != _numbers(new[j])
        own = (
            *(_options(old[i], new[j], said) if differs else ()),
            *(_rounding(one.network, i, other.network, j, said) if resized else ()),
            *_overwriting(old[i], new[j]),
            *([wired[i]] if i in wired else []),
        )
        if own or differs or resized:
            same = said(old[i]) == said(new[j])
            ripple = same and not own and new[j].step.kind != INPUT
            changed.append(LayerChange(shown[i], shown_after[j], own, ripple))
    added, removed = set(range(len(new))) - set(pairs.values()), set(range(len(old))) - set(pairs)
    return Difference(
        before,
        after,
        tuple(shown_after[j] for j in sorted(added - parts[1])),
        tuple(shown[i] for i in sorted(removed - parts[0])),
        tuple(changed),
        found,
        len(added - second.passing) + len(removed - first.passing),
        tuple(
            (names_of(before, i, chains[0]), names_of(after, j, chains[1]))
            for i, j in sorted(pairs.items())
            if i in chains[0] or j in chains[1]
        ),
        compared,
    )


def _same(
    before: Analysis, after: Analysis, faces: tuple[list[Hashable], list[Hashable]]
) -> dict[int, int]:
    """Layers that are the same and read the same, in whatever order the files have them.

    Where some are not, names decide: a layer whose name the other net has too is not another one.
    """
    places: dict[Hashable, list[int]] = {}
    for j, known_as in enumerate(faces[0]):
        places.setdefault(known_as, []).append(j)
    pairs: dict[int, int] = {}
    for waiting in places.values():
        waiting.reverse()  # equal ones in their order
    for j, known_as in enumerate(faces[1]):
        if places.get(known_as):
            pairs[places[known_as].pop()] = j
    old, new = ([row.step.name for row in analysis.rows] for analysis in (before, after))
    if len(pairs) == len(old) == len(new):
        return pairs
    both = set(old) & set(new)
    return {i: j for i, j in pairs.items() if old[i] == new[j] or both.isdisjoint((old[i], new[j]))}


def _numbers(row: Row) -> Hashable:
    return (row.step.output, row.activations, row.params, row.macs)


def _options(old: Row, new: Row, said: Descriptions) -> tuple[str, ...]:
    """The options of a layer that differ where its words and sizes do not: an `alpha`, a `beta`."""
    first, second = old.step.layer, new.step.layer
    if first is None or second is None or said(old) != said(new):
        return ()
    if first.kind != second.kind:
        return ()
    aside = _PLACED if old.step.size.windows else _PLACED - {"pad"}
    differ = [
        option
        for option, one, other in zip(first.options(), face(first), face(second), strict=True)
        if one != other and option.key not in aside
    ]
    values = (map(shown, (one.__dict__[o.name] for one in (first, second))) for o in differ)
    return tuple(f"{o.key} {' -> '.join(own)}" for o, own in zip(differ, values, strict=True))


def _overwriting(old: Row, new: Row) -> tuple[str, ...]:
    """The option that has one of two layers make a new volume, which counts activations."""
    layers = (old.step.layer, new.step.layer)
    said = [None if layer is None else layer.works_in_place() for layer in layers]
    if old.in_place == new.in_place or said[0] == said[1]:
        return ()
    return (f"in_place {shown(old.in_place)} -> {shown(new.in_place)}",)


def _rounding(old: Network, i: int, new: Network, j: int, said: Descriptions) -> tuple[str, ...]:
    """How a layer with the same words rounds now, where its output is another one for that."""
    first, second = old.steps[i].layer, new.steps[j].layer
    if not isinstance(first, Windowed) or not isinstance(second, Windowed):
        return ()
    was, now = first.rounding_under(old.roundings), second.rounding_under(new.roundings)
    if said.of(old.steps[i]) != said.of(new.steps[j]):
        return ()
    for network, layer, step in ((old, first, old.steps[i]), (new, second, new.steps[j])):
        shape = network.steps[step.inputs[0]].output
        if shape and len(shape) > 1 and not layer.rounds_alike(shape[:-1], was, now):
            return (f"rounding {was.value} -> {now.value}",)
    return ()


#: options that the windows and their sizes say, and one that other layers decide too
_PLACED = frozenset({"pad", "rounding", "in_place"})


def _keys(said: Descriptions) -> tuple[Callable[[Row], Hashable], ...]:
    """Named alike and alike, then alike, then of one kind."""
    return lambda row: (_given_name(row), said(row)), said, lambda row: row.step.kind


def _given_name(row: Row) -> str:
    """A layer's name; of the automatic one of its kind, which says nothing, its block's."""
    name = row.step.name
    block, _, last = name.rpartition(".")
    return block if re.fullmatch(rf"{re.escape(row.step.kind)}\d+", last) else name
