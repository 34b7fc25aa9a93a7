"""Layers that arguments bring: where the block has them, whoever calls it.

An argument that is an activation, `act: [relu]` here and `act: [hard_swish]` there, is a class.
"""

import re
from collections.abc import Mapping

from convcalc.interop.write.pytorch.names import free
from convcalc.interop.write.pytorch.parts import Instance, Part
from convcalc.interop.write.spec.definitions import Definitions
from convcalc.interop.write.spec.expressions import Code
from convcalc.layers.option import Value

#: a module that says no more than whether it overwrites; prelu has weights: its name is a key
_BARE = re.compile(r"(nn\.(?!PReLU)[A-Z]\w*)\(((inplace=)\w+)?\)")

_NOT_BARE = ("", "")


def placed(
    spec: Definitions, instances: Mapping[int, Instance]
) -> tuple[dict[int, Instance], dict[int, dict[str, Value]]]:
    """The calls of a block with modules named by such arguments, and what each call gives."""
    found = dict(instances)
    values: dict[int, dict[str, Value]] = {i: {} for i in instances}
    block = next(iter(instances.values())).block if instances else ""
    spliced = spec.blocks[block].spliced if instances else ()
    names = spec.blocks[block].names if instances else {}
    for word in dict.fromkeys(word for word, _ in spliced):
        places = [place for other, place in spliced if other == word]
        brought = {i: _brought(spec, one, word) for i, one in found.items()}
        theirs = {i: {*parts} for i, parts in brought.items()}
        others = {
            part.name for i, one in found.items() for part in one.parts if part not in theirs[i]
        }
        kinds = {i: {_bare(part) for part in parts} for i, parts in brought.items()}
        if len(places) == 1:
            for i, parts in brought.items():
                put = {part: _put(part, places[0], at) for at, part in enumerate(parts, 1)}
                found[i] = _with(found[i], put)
        if len({kind for several in kinds.values() for kind in several}) < 2:
            continue
        if word not in names or any(len(parts) != len(places) for parts in brought.values()):
            continue
        if any(len(several) != 1 or _NOT_BARE in several for several in kinds.values()):
            continue
        argument, numbers = names[word], range(1, len(places) + 1)
        own_names = [free(f"{word}{at}" if len(places) > 1 else word, others) for at in numbers]
        if len({says for several in kinds.values() for _, says in several}) > 1:
            continue
        for i, ((module, _),) in kinds.items():
            values[i][argument] = Code(module)
            new: dict[Part, Part] = {}
            own = _brought(spec, found[i], word)
            for part, place, name in zip(own, places, own_names, strict=True):
                made = argument + part.module[part.module.index("(") :]
                run = part.run.replace(f"self.{part.name}(", f"self.{name}(")
                named = part._replace(name=name, module=made, run=run)
                new[part] = _put(named, place, 1)
            found[i] = _with(found[i], new)
    return found, values


def _bare(part: Part) -> tuple[str, str]:
    """What makes such a module, and whether it says that it overwrites."""
    found = _BARE.fullmatch(part.module)
    return (found[1], found[3] or "") if found else _NOT_BARE


def _put(part: Part, place: int, turn: int) -> Part:
    return part._replace(slot=place, turn=turn)


def _with(one: Instance, new: Mapping[Part, Part]) -> Instance:
    return one._replace(parts=tuple(new.get(part, part) for part in one.parts))


def _brought(spec: Definitions, one: Instance, word: str) -> list[Part]:
    return [part for part in one.parts if spec.brought(one.block, one.call, part.place) == word]
