"""One way in: a file of any format that is read, as a flat graph."""

from typing import BinaryIO, NamedTuple

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.formats import FORMATS, recognized
from convcalc.interop.other_formats import WEIGHTS, refused
from convcalc.interop.overwritten import briefly
from convcalc.interop.prune import cut, pruned, unneeded
from convcalc.shapes import Shape


class Asked(NamedTuple):
    """How a file is to be read."""

    input: Shape | None = None
    """The input's shape, channels last, where the file leaves it open."""
    until: str = ""
    """The node at which the net is to end."""
    unfold: bool = False
    """Put back the batch norms that an exporter merged into convolutions."""
    format: str = ""
    """The format, where the file does not tell."""
    name: str = ""
    file: str = ""
    """The file's own name, where messages call it otherwise."""


_AS_IT_IS = Asked()


def read(path: str, file: BinaryIO, asked: Asked = _AS_IT_IS) -> Flat:
    """The flat graph of a model file.

    Args:
        path: what messages call it.
        file: the open file.
        asked: input size, end, format.

    Raises:
        UnreadableError: it is damaged, too large, or of an unknown format.
        UnsupportedError: some of its operators have no layer kind.
        ModuleNotFoundError: the package that its format needs is not installed.
    """
    head = file.read(2**16)
    file.seek(0)
    found = asked.format or recognized(head, asked.file or path)
    if found == "archive":
        found = _archive(file)
        file.seek(0)
    if found == "refused":
        other = refused(head, path)
        assert other is not None, "the format was recognized"
        raise UnreadableError(f"this is {other.what}: {other.advice}")
    try:
        flat = _flat(path, file, found, asked)
    except UnsupportedError as error:  # what it ends with may come before
        if not asked.until or found in _TRACED:
            raise
        flat = error.part
    if asked.until and found not in _TRACED:
        flat = cut(flat, asked.until)
    elif found not in _TRACED:  # in the others nothing runs that no output needs
        flat = flat._replace(notes=(*flat.notes, *unneeded(flat)))
    flat = briefly(pruned(flat))
    if asked.input is not None and len(flat.inputs) > 1:
        names = ", ".join(plain(item.name) for item in flat.inputs[:4])
        raise UnreadableError(f"it has {len(flat.inputs)} inputs ({names}): --input is for one")
    if len(flat.inputs) == len(flat.items):
        raise UnreadableError("it has no layers: what comes out is what goes in")
    return flat._replace(name=asked.name or flat.name)


_OLD_PROGRAM = "serialized_exported_program.json"  #: a member of torch.export's older archives
_TRACED = frozenset({"onnx", "pt2"})  #: formats whose operations are cut before layers are made


def _flat(path: str, file: BinaryIO, found: str, asked: Asked) -> Flat:
    """The flat graph of a file of a format, whole where that is not traced."""
    match found:
        case "onnx" | "pt2":
            return _traced(path, file, found, asked)
        case "keras":
            from convcalc.interop.read.keras.graph import read as read_keras

            return read_keras(path, file, asked.input)
        case "caffe":
            from convcalc.interop.read.caffe.graph import read as read_caffe

            return read_caffe(path, file.read(2**20 + 1), asked.input)
        case "darknet":
            from convcalc.interop.read.darknet.graph import read as read_darknet

            return read_darknet(path, file.read(2**20 + 1), asked.input)
        case "ultralytics":
            from convcalc.interop.read.ultralytics.graph import read as read_ultralytics

            return read_ultralytics(path, file.read(2**20 + 1), asked.input, asked.file)
        case _:
            known = f"{', '.join(FORMATS)} can be read"
            if path.endswith(SPEC_ENDINGS):
                raise UnreadableError(f"a spec is taken by all commands as it is: {known} here")
            raise UnreadableError(f"an unknown format: {known}")


def _archive(file: BinaryIO) -> str:
    """Which of the formats that are zip archives this is.

    Raises:
        UnreadableError: none of those that are read.
    """
    from convcalc.interop.read.archive import names as names_of

    names = names_of(file)
    if _OLD_PROGRAM in names:  # PyTorch loads it, whatever is packed beside it
        raise UnreadableError(
            "this is a program of PyTorch 2.7 or older: "
            "`torch.export.save(torch.export.load('net.pt2'), 'new.pt2')` with a newer PyTorch "
            "makes a file that can be read"
        )
    if "config.json" in names:
        return "keras"
    if any("models/" in name and name.endswith(".json") for name in names):
        return "pt2"
    if any(name.endswith("data.pkl") for name in names):
        script = any("/code/" in name for name in names)
        what = "TorchScript" if script else "a pickle of torch.save"
        raise UnreadableError(
            f"this is {what}, which is code: `torch.export.save(torch.export.export(model, (x,)), "
            "'net.pt2')` makes a file that can be read"
        )
    if any(name.endswith(".npy") for name in names):
        raise UnreadableError(f"this is {WEIGHTS.what}: {WEIGHTS.advice}")
    raise UnreadableError("an archive without config.json (Keras) or models/*.json (torch.export)")


def _traced(path: str, file: BinaryIO, found: str, asked: Asked) -> Flat:
    """An ONNX or PyTorch file: operations, patterns, layers."""
    from convcalc.interop.lower.kinds import HANDLERS
    from convcalc.interop.lower.lowering import Lowering
    from convcalc.interop.trace.patterns import recognise
    from convcalc.interop.trace.unneeded import unneeded as nothing_needs

    if found == "onnx":
        from convcalc.interop.read.onnx.graph import read as read_onnx
        from convcalc.interop.read.onnx.skim import skimmed

        trace = read_onnx(path, skimmed(file), asked.input)
    else:
        from convcalc.interop.read.pt2.graph import read as read_pt2

        trace = read_pt2(path, file, asked.input)
    trace.ends_early = bool(asked.until)
    trace.notes += nothing_needs(trace)
    if asked.until and not trace.cut(asked.until):
        raise UnreadableError(f"there is no node {asked.until!r} to end at")
    if trace.running is not None:
        trace.run = trace.running()
    recognise(trace)
    return Lowering(trace, asked.unfold).run(HANDLERS)
