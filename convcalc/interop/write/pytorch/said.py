"""The blocks of a spec as classes: as few as their calls have forms that the spec tells apart."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from convcalc.interop.write.pytorch.carried import Carrier
from convcalc.interop.write.pytorch.made import Made
from convcalc.interop.write.pytorch.parts import Instance
from convcalc.interop.write.pytorch.slots import masked
from convcalc.interop.write.pytorch.splices import placed
from convcalc.interop.write.spec.arguments import Params
from convcalc.interop.write.spec.definitions import Definitions, definitions
from convcalc.interop.write.spec.expressions import NotSaidError, expression
from convcalc.interop.write.spec.names import IN_CHANNELS
from convcalc.layers.option import Value
from convcalc.network.record import Network

_LEAST_LOOP = 3  #: turns that are written as a loop
_MOST_FORMS = 24  #: of one block; more of them are not compared with each other


class Said:
    """Classes as the spec says them, for a network that was read from one."""

    def __init__(self, network: Network, times: Sequence[int]) -> None:
        self.network, self.times = network, times
        self.spec = definitions(network)
        self.made: dict[int, Made] = {}
        self.values: dict[int, dict[str, Value]] = {}
        """What calls give for arguments that are one layer without weights."""

    def arguments(self) -> set[str]:
        """What the blocks' arguments are called in code."""
        blocks = self.spec.blocks.values() if self.spec else ()
        return {word for block in blocks for word in block.names.values()}

    def classes(
        self, instances: Mapping[int, Instance], texts: Mapping[str, str]
    ) -> tuple[list[tuple[Made, list[int]]], list[int]]:
        """The classes for the calls of a block, each with its calls, and the calls without one."""
        spec, every = self.spec, list(instances)
        if spec is None:
            return [], every
        carried = {
            i: one
            for i, one in instances.items()
            if one.parts and one.block in spec.blocks and one.arguments is not None
        }
        instances, values = placed(spec, carried)
        self.values.update(values)
        forms: dict[object, list[int]] = {}
        for i, one in instances.items():
            forms.setdefault(tuple(self.form(one)), []).append(i)
        found: list[tuple[Made, list[int]]] = []
        for numbers in sorted(forms.values(), key=lambda some: -len(instances[some[0]].parts)):
            merged = False
            for at, (_, others) in enumerate(found if len(forms) <= _MOST_FORMS else ()):
                both = sorted([*others, *numbers])
                made = self.one(spec, {i: instances[i] for i in both}, texts)
                if made is not None:
                    found[at], merged = (made, both), True
                    break
            if not merged:
                made = self.one(spec, {i: instances[i] for i in numbers}, texts)
                if made is not None:
                    found.append((made, numbers))
        written = {i for _, numbers in found for i in numbers}
        return found, [i for i in every if i not in written]

    def form(self, instance: Instance) -> Iterator[object]:
        """What calls of one class have in common, but for layers under conditions."""
        for part in instance.parts:
            inner = self.made.get(int(part.module[1:-1])) if part.module[:1] == "@" else None
            module = masked(part.module) if inner is None else inner.name
            yield part.slot, part.turn, part.name, module, masked(part.run)

    def one(
        self, spec: Definitions, instances: Mapping[int, Instance], texts: Mapping[str, str]
    ) -> Made | None:
        """One class for some calls; None where the spec's words do not make one."""
        first = next(iter(instances.values()))
        given = {word for one in instances.values() for word in spec.given(one.block, one.call)}
        values = {
            i: {**self.given(spec, one), **self.values.get(i, {})} for i, one in instances.items()
        }
        for least in (_LEAST_LOOP, sys.maxsize):  # or every turn of a constant number as a line
            own = {i: dict(value) for i, value in values.items()}
            known = self.network.arguments[""]
            params = Params(spec.blocks[first.block], given, known, own, self.times)
            carrier = Carrier(spec, instances, self.made, texts, params, least)
            try:
                return carrier.write("")
            except NotSaidError:
                continue
        return None

    def given(self, spec: Definitions, instance: Instance) -> dict[str, Value]:
        """What a call gives for each argument; several numbers for an axis each among them."""
        known = instance.arguments or {}
        names = spec.blocks[instance.block].names
        found = {names.get(word, word): value for word, value in known.items()}
        found[IN_CHANNELS] = instance.channels
        written = spec.given(instance.block, instance.call)
        for word, default in spec.blocks[instance.block].args.items():
            if word not in known:
                try:
                    value = expression(written.get(word, default))
                except NotSaidError:
                    continue
                if isinstance(value, tuple) and value:
                    found[names[word]] = value  # type: ignore[assignment]
        return found

    def named(self, made: Made, calls: list[int]) -> dict[str, str]:
        """The code of each call of a class, by its placeholder."""
        assert self.spec is not None, "the class was written from it"
        self.made.update(dict.fromkeys(calls, made))
        return {f"@{i}@": made.call(made.values[i]) for i in calls}
