"""Any legal names of layers, blocks, arguments and inputs: exported code runs, and keeps them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.names import is_taken
from convcalc.spec.load import load
from tests.interop.test_write_names import keys, runs_in_keras

_WORDS = """
    a b x y z i _ __x self torch nn F math keras layers np build inputs range super None class def
    train train_ type to half input_ forward requires_grad_ __class__ __init__ _modules state_dict
    items keys Net Scale channel_shuffle in_channels filters blocks width out_channels conv conv1
    __debug__ True match
    weight bias add_module get_submodule x_ y_x b1 b01 1 0 01 1_2 3x3 a-b a_b a/b kernel stride
""".split()  # noqa: SIM905
_PARTS = st.sampled_from(_WORDS) | st.text("abA_-/019", min_size=0, max_size=3)
_NAMES = (
    st.lists(_PARTS, min_size=1, max_size=3)
    .map(".".join)
    .filter(lambda name: name not in {"", "input"})
)
_ARGUMENTS = st.sampled_from([w for w in _WORDS if w.isidentifier() and w != "in_channels"])
_FEW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def sized(text: str) -> Analysis | None:
    """The analysis of a spec; None where its names are not legal together."""
    found = analyze(load("x.yaml", text.encode()))
    errors = {f.code for f in found.findings if f.severity == "error"}
    assert errors <= {"CC017", "CC018", "CC019", "CC016", "CC015"}, found.findings
    return None if errors else found


def kept(names: list[str]) -> set[str]:
    """The names that a module can have, part by part."""
    parts = [name.split(".") for name in names]
    found = set()
    for name, words in zip(names, parts, strict=True):
        outer = {".".join(words[:n]) for n in range(1, len(words))}
        taken = any(not word or is_taken(word) or is_taken(word, "a") for word in words)
        if not taken and not outer & set(names):
            found.add(name)
    return found


@_FEW
@given(st.lists(_NAMES, min_size=5, max_size=8, unique=True), st.data())
def test_layers_of_any_names(keras: Any, names: list[str], data: st.DataObject) -> None:
    """Layers that read any above them, all added in the end: many values are alive."""
    rows, above = [], ["input"]
    for name in names:
        source = data.draw(st.sampled_from(above))
        rows.append(f"  - {{conv3-8: , name: '{name}', from: '{source}'}}\n")
        above.append(name)
    merged = ", ".join(f"'{name}'" for name in above)
    rows.append(f"  - {{add: , from: [{merged}]}}\n  - fc-3\n")
    found = sized(f"input: 8x8x8\nlayers:\n{''.join(rows)}")
    if found is not None:
        made = keys(found)
        assert len(made) == len(names) + 1
        assert kept(names) <= made
        runs_in_keras(keras, found)


@_FEW
@given(
    st.lists(_NAMES, min_size=2, max_size=3, unique=True),
    st.lists(_NAMES, min_size=2, max_size=4, unique=True),
    st.lists(_ARGUMENTS, min_size=2, max_size=2, unique=True),
)
def test_blocks_of_any_names(
    keras: Any, calls: list[str], layers: list[str], arguments: list[str]
) -> None:
    """Blocks whose layers and arguments have any names, called with other arguments."""
    times, wide = arguments
    inner = f"      - {{relu: , times: ={times}}}\n      - {{selu: , when: '={times} > 1'}}\n"
    for name in layers:
        inner += f"      - {{conv: {{filters: =8*{wide}, kernel: 1}}, name: '{name}'}}\n"
    rows = [
        f"  - {{b: {{{times}: {at}, {wide}: {at % 2 + 1}}}, name: '{name}'}}\n"
        for at, name in enumerate(calls, 1)
    ]
    head = f"blocks:\n  b:\n    args: {{{times}: 1, {wide}: 1}}\n    layers:\n{inner}"
    found = sized(f"input: 8x8x8\n{head}layers:\n{''.join(rows)}  - fc-3\n")
    if found is not None:
        names = [f"{call}.{layer}" for call in calls for layer in layers]
        made = keys(found)
        assert len(made) == len(names) + 1
        assert kept(names) <= made
        runs_in_keras(keras, found)


@_FEW
@given(st.lists(_NAMES, min_size=2, max_size=3, unique=True), _NAMES)
def test_inputs_of_any_names(keras: Any, inputs: list[str], name: str) -> None:
    pytest.importorskip("torch")
    given = ", ".join(f"'{word}': 8x8x8" for word in inputs)
    rows = [f"  - {{conv3-8: , from: '{word}', name: c{at}}}\n" for at, word in enumerate(inputs)]
    merged = ", ".join([*(f"c{at}" for at in range(len(inputs))), *map(repr, inputs)])
    found = sized(
        f"inputs: {{{given}}}\nlayers:\n{''.join(rows)}  - {{add: , from: [{merged}]}}\n"
        f"  - {{conv3-8: , name: '{name}'}}\n  - fc-3\n"
    )
    if found is not None:
        assert len(keys(found)) == len(inputs) + 2
        runs_in_keras(keras, found)
