"""A network as Keras: a function for each block and `build()`, which makes the model."""

import textwrap

from convcalc.analysis.record import Analysis
from convcalc.interop.write.keras.functions import (
    Functions,
    Instance,
    arguments_of,
    chained,
    finished,
    looped,
)
from convcalc.interop.write.keras.layer import line_of, why_not
from convcalc.interop.write.keras.own import OWN
from convcalc.interop.write.layers import (
    WIDTH,
    asked_to_overwrite,
    introduction,
    left_out,
    lines_of,
)
from convcalc.interop.write.runs import VARIABLES, Line, Net, Runs, inputs_of
from convcalc.interop.write.shared import refuse_unlike
from convcalc.interop.write.words import Names, docstring, folded, variable
from convcalc.network.groups import Edges, Group, grouped
from convcalc.network.record import INPUT

_LEAST_LOOP = 3
_OWN = frozenset(word.rstrip("(") for word in OWN)


def write(analysis: Analysis) -> str:
    """The code of a net: `build()` gives the `keras.Model`.

    Raises:
        CannotWriteError: some kinds have no counterpart in Keras.
    """
    lines = lines_of(analysis.rows, line_of, why_not)
    network, functions = analysis.network, Functions()
    refuse_unlike(network, lines)
    own = _OWN | arguments_of("\n".join(line for both in lines.values() for line in both))
    net = Net(network, Edges(network), lines, own=own)
    inputs = [(i, step) for i, step in enumerate(network.steps) if step.kind == INPUT]
    # the model names its inputs at the end: no other value may have taken their place
    names = inputs_of(network, _OWN | {*VARIABLES})
    if len(inputs) == 1:
        names = {inputs[0][0]: "inputs"}
    top = _body(net, functions, grouped(network), names)
    blocks = functions.text({*own, *names.values()}, top)
    body = finished(looped(functions.resolved(top), _LEAST_LOOP))
    ends = body.pop().removeprefix("return ").split(", ")
    made = [f"{names[i]} = keras.Input({step.output})" for i, step in inputs]
    title = textwrap.shorten(docstring(network.name or network.source.path), WIDTH - 12)
    whole = [
        *_head(analysis, lines, title),
        *blocks,
        "",
        "",
        "def build() -> keras.Model:",
        f'    """{title}."""',
        *(f"    {line}" for line in (*made, *chained(body))),
        f"    return keras.Model({_one_or_list(list(names.values()))}, {_one_or_list(ends)})",
    ]
    return "\n".join(map(folded, whole)) + "\n"


def _one_or_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _head(analysis: Analysis, lines: dict[int, Line], title: str) -> list[str]:
    code = "\n".join(part for line in lines.values() for part in line)
    lost = left_out(analysis.network, asked_to_overwrite(analysis.network))
    head = introduction(analysis, title, lost)
    brought = [line for word, own in OWN.items() if word in code for line in ("", "", *own)]
    if "LocallyConnected(" in code:
        head += ["import math", "", "import keras", "import numpy as np"]
    else:
        head.append("import keras")
    if "layers." in "\n".join((code, *brought)):
        head.append("from keras import layers")
    return [*head, *brought]


def _body(net: Net, functions: Functions, group: Group, inputs: dict[int, str]) -> list[str]:
    """The lines of a group: layers with weights that others share are made before the rest."""
    runs, first = Runs(net, group, inputs), []
    steps = net.network.steps
    taken = Names((*inputs.values(), *VARIABLES, *net.own))
    waiting: list[Group | int] = [*reversed(group.children.values())]
    while waiting:
        child = waiting.pop()
        if isinstance(child, int):
            module = net.lines[child].module
            runs.layers.append(child)
            if child in net.edges.sharing:
                runs.place[child] = taken.free(variable(steps[child].name))
                first.append(f"{runs.place[child]} = {module}")
            else:
                runs.place[child] = module
        elif net.edges.closed(child):
            entry = net.edges.entry(child)
            arrives = steps[entry].output if entry is not None else None
            inner = _body(net, functions, child, {})
            instance = Instance(tuple(inner), arrives[-1] if arrives else 0)
            runs.group(child, functions.call(child.base, instance))
        else:
            waiting += reversed(child.children.values())
    return [*first, *runs.lines()]
