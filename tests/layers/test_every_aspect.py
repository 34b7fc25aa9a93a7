"""One harness for every layer kind: what it says against what its numbers do.

Footprint: every position of the input is lit in turn and the outputs that move are held against
`receptive_field_step`. Traits: each is seen in the numbers, not only declared.
"""

from collections import defaultdict

import numpy as np
import pytest
from every_kind import NETS, network

from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.layers import BY_NAME, MERGES
from convcalc.layers.bases import KeepsShape
from convcalc.layers.saved import Gradient
from convcalc.layers.traits import Family, Places

MORE = [
    ("4x5x6", "{dropout: {rate: 0}}"),
    ("4x5x6", "prelu: {parameters: one}"),
    ("4x5x6", "{layer_norm: {affine: false}}"),
    ("9x9x2", "{conv: {filters: 2, kernel: 2, stride: 2, dilation: 2}}"),
]
ROWS = [
    pytest.param(found.rows[-1], found.network.roundings, id=f"{shape}-{layers}")
    for shape, layers in [*NETS, *MORE]
    for found in [analyze(network(shape, layers))]
]


def runner(row, roundings):
    """The layer's own `forward` on double-precision inputs, with arrays that stay the same."""
    rng = np.random.default_rng(11)
    ready = {}
    for learned in row.step.layer.arrays(row.inputs, row.step.output):
        array = 0.5 + rng.random(learned.apart or learned.shape)
        ready[learned.name] = array.transpose(learned.order) if learned.order else array

    def run(inputs):
        ops = NumPyOps(roundings, exact=True)
        return row.step.layer.forward(ops, [x.copy() for x in inputs], ready)

    return run, [0.5 + rng.random((1, *shape)) for shape in row.inputs], rng


def stated(step, output):
    """First and last position that an output reads; None where only the extent is said."""
    if step.fields:
        period, which = divmod(output, len(step.fields))
        shift = step.stride * len(step.fields) * period
        first, last = step.fields[which]
        return int(first + shift), int(last + shift)
    if step.stride != int(step.stride) or step.begin != int(step.begin):
        return None
    first = output * int(step.stride) - int(step.begin)
    return first, first + step.extent - 1


@pytest.mark.parametrize(("row", "roundings"), ROWS)
def test_the_field_is_what_moves_the_outputs(row, roundings):
    layer, shape = row.step.layer, row.inputs[0]
    steps = layer.receptive_field_step(row.inputs, row.step.size)
    assert len(steps) == len(shape) - 1
    if layer.family is Family.NORM and not layer.is_local:
        assert all(step.extent == 1 for step in steps)  # statistics count as no field
        return
    if len(row.step.output) != len(shape):  # a vector, or other axes: all of it is read
        assert [step.extent for step in steps] == list(shape[:-1])
        return
    run, inputs, rng = runner(row, roundings)
    before = run(inputs)
    mirrors = layer.__dict__.get("mode") in ("reflect", "edge")
    for axis, (size, step) in enumerate(zip(shape[:-1], steps, strict=True)):
        moved = defaultdict(list)
        for place in range(size):
            lit = [x.copy() for x in inputs]
            part = lit[0][(slice(None),) * (axis + 1) + (place,)]
            part += 1000 * (0.5 + rng.random(part.shape))
            others = tuple(i for i in range(before.ndim) if i != axis + 1)
            far = np.abs(run(lit) - before).max(axis=others)
            for output in np.flatnonzero(far > 1e-6):
                moved[int(output)].append(place)
        for output in range(row.step.output[axis]):
            seen, ends = moved[output], stated(step, output)
            if ends is None:
                assert not seen or seen[-1] - seen[0] < step.extent
                continue
            first, last = ends
            inside = first >= 0 and last < size
            if mirrors and not inside:
                continue
            assert all(first <= place <= last for place in seen), (axis, output, ends, seen)
            if inside and first <= last:
                assert (seen[0], seen[-1]) == ends, (axis, output, ends, seen)


@pytest.mark.parametrize(("row", "roundings"), ROWS)
def test_traits_are_seen_in_the_numbers(row, roundings):
    layer = row.step.layer
    run, inputs, rng = runner(row, roundings)
    output = run(inputs)
    assert layer.merges == (layer.kind in MERGES)
    shapes = row.inputs[:1] if not layer.merges else row.inputs
    saved = layer.saved_for_backward(shapes, row.step.output, False, 4)
    assert layer.saves_output == saved.output
    in_place = layer.saved_for_backward(shapes, row.step.output, True, 4)
    if isinstance(layer.__dict__.get("in_place", 0), bool | None):
        assert in_place.output == (layer.saves_output or layer.saves_output_in_place)
    if layer.is_view:
        assert saved.gradient is Gradient.SAME and output.size == inputs[0].size
        assert sorted(output.ravel()) == sorted(inputs[0].ravel())
    if layer.identity_in_inference:
        assert (output == inputs[0]).all()
    single = not layer.merges and row.step.output == row.inputs[0]
    assert single or not isinstance(layer, KeepsShape)
    if single and layer.family is not Family.REARRANGEMENT:
        x = inputs[0] - 1
        order = rng.permutation(x.size)
        moved = run([x.ravel()[order].reshape(x.shape)]).ravel()
        alike = np.allclose(moved, run([x]).ravel()[order], rtol=1e-9, atol=1e-12)
        assert layer.is_elementwise == alike
    if layer.family is Family.ACTIVATION:
        plus, minus = (run([np.full_like(inputs[0], value)]) for value in (4.0, -4.0))
        passes = np.allclose(plus, 4, rtol=0.1) and np.abs(minus).max() < 6.5
        assert layer.is_rectifier == (passes and layer.kind != "abs")


@pytest.mark.parametrize(("row", "roundings"), ROWS)
def test_what_needs_the_whole_input_is_moved_by_each_position(row, roundings):
    layer, shape = row.step.layer, row.inputs[0]
    if layer.family is not Family.NORM or len(shape) == 1:
        return  # of other kinds the field says what is read
    run, inputs, _ = runner(row, roundings)
    before = run(inputs)
    inputs[0][(0,) * (len(shape))] += 1000
    moved = np.abs(run(inputs) - before).max(axis=-1) > 1e-9
    assert layer.needs_whole_input == bool(moved.all())


def test_parameters_are_shared_where_there_are_any():
    with_arrays = {
        row.step.kind
        for row, _ in (case.values for case in ROWS)
        if row.step.layer.arrays(row.inputs, row.step.output)
    }
    assert with_arrays == {name for name, kind in BY_NAME.items() if kind.has_weights}


def test_the_harness_runs_every_kind():
    found = {case.values[0].step.kind for case in ROWS}
    assert found == set(BY_NAME), "every kind has a net in tests/every_kind.py"


@pytest.mark.parametrize("layers", sorted({layers for _, layers in [*NETS, *MORE]}))
def test_numbers_of_a_vector_stay_in_their_places_where_a_kind_says_so(layers):
    """With weights that are all alike: a kind with others for each place has them follow."""
    found = analyze(network("12", layers))
    row = found.rows[-1]
    if row.step.output is None or len(row.step.output) != 1 or "sides" in layers:
        return  # sides of a vector are none
    rng = np.random.default_rng(5)
    own = row.step.layer.arrays(row.inputs, row.step.output)
    shapes = {one.name: one.apart or one.shape for one in own}
    turned = {one.name: one.order or range(len(shapes[one.name])) for one in own}
    ready = {name: np.full(shapes[name], 0.5).transpose(*turned[name]) for name in shapes}
    ops, order = NumPyOps(found.network.roundings, exact=True), rng.permutation(12)

    def run(moved):
        inputs = [x[:, order] if moved and x.shape == (1, 12) else x for x in vectors]
        return row.step.layer.forward(ops, [x.copy() for x in inputs], ready)

    vectors = [rng.standard_normal((1, *shape)) for shape in row.inputs]
    plain, moved = run(False), run(True)
    stays = plain.shape == (1, 12) and np.allclose(plain[:, order], moved, atol=1e-12)
    kept = row.step.layer.places in {Places.KEPT, Places.FLATTENED, Places.RESHAPED}
    same = row.step.layer.places is Places.WEIGHED and np.allclose(plain, moved, atol=1e-12)
    assert stays == kept or same
