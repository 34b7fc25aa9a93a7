"""Who overwrites whom: which layers make a new volume and which work in place.

The default (memory.md, section 2): relu and its kin and add overwrite their (first) input wherever
nothing else reads it. Two more conditions keep that always right: the network's input is the
caller's and stays, and so does what a backward pass needs again (a sigmoid's output, the input of a
leaky relu with a slope below 0), where frameworks would stop with an error. A dropout hands its
input on in inference, so what reads that input counts too.
"""

from collections.abc import Sequence

from convcalc.findings import Finding, Related, Severity
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT, OUTSIDE, Network, Step
from convcalc.records import NamedTuple
from convcalc.shapes import elements


class _Reads(NamedTuple):
    """The step that owns the storage of each, and the readers of a storage, by its owner."""

    owners: list[int]
    readers: dict[int, list[int]]
    owners_run: list[int]
    """In inference, where dropouts hand their inputs on."""
    readers_run: dict[int, list[int]]


_WIDTH = 4  #: bytes of a number; which inputs are kept is the same at any


def in_place(network: Network) -> tuple[list[bool], list[Finding]]:
    """For each step whether its output is its (first) input's storage, and what that destroys."""
    steps = network.steps
    views = [step.layer is not None and step.layer.is_view for step in steps]
    asking = [
        index for index, step in enumerate(steps) if not views[index] and _may_overwrite(step)
    ]
    reads = _reads(network, views, asking)
    findings: list[Finding] = []
    learning: list[bool] = []  # worked out where it is asked for
    decided = views[:]
    for index in asking:
        step = steps[index]
        layer = step.layer
        if layer is None:
            continue
        explicit = layer.works_in_place()
        if explicit is None:
            decided[index] = _may_go(steps, index, reads, decided)
            continue
        decided[index] = explicit
        owners, readers, owners_run, readers_run = reads
        owner, run = owners[step.inputs[0]], owners_run[step.inputs[0]]
        if explicit and "CC122" not in step.ignore:
            held_by = [(owner, readers[owner])]
            if not layer.identity_in_inference:  # a dropout overwrites nothing there
                held_by.append((run, readers_run[run]))
            for held, read in held_by:
                others = (other for other in read if other != index)
                other = next((o for o in others if not _has_read(steps, o, index, decided)), None)
                if other is not None:
                    findings.append(_destroys(network, step, steps[held], other))
                    break
            else:
                kept = not _may_be_overwritten(steps[owner], decided[owner])
                before = [reader for reader in readers[owner] if reader != index]
                if kept or layer.needs_input_for or before:
                    learning = learning or _learning(network)
                    saves = (r for r in before if learning[r] and _saves(network, r, owner, owners))
                    saved = next(saves, None)
                    if saved is not None:
                        findings.append(_saved(network, step, steps[owner], steps[saved]))
                    elif (kept or layer.needs_input_for) and learning[owner]:
                        findings.append(_untrainable(network, step, steps[owner], kept))
    return decided, findings


def needless(network: Network) -> set[int]:
    """The steps whose `in_place` option says what is decided without it."""
    steps = network.steps
    views = [step.layer is not None and step.layer.is_view for step in steps]
    asking = [index for index, step in enumerate(steps) if not views[index] and _overwrites(step)]
    reads = _reads(network, views, asking)
    found, waiting = set[int](), set(asking)
    decided = views[:]
    for index, step in enumerate(steps):
        said = None if step.layer is None else step.layer.works_in_place()
        default = index in waiting and _may_go(steps, index, reads, decided)
        if not views[index]:
            decided[index] = default if said is None else said
        if said is not None and (said is default or views[index]):
            found.add(index)
    return found


def _may_go(steps: Sequence[Step], index: int, reads: _Reads, decided: list[bool]) -> bool:
    """Whether a step may overwrite what it alone reads: no caller keeps it, nor its maker."""
    source = steps[index].inputs[0]
    owner, run = reads.owners[source], reads.owners_run[source]
    return (
        reads.readers[owner] == [index] == reads.readers_run[run]
        and steps[run].kind != INPUT
        and _may_be_overwritten(steps[owner], decided[owner])
    )


def _has_read(steps: Sequence[Step], reader: int, index: int, decided: list[bool]) -> bool:
    """Whether a reader is done with its input before a step overwrites it: it made numbers anew.

    What rearranges is a view in PyTorch or may be one, and what hands its input on is it.
    """
    if reader == OUTSIDE or reader > index or decided[reader]:
        return False
    step = steps[reader]
    layer, source = step.layer, steps[step.inputs[0]].output
    if layer is None or layer.identity_in_inference or step.output is None or source is None:
        return False
    if layer.family is Family.REARRANGEMENT:
        return elements(step.output) > elements(source)  # more numbers than a view can have
    return True


def _saves(network: Network, reader: int, owner: int, owners: list[int]) -> bool:
    """Whether a reader keeps what it reads of a storage for its gradient."""
    step = network.steps[reader]
    shapes = tuple([network.steps[i].output or () for i in step.inputs])
    if step.layer is None or step.output is None or not all(shapes):
        return False
    kept = step.layer.saved_for_backward(shapes, step.output, False, _WIDTH).inputs
    return any(owners[step.inputs[place]] == owner for place in kept)


def _may_overwrite(step: Step) -> bool:
    """Whether it matters to a layer that makes numbers who else reads what it reads."""
    layer = step.layer
    if layer is None or not step.inputs:
        return False
    explicit = layer.works_in_place()
    return _overwrites(step) if explicit is None else explicit


def _overwrites(step: Step) -> bool:
    """Whether a layer overwrites what nothing else reads where no option says."""
    layer = step.layer
    if layer is None or not step.inputs:
        return False
    return layer.in_place_by_default and not layer.needs_input_for


def _reads(network: Network, views: list[bool], asking: list[int]) -> _Reads:
    """Who owns what some steps read first, and who else reads it."""
    owners = network.storages(views)
    readers = _readers(network, owners, asking)
    passed = [
        view or (step.layer is not None and step.layer.identity_in_inference)
        for view, step in zip(views, network.steps, strict=True)
    ]
    if passed == views:
        return _Reads(owners, readers, owners, readers)
    owners_run = network.storages(passed)
    return _Reads(owners, readers, owners_run, _readers(network, owners_run, asking))


def _readers(network: Network, owners: list[int], asking: list[int]) -> dict[int, list[int]]:
    """Every reader, in order, of each storage that some steps read first of all.

    A layer that only renames a storage reads nothing.
    """
    steps = network.steps
    found: dict[int, list[int]] = {owners[steps[index].inputs[0]]: [] for index in asking}
    if not found:
        return found
    for index, step in enumerate(steps):
        if owners[index] == index:
            for source in step.inputs:
                readers = found.get(owners[source])
                if readers is not None:
                    readers.append(index)
    for index in network.outputs:
        if owners[index] in found:
            found[owners[index]].append(OUTSIDE)
    return found


def _may_be_overwritten(owner: Step, owner_in_place: bool) -> bool:
    layer = owner.layer
    if layer is None:
        return owner.kind != INPUT
    return not (layer.saves_output or (owner_in_place and layer.saves_output_in_place))


def _learning(network: Network) -> list[bool]:
    """For each step whether a gradient comes through it: it or something before it learns."""
    found: list[bool] = []
    for step in network.steps:
        shapes = [network.steps[i].output for i in step.inputs]
        known = tuple([shape for shape in shapes if shape is not None])
        own = False
        if step.layer is not None and step.output is not None and len(known) == len(shapes):
            own = step.layer.parameters(known, step.output).learned > 0
        found.append(own or any(found[i] for i in step.inputs))
    return found


def _untrainable(network: Network, step: Step, owner: Step, kept: bool) -> Finding:
    """What is overwritten is needed for a gradient: its maker's where that keeps it, or its own."""
    if kept:
        what = f"what {owner.name} makes and needs again for its gradient"
        related = network.also(f"{owner.name} keeps its output", owner)
    else:
        assert step.layer is not None, "only layers overwrite"
        what = f"its input, which its gradient needs with {step.layer.needs_input_for}"
        related = ()
    return network.finding(
        step,
        "CC122",
        Severity.WARNING,
        f"{step.name} overwrites {what}",
        "in place",
        ("remove in_place: PyTorch refuses the backward pass of such a net",),
        related,
        "in_place",
    )


def _saved(network: Network, step: Step, owner: Step, reader: Step) -> Finding:
    """What is overwritten was read before, and is kept for that reader's gradient."""
    return network.finding(
        step,
        "CC122",
        Severity.WARNING,
        f"{step.name} overwrites {owner.name}, which {reader.name} needs again for its gradient",
        "in place",
        ("remove in_place: PyTorch refuses the backward pass of such a net",),
        network.also(f"{reader.name} reads it", reader),
        "in_place",
    )


def _destroys(network: Network, step: Step, owner: Step, other: int) -> Finding:
    related: tuple[Related, ...] = ()
    if other == OUTSIDE:
        reader = "is an output of the network"
    else:
        victim = network.steps[other]
        reader = f"{victim.name} also reads"
        related = network.also(f"{victim.name} reads it", victim)
    return network.finding(
        step,
        "CC122",
        Severity.WARNING,
        f"{step.name} overwrites {owner.name}, which {reader}",
        "in place",
        ("remove in_place: it is decided from who reads the input",),
        related,
        "in_place",
    )
