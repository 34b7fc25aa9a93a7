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

#: a module without arguments; prelu has weights, so that its name is a key
_BARE = re.compile(r"(nn\.(?!PReLU)[A-Z]\w*)\(\)")


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
        others = {
            part.name for i, one in found.items() for part in one.parts if part not in brought[i]
        }
        kinds = {i: {part.module for part in parts} for i, parts in brought.items()}
        if len(places) == 1:
            for i, parts in brought.items():
                put = {part: _put(part, places[0], at) for at, part in enumerate(parts, 1)}
                found[i] = _with(found[i], put)
        if len({module for modules in kinds.values() for module in modules}) < 2:
            continue
        if word not in names or any(len(parts) != len(places) for parts in brought.values()):
            continue
        if any(len(m) != 1 or not _BARE.fullmatch(min(m)) for m in kinds.values()):
            continue
        argument, numbers = names[word], range(1, len(places) + 1)
        own_names = [free(f"{word}{at}" if len(places) > 1 else word, others) for at in numbers]
        for i, (module,) in kinds.items():
            values[i][argument] = Code(module.removesuffix("()"))
            new: dict[Part, Part] = {}
            own = _brought(spec, found[i], word)
            for part, place, name in zip(own, places, own_names, strict=True):
                run = part.run.replace(f"self.{part.name}(", f"self.{name}(")
                named = part._replace(name=name, module=f"{argument}()", run=run)
                new[part] = _put(named, place, 1)
            found[i] = _with(found[i], new)
    return found, values


def _put(part: Part, place: int, turn: int) -> Part:
    return part._replace(slot=place, turn=turn)


def _with(one: Instance, new: Mapping[Part, Part]) -> Instance:
    return one._replace(parts=tuple(new.get(part, part) for part in one.parts))


def _brought(spec: Definitions, one: Instance, word: str) -> list[Part]:
    return [part for part in one.parts if spec.brought(one.block, one.call, part.place) == word]
