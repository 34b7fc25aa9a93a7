"""Branches that do not match where they meet: what each makes, where they split, what to change."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from math import prod

from convcalc.findings import plain
from convcalc.layers.base import Roundings
from convcalc.network.branching import Branching
from convcalc.network.place import Mark
from convcalc.network.record import INPUT, Branch, Step
from convcalc.shapes import Shape, written

_MOST_HELP = 20  #: lines about branches that do not match
_ENLARGING = frozenset({"upsample", "conv_transpose", "pixel_shuffle"})
#: Sandler et al. 2018, section 3.3: a shortcut where the stride is 1 alone
_NO_SHORTCUT = (
    "or as MobileNetV2 and EfficientNet have it: no shortcut where the stride is 2, which is the "
    "layers of that branch alone, without `add`"
)

#: how a help ends of what fits one call of a block
IN_THIS_CALL = " in this call, as an argument of the block where its other calls need another"


class Mismatches:
    """Explains the merges of a net whose inputs differ."""

    #: whether an edit can give an option of a layer a value, where a file may forbid it
    settable: Callable[[Step, str, str], bool] | None = None
    #: the last conv that its condition left out: the calls it is in, its kind and its place
    omitted: tuple[tuple[Mark, ...], str, Mark] | None = None

    def __init__(self, steps: Sequence[Step], roundings: Roundings) -> None:
        self.steps = steps
        self.roundings = roundings
        self.branching = Branching(steps)

    @property
    def exhausted(self) -> bool:
        """Whether no more is looked for."""
        return self.branching.exhausted

    def help(
        self, step: Step, branches: tuple[Branch, ...], known: tuple[str, ...]
    ) -> tuple[str, ...]:
        """What to change, where it is not `known`; and which layers may be another's slip."""
        help = known or self.of_the_net(step, branches)
        help = help or self.gated(step, branches) or self.flattened(step, branches)
        help = help or self.branching.passed_over(step, branches)
        help = help or self.projected(step, branches) or self.unstepped(step, branches)
        help = help or self.astray(branches)
        if len(help) > _MOST_HELP:
            help = (*help[:_MOST_HELP], f"and {len(help) - _MOST_HELP:,} more")
        return (*help, *self.edited(step, branches))

    def of_the_net(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """What to read in a block in place of `input`, which is the net's and not the block's."""
        ends = [b.name for b in branches if self.steps[b.end].kind == INPUT and b.name == INPUT]
        if not ends or not step.units or not step.place.calls:
            return ()
        first = next((one for one in self.steps if step.units[-1] in one.units), None)
        if first is None or any(self.steps[at].kind == INPUT for at in first.inputs):
            return ()
        others = ", ".join(branch.name for branch in branches if branch.name != INPUT)
        way = "give what arrives at the block a name, `- identity:` with `name: start` as its first"
        return (f"`input` is the net's input: {way} layer, and read `from: [start, {others}]`",)

    def described(
        self, step: Step, branches: tuple[Branch, ...], message: str
    ) -> tuple[str, tuple[tuple[str, Mark | None], ...]]:
        """A merge whose inputs differ: every branch with its shape, and where they split."""
        self.branching.searched += len(branches)
        parts = []
        places = []
        for branch in branches:
            end = self.steps[branch.end]
            shape = written(end.output) if end.output else "?"
            parts.append(f"{branch.name} gives {shape}")
            places.append((f"{branch.name} ends here: {shape}", end.place.kind))
        fork = self.branching.fork([branch.end for branch in branches])
        if fork is not None:
            split = self.steps[fork]
            shape = written(split.output) if split.output else "?"
            places.append((f"the branches split after {split.name}: {shape}", split.place.kind))
            parts.append(f"branches split after {split.name}")
        return f"{message.split(', got', maxsplit=1)[0]}: {', '.join(parts)}", tuple(places)

    def projected(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """The 1x1 conv that an identity has to become, where the others make one other shape.

        So has a 1x1 conv that is there and lacks the stride of the others.
        """
        fork = self.branching.fork([branch.end for branch in branches])
        if step.kind != "add" or fork is None:
            return ()
        before = self.steps[fork].output or ()
        from convcalc.network.merge_repairs import unstrided  # only where something is wrong

        kept = {branch: None for branch in branches if self.keeps(branch.end, fork)}
        own: dict[Branch, Step | None] = {}
        if not kept and len(branches) == 2:  # a body and its shortcut
            past = self.branching.own([b.end for b in branches], fork)
            lone_of = (unstrided(self.steps, layers) for layers in past)
            own = dict(zip(branches, lone_of, strict=False))
            kept = {b: None for b, lone in own.items() if lone}
        wanted = {self.steps[b.end].output or () for b in branches if b not in kept}
        if not kept or len(wanted) != 1:
            return ()
        from convcalc.layers.projection import projection

        (shape,) = wanted
        conv = projection(before, shape, self.roundings)
        sized = shape[:-1] != before[:-1]
        help = []
        for branch in kept if conv else ():
            lone = own.get(branch)
            if lone is not None and not sized:
                continue  # its filters alone
            instead = lone.name if lone is not None else "the identity"
            text = f"{branch.name}: `{conv}` in place of {instead} ({written(shape)})"
            if step.place.calls:
                text += IN_THIS_CALL
            help.append(text)
        if help and not any(own.values()):
            help = [*self.left_out(step), *help]
        if help and sized and not any(own.values()) and self.separable(fork, branches, kept):
            help.append(_NO_SHORTCUT)
        if help and not step.place.calls and not any(own.values()):
            help += self.astray(branches)
        return tuple(help)

    def left_out(self, step: Step) -> tuple[str, ...]:
        """The projection that is there and was left out in this call."""
        calls, kind, place = self.omitted or ((), "", None)
        if place is None or not calls or [*map(id, calls)] != [*map(id, step.place.calls)]:
            return ()
        named = "what is repeated in" if kind == "repeat" else f"the {plain(kind)} of"
        return (f"{named} line {place.line} is left out here: its `when` is false",)

    def unstepped(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """The layer that lacks the stride of the others: of a residual body, or of a reduction."""
        fork = self.branching.fork([branch.end for branch in branches])
        if step.kind not in {"add", "concat"} or fork is None:
            return ()
        from convcalc.network import body_stride, double_strides, reductions  # only at a fault

        own = self.branching.own([branch.end for branch in branches], fork)
        twice = double_strides.help(self.steps, step, branches, own, fork, self.roundings)
        if twice:
            return twice
        if step.kind == "add" and len(branches) == 2:
            return body_stride.help(self.steps, branches, own, fork, self.roundings)
        help, certain = reductions.help(self.steps, step.kind, branches, own, fork, self.roundings)
        return help if certain or not help else (*self.astray(branches), *help)

    def separable(self, fork: int, branches: tuple[Branch, ...], kept: Container[Branch]) -> bool:
        """Whether a depthwise conv makes the branch beside an identity smaller."""
        ends = [branch.end for branch in branches if branch not in kept]
        return any(
            self.steps[i].kind == "depthwise_conv" and self.resizes(i)
            for past in self.branching.own(ends, fork)
            for i in past
        )

    def gated(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """How a vector with a number for each channel becomes a gate: an fc forgets the axes."""
        ends = [(branch.name, branch.end) for branch in branches]
        outputs = (self.steps[end].output or () for _, end in ends)
        volume = max(outputs, key=lambda output: (len(output), prod(output[:-1])))
        if step.kind != "multiply" or len(volume) < 2:
            return ()
        gate = (*[1] * (len(volume) - 1), volume[-1])
        help = []
        for name, end in ends:
            output = self.steps[end].output or ()
            if output == volume[-1:]:
                named = ", and its name in `from`" if name == self.steps[end].name else ""
                layer = f"`reshape: {{shape: {written(gate)}}}`"
                help.append(f"{name}: {layer} after {self.steps[end].name}{named}")
            elif output != gate and (len(output) == 1 or output[:-1] == gate[:-1]):
                from convcalc.network.merge_repairs import too_few  # only where one is wrong

                help += too_few(self.steps, name, end, volume[-1])
        return tuple(help)

    def flattened(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """Which volumes have to be vectors as the other inputs are."""
        from convcalc.network.merge_repairs import flattened  # only where something is wrong

        return flattened(self.steps, step.kind, branches)

    def edited(self, step: Step, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """The layers that may have other options, where the net is a file."""
        ends = [branch.end for branch in branches]
        fork = self.branching.fork(ends)
        if step.place.kind is None or step.place.calls or fork is None:
            return ()  # the calls of a block are edited together
        from convcalc.network import merge_repairs as by_edits  # only where one is wrong

        settable = self.settable or by_edits.anything

        spread = by_edits.gates(step.kind, [self.steps[end].output or () for end in ends])
        sizes = {(self.steps[e].output or ())[:-1] for n, e in enumerate(ends) if n not in spread}
        if len({len(size) for size in sizes}) > 1 or () in sizes:
            return ()
        if len(sizes) == 1:
            return by_edits.as_deep(self.steps, ends, spread, settable)
        own = set().union(*self.branching.own(ends, fork))
        return by_edits.padded(self.steps, own, settable)

    def keeps(self, end: int, fork: int) -> bool:
        """Whether a branch ends where it began, with nothing or an identity in it."""
        return end == fork or (
            self.steps[end].kind == "identity" and self.steps[end].inputs == (fork,)
        )

    def astray(self, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """The layer at which each branch leaves the spatial size that the others agree on."""
        fork = self.branching.fork([branch.end for branch in branches])
        sizes = [(self.steps[branch.end].output or ())[:-1] for branch in branches]
        before = (self.steps[fork].output or ())[:-1] if fork is not None else ()
        counts = Counter(sizes)
        common = max(counts, key=lambda size: (counts[size], size == before))
        if fork is None or not common or (counts[common] * 2 <= len(sizes) and common != before):
            return ()
        help = []
        other = branches[sizes.index(common)]
        away = [(b, size) for b, size in zip(branches, sizes, strict=True) if size != common]
        pasts = self.branching.own([branch.end for branch, _ in away], fork)
        for (branch, size), past in zip(away, pasts, strict=False):
            own = sorted(past)
            outputs = [(self.steps[i].output or ())[:-1] for i in own]
            at = next((i for i, s in zip(own, outputs, strict=True) if s != common), fork)
            if any(self.steps[i].kind in _ENLARGING for i in own) and len(size) == len(common):
                help += self.cropped(other, branch, size, common, fork)
            else:
                if before != common:  # all step down: the last that does
                    at = next((i for i in reversed(own) if self.resizes(i)), fork)
                if at == fork:
                    sizes_are = f"stays {written(before)}, {written(common)} expected"
                    help.append(f"{branch.name} {sizes_are}")
                    continue
                step = self.steps[at]
                made = written((step.output or ())[:-1]) or "a vector"
                help.append(
                    f"{branch.name}: {step.name} outputs {made}, {written(common)} expected"
                )
        return tuple(help)

    def resizes(self, index: int) -> bool:
        """Whether a layer makes another spatial size than it reads."""
        step = self.steps[index]
        sizes = {(self.steps[i].output or ())[:-1] for i in (*step.inputs, index)}
        return len(sizes) > 1

    def cropped(
        self, other: Branch, branch: Branch, size: Shape, common: Shape, fork: int
    ) -> list[str]:
        """A branch that went down and up again: no layer of it is wrong, a border is left over."""
        if all(a <= b for a, b in zip(size, common, strict=True)):
            large, small = other, branch
        elif all(a >= b for a, b in zip(size, common, strict=True)):
            large, small = branch, other
        else:
            return []
        from convcalc.network import doubling, factors, pyramids

        both = self.branching.own((other.end, branch.end), fork)
        one, beside = (both[-1], branch.end), (both[0], other.end)
        factor = doubling.other_way_round(self.steps, both[-1] | both[0])
        if any(pyramids.enlarges(self.steps, one.end) is not None for one in (other, branch)):
            self.branching.searched += 8 * sum(map(len, both))  # each conv is tried
        factor += pyramids.help(self.steps, (other, branch), both, self.roundings)
        factor += factors.help(self.steps, one, beside, self.roundings)
        like = self.steps[small.end].name
        least, most = sorted((size, common))
        if any(2 * a <= b for a, b in zip(least, most, strict=True)):
            return [*factor, f"an `upsample` of {like} to {written(most)}"]
        crop = f"a `crop: {{like: {like}}}` that reads {large.name} before it"
        if doubling.fits_elsewhere(self.steps, both, fork, (other.end, branch.end), self.roundings):
            even = "or an input whose sizes divide evenly all the way down (`convcalc sizes`)"
            return [*factor, *self.padded_output(small.end, size, common), crop, even]
        exact = doubling.help(self.steps, both[-1], branch.end, common, self.roundings)
        return [*factor, *(exact or self.padded_output(small.end, size, common)), crop]

    def padded_output(self, end: int, size: Shape, common: Shape) -> list[str]:
        """The rows and columns that a transposed conv at the end of a branch can add itself."""
        step = self.steps[end]
        more = {abs(a - b) for a, b in zip(size, common, strict=True)}
        given = max(getattr(step.layer, "output_pad", ()), default=0)
        stride = min(getattr(step.layer, "stride", ()), default=0)
        same = getattr(step.layer, "pad", ()) == "same"  # has a size of its own
        if step.kind != "conv_transpose" or same or len(more) > 1 or given + max(more) >= stride:
            return []
        most = written(max(size, common))
        return [f"`output_pad: {given + max(more)}` of {step.name} ({most})"]
