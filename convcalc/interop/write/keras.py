"""A network as Keras: a function that builds it, channels last, a line a layer."""

import re

from convcalc.analysis.record import Analysis
from convcalc.explain.words import TABLE, in_words
from convcalc.interop.write.words import CannotWriteError, docstring, split_words, variable
from convcalc.network.record import INPUT

_REGISTERS = ("x", "y", "z")
#: a remark for people after a layer's words
_REMARK = re.compile(r" \(right after [^()]*\)")


def write(analysis: Analysis) -> str:
    """The code of a net: `build()` gives the `keras.Model`.

    Raises:
        CannotWriteError: some kinds have no counterpart in Keras.
    """
    network, totals = analysis.network, analysis.totals
    lines, missing = _body(analysis)
    if missing:
        raise CannotWriteError("; ".join(missing))
    title = docstring(network.name or network.source.path)
    said = [f"{docstring(network.origin)}.", ""] if network.origin else []
    head = [
        f'"""{title}.',
        "",
        *said,
        f"{totals.params:,} parameters, {totals.macs:,} MACs an image.",
        '"""',
        "",
        "import keras",
        "from keras import layers",
        "",
        "",
        "def build() -> keras.Model:",
        f'    """{title}."""',
    ]
    return "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n"


def _body(analysis: Analysis) -> tuple[list[str], list[str]]:
    """The lines of the function, and what has no counterpart."""
    network, steps = analysis.network, analysis.network.steps
    last: dict[int, int] = {}
    for index, step in enumerate(steps):
        last.update(dict.fromkeys(step.inputs, index))
    last.update(dict.fromkeys(network.outputs, len(steps)))
    names: dict[int, str] = {}
    shared: dict[tuple[int, int], str] = {}  # by layer and part, such as a flatten and its dense
    until: dict[str, int] = {}
    lines: list[str] = []
    missing: dict[str, str] = {}
    owners = {step.shares for step in steps if step.shares is not None}
    inputs = [i for i, step in enumerate(steps) if step.kind == INPUT]
    for index in inputs:
        name = "inputs" if len(inputs) == 1 else variable(steps[index].name)
        names[index] = name
        lines.append(f"{name} = keras.Input({steps[index].output})")
    for index, row in enumerate(analysis.rows):
        step = row.step
        if step.kind == INPUT:
            continue
        reads = [names[source] for source in step.inputs]
        words = in_words(row, "keras") if step.kind not in {"identity"} else "x"
        words = _REMARK.sub("", words)
        if not words:
            why = TABLE[step.kind].keras
            text = why if isinstance(why, str) else "Keras has no layer with these options"
            missing.setdefault(step.kind, f"{step.name}: {text}")
            names[index] = reads[0]
            continue
        value = reads[0]
        parts = split_words(words) if len(reads) == 1 else ()
        for number, part in enumerate(parts):
            layer = part
            if not part.startswith("layers.") or part.endswith(")(x)"):
                value = re.sub(r"\bx\b", value, part)
                continue
            if index in owners:
                own = variable(step.name)
                layer = shared[index, number] = own if len(parts) == 1 else f"{own}_{number + 1}"
                lines.append(f"{layer} = {part}")
            elif step.shares is not None:
                layer = shared[network.owner(index), number]
            value = f"{layer}({value})"
        if len(reads) > 1:
            value = re.sub(r"\bx(\d+)\b", lambda m, r=reads: str(r[int(m[1]) - 1]), words)  # type: ignore[misc]
        free = [name for name in _REGISTERS if until.get(name, -1) <= index]
        name = free[0] if free else variable(step.name)
        names[index], until[name] = name, last.get(index, index)
        lines.append(f"{name} = {value}")
    ends = [names[i] for i in network.outputs]
    given = [names[i] for i in inputs]
    first = given[0] if len(given) == 1 else f"[{', '.join(given)}]"
    second = ends[0] if len(ends) == 1 else f"[{', '.join(ends)}]"
    lines.append(f"return keras.Model({first}, {second})")
    return lines, list(missing.values())
