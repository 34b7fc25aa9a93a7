"""What the CS231n notes, the lecture slides and papers print about whole nets.

The counts layer by layer are in test_architectures.py, the notes' single layers in test_facts.py.
"""

from functools import cache

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.window import Grade, Rounding


@cache
def _bundled(name: str) -> Analysis:
    return analyze(load(name, zoo.read(name)))


def test_the_totals_that_the_slides_print() -> None:
    millions = {
        "vgg11": 133,
        "vgg11-lrn": 133,
        "vgg13": 133,
        "vgg16-c": 134,
        "vgg16": 138,
        "vgg19": 144,
    }
    for name, printed in millions.items():
        params = _bundled(name).totals.params
        assert params is not None
        assert round(params / 10**6) == printed


def test_vgg16_holds_15_million_activations() -> None:
    """The notes print "24M * 4 bytes ~= 93MB" below rows that add up to 15.2M = 58.1 MiB.

    cs231n.github.io issue 88: an error of theirs, not imitated.
    """
    found = _bundled("vgg16")
    assert found.totals.activations == 15_237_608
    assert round(15_237_608 * 4 / 2**20, 1) == 58.1
    assert found.totals.weights == 138_344_128


def test_the_sizes_of_alexnet() -> None:
    """The listing of the slides: 55, 27, 27, 27, 13, 13, 13, 13, 13, 6, then three vectors."""
    found = _bundled("alexnet-ungrouped")
    listed = {"conv", "max_pool", "lrn", "fc"}
    sizes = [row.step.output for row in found.rows if row.step.kind in listed]
    spatial = [shape[0] for shape in sizes if shape is not None and len(shape) == 3]
    assert spatial == [55, 27, 27, 27, 13, 13, 13, 13, 13, 6]
    assert sizes[len(spatial) :] == [(4096,), (4096,), (1000,)]


@pytest.mark.parametrize(
    ("name", "pool", "size"),
    [
        # Araujo, Norris & Sim 2019, Computing receptive fields of CNNs, distill.pub, the table
        ("alexnet", "pool5", 195),
        ("vgg16", "pool5", 212),
        ("resnet50-v1", "global", 483),
        ("mobilenet_v1", "global", 315),
        ("inception_v3", "global", 1311),
        ("inception_v4", "global", 2071),
        # v1.5 steps in the 3x3, which then still reads at the stride of the stage before
        ("resnet50", "global", 427),
    ],
)
def test_receptive_fields(name: str, pool: str, size: int) -> None:
    """Of the last layer with positions: the last pool, or what the global pool reads."""
    rows = _bundled(name).rows
    if pool == "global":
        (last,) = [row for row in rows if row.step.kind == "global_avg_pool"]
        (before,) = last.step.inputs
        row = rows[before]
    else:
        (row,) = [row for row in rows if row.step.name == pool]
    assert [(field.size, field.stride) for field in row.receptive_field] == [(size, 32)] * 2


def _grades(name: str) -> list[Grade]:
    """How the layers of a net end that are not exact, one a layer."""
    windows = [row.step.size.windows for row in _bundled(name).rows]
    return [w[0].grade for w in windows if w and w[0].grade is not Grade.EXACT]


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
def test_eight_layers_of_each_resnet_are_inexact(name: str) -> None:
    grades = _grades(name)
    assert len(grades) == 8
    assert grades.count(Grade.SUB_SAMPLING) == 3  # the projections, 1x1 of stride 2
    assert grades.count(Grade.PADDING_UNUSED) == 5  # conv1, the pool, a 3x3 in each later stage


def test_five_layers_of_googlenet_are_inexact() -> None:
    """Four pools of 3x3 and stride 2 overhang (112, 56, 28 and 14 are even), and in conv1 a zero
    is never read. A fifth overhanging pool, which some lists name, there is not: the last is 7x7
    on 7x7, exact.
    """
    assert _grades("googlenet") == [Grade.PADDING_UNUSED] + [Grade.OVERHANG] * 4


def test_the_first_layer_of_the_one_tower_alexnet_leaves_padding_unread() -> None:
    assert _grades("alexnet-one-tower") == [Grade.PADDING_UNUSED]
    (finding,) = _bundled("alexnet-one-tower").findings
    assert "(224 - 11 + 2*2)/4 + 1 = 55.25" in finding.message


def test_resnets_at_224_need_floor() -> None:
    """What floor lets through is an error under exact: told once each, nothing behind it."""
    strict = analyze(load("resnet18", zoo.read("resnet18"), Overrides(rounding=Rounding.EXACT)))
    errors = [f for f in strict.findings if f.severity is Severity.ERROR]
    assert {f.code for f in errors} == {"CC101"}
    assert strict.broken


# The patterns of the notes, section Layer Patterns


@pytest.mark.parametrize(
    ("pattern", "layers"),
    [
        ("INPUT -> FC", 1),
        ("INPUT -> CONV -> RELU -> FC", 3),
        ("INPUT -> [CONV -> RELU -> POOL]*2 -> FC -> RELU -> FC", 9),
        ("INPUT -> [CONV -> RELU -> CONV -> RELU -> POOL]*3 -> [FC -> RELU]*2 -> FC", 20),
    ],
)
def test_the_notes_patterns_with_sizes(pattern: str, layers: int) -> None:
    sized = pattern.replace("CONV", "conv3-16").replace("POOL", "pool2").replace("FC", "fc-10")
    found = analyze(load_pattern(sized, Overrides(input=(32, 32, 3))))
    assert found.findings == ()
    assert found.totals.layers == layers
    assert found.output == (10,)
