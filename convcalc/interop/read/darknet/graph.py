"""A .cfg to a flat graph: each section a layer that later ones may read by number."""

from convcalc.findings import plain
from convcalc.interop.called import called
from convcalc.interop.flat import Flat, NoInputError, SourceCounts, UnreadableError
from convcalc.interop.read.darknet.heads import HEADS, follow, head
from convcalc.interop.read.darknet.reading import Reading
from convcalc.interop.read.darknet.sections import CHANGING, SECTIONS, WORDS
from convcalc.interop.read.darknet.text import MOST_BYTES, Section, sections
from convcalc.layers.option import RejectedError
from convcalc.shapes import Shape, elements


def read(path: str, data: bytes, shape: Shape | None = None) -> Flat:
    """The flat graph of a .cfg.

    Raises:
        UnreadableError: it is damaged, or no net.
        UnsupportedError: some sections have no kind.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES:,} bytes")
    found = sections(data.decode("utf-8", "replace"))
    if not found or found[0].name not in {"net", "network"}:
        raise UnreadableError("the file does not begin with a [net] section")
    return _whole(Reading(path, found), shape)


def _whole(net: Reading, shape: Shape | None) -> Flat:
    """Every section."""
    size = tuple(net.integer(key, 0) for key in ("height", "width", "channels"))
    if size[2] == 0:
        size = (*size[:2], 3)
    if min(size) < 1 and shape is None:
        if net.integer("inputs", 0):
            size = (net.integer("inputs", 0),)
        else:
            which = (
                UnreadableError if {"height", "width"} & set(net.section.options) else NoInputError
            )
            raise which("[net] states no height, width and channels: give --input")
    if shape is None:
        _same_inputs(net, size)
        if len(size) == 3 and not net.integer("channels", 0):
            net.note("[net] states no channels, 3 are assumed: --input HxWxC says others")
    net.at = net.builder.input("input", shape or size)
    repeated = [("net", key, net.section.options[key]) for key in net.section.repeated]
    for number, section in enumerate(net.sections[1:]):
        net.section, net.number = section, number
        repeated += [(net.name, key, section.options[key]) for key in section.repeated]
        sized = net.builder.shape(net.at)
        try:
            _one(net, section)
        except RejectedError as error:
            if sized:  # nothing is said of what stands behind a fault
                text = f"line {section.line}, [{section.name}]: {error}"
                raise UnreadableError(text) from error
        net.ends.append(net.at)
    net.refusals.raise_if_any(_flat(net, [], []))
    heads = list(dict.fromkeys([*net.heads, net.at]))
    notes = [f"{text} ({count} times)" if count > 1 else text for text, count in net.notes.items()]
    if repeated:
        notes.append(_twice(repeated))
    if net.heads:
        notes.append("yolo, region, detection and cost sections are outputs, no layers")
    if not net.builder.items[net.at].inputs:
        raise UnreadableError("the file has no layers")
    return _flat(net, heads, notes)


def _same_inputs(net: Reading, size: Shape) -> None:
    """Refuse a net whose `inputs` are not as many as its volume has: a vector reads those."""
    inputs = net.integer("inputs", 0)
    if len(size) == 3 and min(size) > 0 and inputs not in {0, elements(size)}:
        volume = f"{'x'.join(map(str, size))} are {elements(size):,}"
        raise UnreadableError(f"[net] states {inputs:,} inputs, and {volume}")


def _twice(repeated: list[tuple[str, str, str]]) -> str:
    """What to say of options that sections state again: where, which, and what counts."""
    name, key, value = (plain(text[:40]) for text in repeated[0])
    more = f" (and {len(repeated) - 1:,} more so)" if len(repeated) > 1 else ""
    return f"{name} states {key} twice: the first, {value}, counts, as in darknet{more}"


def _flat(net: Reading, outputs: list[int], notes: list[str]) -> Flat:
    """The layers so far, with these outputs."""
    return Flat(
        net.path,
        "",
        "darknet cfg",
        called(net.builder.items),
        tuple(outputs),
        net.builder.roundings,
        SourceCounts(),
        tuple(notes),
        tuple(net.builder.faults),
    )


def _one(net: Reading, section: Section) -> None:
    """One section: the item after it becomes the one that the next reads."""
    handler = SECTIONS.get(section.name)
    if handler is not None or section.name in HEADS:
        follow(net)
    if section.name in HEADS:
        head(net)
        return
    if handler is None or net.at < 0:
        if handler is None:
            net.refusals.add(f"[{plain(section.name[:40])}]", net.name, [net.at])
        net.at = net.at if section.name == "net" else -1
        return
    for key, neutral in CHANGING.get(section.name, {}).items():
        value = section.options.get(key, neutral[0])
        if value not in neutral and (value.partition("#")[0] not in neutral or key in WORDS):
            net.refuse(f"{section.name} with {key} = {value[:40]}")
            return
    handler(net)
