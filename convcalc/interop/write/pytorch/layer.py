"""A layer as PyTorch code: the module it needs, and the expression that runs it."""

import re

from convcalc.analysis.record import Row
from convcalc.explain.words import in_words
from convcalc.interop.write.pytorch.written_out import written_out
from convcalc.interop.write.runs import Line
from convcalc.interop.write.words import split_words

_OUT_OF_PLACE = re.compile(r"(, )?inplace=False(?=\))")

_USUAL = re.compile(r", (stride=1|padding=0|groups=1|bias=True)(?=[,)])")

#: a class of a block, whose own argument may be called so
_OWN_CLASS = re.compile(r"(?<![.\w])[A-Z]\w*\(")

_SLICE = re.compile(r"\[:, ([^:\]]+):([^:\]]+)\]")

_CALLED = re.compile(r"(nn\.\w+\(.*?\))\((x\..*)\)(\.(?:movedim|squeeze)\(.*\))\Z")


def line_of(row: Row) -> Line | None:
    """The layer's words, taken apart into a module and how it is run; None where it has none."""
    kind, step = row.step.kind, row.step
    assert step.layer is not None, "inputs have no words"
    own = step.layer.__dict__
    if kind == "identity":
        return Line("", "{0}")
    if kind == "flatten":
        return Line("", "{0}.flatten(1)")
    if kind == "scale" and own["by"] is None:
        size = "1" if own["factors"] == "one" else str(row.inputs[0][-1])
        bias = ", bias=True" if own["bias"] else ""
        return Line(f"Scale({size}{bias})", "{m}({0})")
    if kind == "batch_norm" and own["affine"] in {"scale", "shift"}:
        alone = "bias" if own["affine"] == "scale" else "weight"
        axes = max(len(row.inputs[0]) - 1, 1)
        norm = f"nn.BatchNorm{axes}d({row.inputs[0][-1]})"
        return Line(f'without({norm}, "{alone}")', "{m}({0})")
    written = written_out(row)
    if written is not None:
        return written
    words = in_words(row, "pytorch")
    if not words or "running_mean" in words:  # a function of buffers that no module has
        return None
    if kind == "add":
        return _sum(row)
    found = _CALLED.match(words)
    if found:
        inner = found[2].replace("x.", "{0}.", 1)
        return Line(found[1], f"{{m}}({inner}){found[3]}")
    if words.startswith("nn."):
        *before, module = split_words(words)
        if not row.in_place and in_words(row._replace(in_place=True), "pytorch") != words:
            module = f"{module[:-1]}{'' if module.endswith('()') else ', '}inplace=False)"
        if module.startswith("nn.Conv"):
            module = _spelled(module)
        read = "{0}"
        for part in before:
            read = _before(part, read)
        return Line(module, f"{{m}}({read})")
    run = re.sub(r"\bx(\d+)\b", lambda m: f"{{{int(m[1]) - 1}}}", words)
    return Line("", re.sub(r"\bx\b", "{0}", run))


def _sum(row: Row) -> Line:
    """One after the other, into the first where it is overwritten."""
    first, *others = (f"{{{i}}}" for i in range(len(row.inputs)))
    if not row.in_place and not others:
        return Line("", f"{first}.clone()")
    if not row.in_place:
        return Line("", " + ".join((first, *others)))
    return Line("", "".join((first, *(f".add_({other})" for other in others))))


def _before(part: str, read: str) -> str:
    """A module without weights that goes before another, as an expression."""
    if part.startswith("nn.Flatten("):
        return f"{read}.flatten(1)"
    found = re.match(r"nn\.(Zero|Constant|Reflection|Replication)Pad\dd\((\(.*?\))(.*)\)\Z", part)
    if found:
        mode = {"Reflection": ', mode="reflect"', "Replication": ', mode="replicate"'}
        value = found[3].replace(", ", ", value=", 1) if found[1] == "Constant" else ""
        return f"F.pad({read}, {found[2]}{mode.get(found[1], value)})"
    return f"{part}({read})"


def _spelled(module: str) -> str:
    """A convolution with all options, even where they are PyTorch's own: `brief` undoes it.

    Blocks that differ in a stride alone are one class so.
    """
    if not module.endswith("bias=False)"):
        module = f"{module[:-1]}, bias=True)"
    if "groups=" not in module:
        module = module.replace(", bias=", ", groups=1, bias=")
    if "stride=" not in module:
        module = re.sub(r"(kernel_size=(\([^)]*\)|\d+))", r"\1, stride=1", module)
    if "padding=" not in module:
        module = re.sub(r"(stride=(\([^)]*\)|\d+))", r"\1, padding=0", module)
    return module


def brief(line: str) -> str:
    """A module without the options that PyTorch takes anyway, a slice as it is spelled."""
    line = _USUAL.sub("", line) if "nn.Conv" in line else line
    if "inplace=False" in line and not _OWN_CLASS.search(line):
        line = _OUT_OF_PLACE.sub("", line)
    return _SLICE.sub(_slice, line)


def _slice(found: re.Match[str]) -> str:
    first, last = found[1], found[2]
    gap = " " if " " in first + last else ""
    return f"[:, {'' if first == '0' else first + gap}:{gap}{last}]"
