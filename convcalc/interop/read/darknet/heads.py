"""Sections that end a net: how many numbers darknet wants to arrive, and what may follow them.

`[yolo]` and its kin give on the volume that they read. `[cost]`, `[detection]` and `[softmax]` give
a row of numbers (`make_cost_layer` and the others set `outputs`, no `out_h`, `out_w`, `out_c`): a
layer behind them that wants a volume stops darknet ("must output image") or has one of nothing.
"""

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.darknet.reading import Reading
from convcalc.quantity import counted
from convcalc.shapes import elements

#: sections of detectors and training, which add no layer
HEADS = frozenset(("yolo", "region", "detection", "cost", "Gaussian_yolo", "iseg"))
#: sections that give a row of numbers, whatever they read
_ROWS = frozenset(("cost", "detection", "softmax", "soft"))
#: those that read a row of numbers; the others want height, width and channels
_OF_ROWS = _ROWS | {"connected", "conn", "dropout", "activation", "route"}
#: of those, which give what they read
_PASSING = frozenset(("dropout", "activation"))
#: numbers of a box beside its classes
_BOX = {"yolo": 5, "Gaussian_yolo": 9}


def head(net: Reading) -> None:
    """One of HEADS: no layer, but what it reads is an output.

    Raises:
        UnreadableError: darknet refuses what arrives.
    """
    shape = net.builder.shape(net.at) if net.at >= 0 else ()
    if shape:
        said, wanted = _wanted(net)
        row = net.section.name == "detection"
        found = elements(shape) if row else shape[-1]
        if wanted is not None and wanted != found:
            what, change = ("number", "output") if row else ("channel", "filters")
            raise UnreadableError(
                f"{net.place}: darknet stops unless {said} = {counted(wanted, what)} arrive, and "
                f"{found:,} do: write {change}={wanted} in the layer before it, or other options "
                "here"
            )
    net.heads.append(net.at)


def _wanted(net: Reading) -> tuple[str, int | None]:
    """How many channels, or numbers, a head wants, in words too; None where any do."""
    name = net.section.name
    if name == "cost":
        return "", None
    classes = net.integer("classes", 1 if name == "detection" else 20)
    if name == "iseg":
        ids = net.integer("ids", 32)
        return f"{classes} classes + {ids} ids", classes + ids
    count = net.integer("num", 1)
    if name == "detection":
        coords, side = net.integer("coords", 1), net.integer("side", 7)
        boxes = f"(1 + {coords} coords)*{count} num + {classes} classes"
        return f"side {side}^2*({boxes})", side**2 * ((1 + coords) * count + classes)
    box = _BOX.get(name) or net.integer("coords", 4) + 1
    mask = net.text("mask") if name in _BOX else None
    boxes = f"num {count}"
    if mask is not None:
        count = mask.count(",") + 1
        boxes = f"{count} of mask"
    return f"{boxes}*({classes} classes + {box})", count * (classes + box)


def follow(net: Reading) -> None:
    """Before a section: refuse one that wants a volume and reads a row.

    Raises:
        UnreadableError: darknet refuses it.
    """
    name, before = net.section.name, net.number - 1
    named = net.numbers(_NAMED[name]) if name in _NAMED else []
    reads = [] if name == "route" else [before]
    rows = [number for number in (*reads, *named) if number in net.rows]
    if name in _ROWS or (rows and name in {*_PASSING, "route"}):
        net.rows.add(net.number)
    if rows and name not in _OF_ROWS:
        volumes = (number for number in range(before, -1, -1) if number not in net.rows)
        last = next(volumes, None)
        instead = "" if last is None else f": [route] with layers={last} before it reads a volume"
        other = net.sections[rows[0] + 1].name
        raise UnreadableError(
            f"{net.place}: reads [{other}], which in darknet gives a row of numbers, no height, "
            f"width and channels{instead}"
        )
    if before >= 0 and name not in _OF_ROWS and net.sections[net.number].name == "region":
        net.note("pjreddie's darknet reads a layer behind [region], AlexeyAB's stops there")


#: where a section names others
_NAMED = {"route": "layers", "shortcut": "from", "scale_channels": "from", "sam": "from"}
