"""The inputs of a net: `input`, `inputs`, or the size at the head of a pattern."""

import re

from convcalc.findings import plain
from convcalc.layers.option import shown
from convcalc.network.graph import Graph
from convcalc.network.place import Place
from convcalc.network.record import INPUT, Step
from convcalc.quantity import counted
from convcalc.shapes import Shape, as_image, axis_names, nearly_shape, parse_shape, written
from convcalc.spec.as_text import text_of
from convcalc.spec.values import NoValueError, Reader
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence

_BATCH = re.compile(r"[(\[]?\s*(?:None|-1|\?|[NB])\s*[,x]")  #: of any size, in other tools

_SHOWN = 20  #: inputs that a help writes out


#: The place of an input that a file does not state: its beginning.
UNWRITTEN = Place(Marked("", True, 0, 1))


def add_inputs(root: Mapping, graph: Graph, reader: Reader, forced: Shape | None) -> int:
    """Put the inputs of a net into its graph; gives the one that the first layer reads.

    `forced` is the size that the command line gives, in place of the file's.
    """
    one, many = root.get("input"), root.get("inputs")
    if one is not None and many is not None:
        text, help = "input and inputs are both given", ("keep one of them",)
        reader.remarks.error("CC010", text, root.entries["inputs"][0], "", help)
    if isinstance(many, Mapping) and one is None and many.entries:
        first = len(graph.steps)
        for name, (key, value) in many.entries.items():
            shape = _shape(value, reader)
            if len(many.entries) == 1 and forced:
                shape = _alike(forced, shape, value, reader)
            graph.add_input(name, shape, Place(key))
        return first
    if many is not None and one is None:
        listed = _named(many) if isinstance(many, Sequence) and len(many.items) <= _SHOWN else ""
        help = (f"`inputs: {{{_named(many) or 'image: 224x224x3, depth: 224x224x1'}}}`",)
        if listed:
            help = (f"did you mean `{{{listed}}}`?",)
        if size := _one(many):
            help = (f"write `input: {size}` in place of `inputs: {text_of(many)}`",)
        reader.remarks.error("CC014", "inputs must be a mapping of names", many, "", help)
        if listed and not forced and (named := _listed(many)):
            first = len(graph.steps)
            for name, (key, value) in named.items():
                graph.add_input(name, _shape(value, reader), Place(key))
            return first
        return graph.add_input(INPUT, forced, Place(Marked("", True, 0, 1)))
    if forced and one is not None:
        return graph.add_input(INPUT, _alike(forced, _stated(one), one, reader), Place(one))
    if forced:
        return graph.add_input(INPUT, forced, UNWRITTEN)
    if one is not None:
        return graph.add_input(INPUT, _shape(one, reader), Place(one))
    layers = root.get("layers")
    if root.entries and not _names_input(layers):
        mark = next(iter(root.entries.values()))[0]
        from convcalc.spec.stated_input import first_input  # only where it is missing

        help = ("`input: 224x224x3` (height x width x channels), or --input 224x224x3",)
        if stated := first_input(layers):
            help = (f"write `input: {stated}` above `layers:`, as the first layer says",)
        reader.remarks.error("CC013", "the spec has no input", mark, "", help)
    return graph.add_input(INPUT, None, UNWRITTEN)


def as_layer(word: str, value: Node | None, arriving: Step) -> tuple[str, ...]:
    """Help for the input as a layer, ``- input: 32x32x3``; () for any other entry."""
    from convcalc.spec.stated_input import input_of, is_input

    if not is_input(word) or value is None:
        return ()
    shape = input_of(word, value)
    if not shape:
        return ("the input is a key of the file: `input: 224x224x3`",)
    if arriving.kind == INPUT and arriving.output and shape == written(arriving.output):
        return (f"leave out `{plain(word)}`: the input is a key of the file",)
    return (f"the input is a key of the file: `input: {shape}`",)


def _stated(node: Node) -> Shape | None:
    """The file's own shape, which another one replaces: no word where it is not readable."""
    if isinstance(node, Mapping):
        known = next((n for n in (3, 2, 1) if all(a in node.entries for a in axis_names(n))), 0)
        sides = [node.get(side) for side in (*axis_names(known), "channels")] if known else []
        texts = [side.text if isinstance(side, Scalar) else "" for side in sides]
        return parse_shape("x".join(texts))
    return parse_shape(node.text) if isinstance(node, Scalar) else None


def _alike(forced: Shape, own: Shape | None, node: Node, reader: Reader) -> Shape | None:
    """The shape that replaces the file's own, if it is one of the same kind of image.

    None where it is not: sizes of the file's own input are not what was asked for.
    """
    if own is None or (len(forced) == len(own) and forced[-1] == own[-1]):
        return forced
    sides = ", ".join(f"{a} {n}" for a, n in zip(axis_names(len(forced) - 1), forced, strict=False))
    text = (
        f"input {written(forced)} means {sides}{', ' if sides else ''}"
        f"{counted(forced[-1], 'channel')}: the file's input is {written(own)}"
    )
    meant = _meant(forced, own)
    such = f", such as {written(own)}" if len(forced) == 1 < len(own) else ""
    order = f"sizes are height x width x channels{such}; the batch is --batch"
    help = (f"did you mean {written(meant)}? {order}",) if meant else (order,)
    if len(forced) == len(own) and not meant:
        help = ("other channels make another net: change `input:` in the file",)
    reader.remarks.error("CC014", text, node, "", help)
    return None


def _meant(forced: Shape, own: Shape) -> Shape | None:
    """What a shape in another order, with a batch or without channels, probably means."""
    channels = own[-1]
    without_batch = forced[1:] if len(forced) == len(own) + 1 else forced
    if len(without_batch) == len(own) and without_batch[-1] == channels:
        return without_batch  # NxHxWxC
    if len(without_batch) == len(own) and without_batch[0] == channels:
        return (*without_batch[1:], channels)  # CxHxW or NxCxHxW
    return (*forced, channels) if len(forced) == len(own) - 1 else None


def _shape(node: Node, reader: Reader) -> Shape | None:
    """An input's shape: HxWxC or a mapping of its sides."""
    if isinstance(node, Scalar) and node.text[:1] != "=":
        shape = parse_shape(node.text)
        if shape:
            return shape
        got = plain(node.text)
    elif isinstance(node, Mapping):
        return _sides(node, reader)
    else:
        items = node.items if isinstance(node, Sequence) else []
        sizes = [item.text for item in items[:5] if isinstance(item, Scalar)]
        got = f"[{', '.join(sizes)}]" if len(sizes) == len(items) else "a list"
        got = plain(got if isinstance(node, Sequence) else getattr(node, "text", ""))
    from convcalc.spec.characters import QUOTES, odd_character  # only where something is wrong

    help: tuple[str, ...] = ("height x width x channels, such as 224x224x3; 4000x1 for sound",)
    given = node.text.strip(QUOTES).rstrip(",; ") if isinstance(node, Scalar) else got[1:-1]
    bare, comment, said = given.partition("//")
    if meant := nearly_shape(given):
        help = (_ordered(meant),)
    elif comment and (meant := nearly_shape(bare)):
        help = (f"did you mean `{meant} # {said.strip()}`?", "a comment begins with `#`")
    elif (batch := _BATCH.match(given)) and (meant := nearly_shape(given[batch.end() :])):
        help = (_with_batch(_ordered(meant)),)
    if isinstance(node, Scalar) and any(c.isalpha() and not c.isascii() for c in node.text):
        odd = odd_character(node.text)
        help = (f"{help[0]} {odd}",) if help[0].endswith("?") else (odd, *help)
    reader.remarks.error("CC014", f"expected a shape, got {got!r}", node, "", help)
    return None


def _with_batch(help: str) -> str:
    return f"{help}{'' if help.endswith('?') else ';'} the batch is --batch"


def _ordered(meant: str) -> str:
    """The shape that was meant, with the channels last where they plainly come first."""
    sizes = [int(size) for size in meant.split("x")]
    if image := as_image((*sizes,)):
        turned = " channels come last" * (image[-1] != sizes[-1])
        help = f"did you mean `{written(image)}`?{turned}"
        return _with_batch(help) if len(sizes) > len(image) else help
    if len(sizes) == 4 and sizes[3] <= 4 < sizes[0]:
        return (
            f"an image is `{written((*sizes[1:],))}`, the batch is --batch; a volume is `{meant}`"
        )
    if len(sizes) == 2 and sizes[0] <= 4 < sizes[1]:
        last = "x".join(map(str, [*sizes[1:], sizes[0]]))
        return f"did you mean `{last}`? channels come last"
    if len(sizes) == 2 and sizes[0] <= sizes[1]:
        return f"an image has channels too, `{meant}x3`; a sequence is length x channels"
    return f"did you mean `{meant}`?"


def _sides(node: Mapping, reader: Reader) -> Shape | None:
    """``{height:, width:, channels:}``, and the like for one and three axes."""
    known = ("depth", "height", "width", "length", "channels")
    strange = False
    for word, (key, _) in node.entries.items():
        if word not in known:
            if not strange and (named := _shapes(_pairs(node), 2)):
                text = "inputs with names have a key of their own"
                reader.remarks.error("CC010", text, node, "", (f"`inputs: {{{named}}}`",))
                return None
            strange = True
            close = next((side for side in known if side[0] == word.lower()), "")
            close = close or reader.remarks.suggest.nearest(word, known)
            help = (f"did you mean `{close}`?",) if close else ()
            text = f"an input has no {plain(word)!r}"
            reader.remarks.error("CC010", text, key, "unknown", help)
    axes = next((n for n in (3, 2, 1) if all(a in node.entries for a in axis_names(n))), 0)
    wanted = (*axis_names(axes), "channels") if axes else ("height", "width", "channels")
    missing = [side for side in wanted if side not in node.entries]
    if missing and strange:
        return None
    if missing:
        text = f"the input needs {' and '.join(missing)}"
        reader.remarks.error("CC013", text, node, "", ("`{height: 224, width: 224, channels: 3}`",))
        return None
    sizes = []
    for side in wanted:
        try:
            value = reader.value(node.entries[side][1])
        except NoValueError:
            continue
        shape = parse_shape(str(value)) if isinstance(value, int) else None
        if shape is None:
            text = f"{side}: expected a positive integer, got {shown(value)}"
            reader.remarks.error("CC014", text, node.entries[side][1])
            continue
        sizes.append(shape[0])
    return tuple(sizes) if len(sizes) == len(wanted) else None


def _names_input(layers: Node | None) -> bool:
    """Whether a pattern states the input's size itself (``input-32x32x3 -> ...``)."""
    first = layers.items[0] if isinstance(layers, Sequence) and layers.items else layers
    return isinstance(first, Scalar) and first.text.lower().lstrip("[ ").startswith("input-")


def _one(many: Node) -> str:
    """The size of a single input without a name, as a word or a list; '' for others."""
    texts = [getattr(item, "text", "") for item in getattr(many, "items", [many])[:_SHOWN]]
    size = "x".join(texts)
    alone = len(texts) == 1 or all(text.isdecimal() for text in texts)
    return size if alone and len(parse_shape(size) or ()) > 1 else ""


def _named(many: Node) -> str:
    """Inputs that are listed, as a mapping has them; '' where one is no shape."""
    pairs: list[tuple[str, Node]] = []
    for number, item in enumerate(many.items if isinstance(many, Sequence) else (), 1):
        pairs += _pairs(item) if isinstance(item, Mapping) else [(f"input{number}", item)]
    return _shapes(pairs, 1)


def _listed(many: Node) -> dict[str, tuple[Scalar, Node]]:
    """Inputs with names in a list; {} where one has none, or that of another."""
    items = many.items if isinstance(many, Sequence) else []
    pairs = [pair for item in items if isinstance(item, Mapping) for pair in item.entries.items()]
    named = len(pairs) >= len(items) and all(isinstance(item, Mapping) for item in items)
    return dict(pairs) if named and len(dict(pairs)) == len(pairs) else {}


def _pairs(node: Mapping) -> list[tuple[str, Node]]:
    return [(word, value) for word, (_, value) in node.entries.items()]


def _shapes(pairs: list[tuple[str, Node]], axes: int) -> str:
    """Names with shapes as a mapping has them; '' where one is no shape, or of fewer axes."""
    texts = [(name, getattr(value, "text", "")) for name, value in pairs[:_SHOWN]]
    if not all(len(parse_shape(text) or ()) >= axes for _, text in texts):
        return ""
    return ", ".join(f"{plain(name)}: {text}" for name, text in texts)
