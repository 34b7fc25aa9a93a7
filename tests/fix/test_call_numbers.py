"""`check --fix`: a number that a block call gives is repaired in the call."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

CBR = """\
input: 32x32x3
blocks:
  cbr:
    args: {c: , k: 3, p: 1, s: 1}
    layers: [conv: {filters: =c, kernel: =k, pad: =p, stride: =s}, batch_norm, relu]
  wide: {args: {c: 16}, layers: [cbr: =2*c]}
  half: {args: {c: , h: =c//2, m: 1}, layers: [cbr: =m*h]}
  outer: {args: {w: }, layers: [wide: {c: =w}]}
layers:
  - {cbr: 16, name: a}
  - {cbr: 32, name: b}
  - {CALL, name: d}
  - add:
    from: [a, d]
  - fc-10
"""


def net(call: str) -> str:
    """A sum in which `d` has 16 channels at 32x32, if the call is right."""
    return CBR.replace("CALL", call)


def lines(call: str) -> list[str]:
    """The call in each repair that changes it."""
    spec = net(call)
    (at,) = (n for n, line in enumerate(spec.splitlines()) if f"{{{call}, name: d}}" in line)
    found = [offer for offer in offered(spec) if not faults(offer.text)]
    made = [offer.text.splitlines()[at] for offer in found]
    return [line.removeprefix("  - {").removesuffix(", name: d}").strip() for line in made]


@pytest.mark.parametrize(
    ("call", "repaired"),
    [
        ("cbr: 8", "cbr: 16"),
        ("cbr: [8, 3]", "cbr: [16, 3]"),
        ("cbr: {c: 8}", "cbr: {c: 16}"),
        ("wide: 4", "wide: 8"),
        ("wide: ", "wide: {c: 8}"),
        ("wide: {}", "wide: {c: 8}"),
        ("outer: 4", "outer: 8"),
        ("outer: {w: 4}", "outer: {w: 8}"),
        ("half: 16", "half: 32"),
        ("half: [32, 8]", "half: [32, 16]"),
        ("half: [32, 16, 2]", "half: [32, 16, 1]"),
    ],
)
def test_as_many_filters_are_set_in_the_call(call: str, repaired: str) -> None:
    assert repaired in lines(call)[:2]


@pytest.mark.parametrize(
    ("call", "repaired"),
    [
        ("cbr: {c: 16, k: 5}", "cbr: {c: 16, k: 5, p: 2}"),
        ("cbr: [16, 5]", "cbr: [16, 5, 2]"),
        ("cbr: [16, 5, 1]", "cbr: [16, 5, 2]"),
        ("cbr: [16, 3, 0]", "cbr: [16, 3, 1]"),
        ("cbr: {c: 16, p: 0}", "cbr: {c: 16, p: 1}"),
    ],
)
def test_padding_is_set_in_the_call_before_anything_is_cropped(call: str, repaired: str) -> None:
    assert lines(call)[0] == repaired


def test_an_argument_behind_one_that_is_not_given_gets_its_name() -> None:
    spec = net("cbr: [16, 5]").replace("k: 3, p: 1", "k: 3, g: 1, p: 1")
    assert "- {cbr: {c: 16, k: 5, p: 2}, name: d}" in first(spec)
    spec = net("five: 16").replace("  wide:", "  five: {args: {c: , p: 1}, "
        "layers: [conv: {filters: =c, kernel: 5, pad: =p}]}\n  wide:")  # fmt: skip
    assert "- {five: {c: 16, p: 2}, name: d}" in first(spec)


def test_a_call_on_lines_of_its_own() -> None:
    given = "  - cbr:\n      c: 16   # wide\n      k: 5\n    name: d\n"
    assert first(net("cbr: 8").replace("  - {cbr: 8, name: d}\n", given)) == net("cbr: 8").replace(
        "  - {cbr: 8, name: d}\n", given.replace("k: 5\n", "k: 5\n      p: 2\n")
    )
    given = "  - cbr:\n      - 16   # wide\n      - 5   # large\n    name: d\n"
    assert "      - 5   # large\n      - 2\n    name: d\n" in first(
        net("cbr: 8").replace("  - {cbr: 8, name: d}\n", given)
    )
    bare = net("cbr: 8").replace("  - {cbr: 8, name: d}\n", "  - wide\n").replace("d]", "wide1]")
    assert "  - wide: {c: 8}\n" in first(bare)


def test_the_change_names_the_layer_the_line_of_the_call_and_what_the_call_makes() -> None:
    one, other, *_ = offered(net("cbr: 8"))
    assert {told(one)[0], told(other)[0]} == {
        ("a.conv1", "filters", "8"), ("d.conv1", "filters", "16")}  # fmt: skip
    (change,) = other.changes
    assert (change.line, change.before, change.effect) == (12, "8", "d.conv1 makes 32x32x16")


def test_of_three_branches_the_odd_one_is_changed() -> None:
    spec = net("cbr: 16").replace("[a, d]", "[a, b, d]")
    (offer,) = offered(spec)
    assert told(offer) == [("b.conv1", "filters", "16")] and faults(offer.text) == []


SE = """\
input: 32x32x3
blocks:
  se:
    args: {c: , r: 4}
    layers:
      - multiply:
          branches:
            - [global_avg_pool, conv: {filters: =c//r, kernel: 1}, relu,
               conv: {filters: =c, kernel: 1}, sigmoid]
            - []
layers: [conv3-64, se: 32, fc-10]
"""


def test_a_gate_with_another_width_than_its_volume() -> None:
    assert first(SE) == SE.replace("se: 32", "se: 64")


def test_groups_of_a_call() -> None:
    spec = """\
input: 32x32x32
blocks:
  g: {args: {c: , gr: 1}, layers: [conv: {filters: =c, kernel: 3, pad: 1, groups: =gr}]}
layers: [g: [30, 8], fc-10]
"""
    made = [offer.text.splitlines()[3] for offer in offered(spec)]
    assert made[:2] == ["layers: [g: [30, 2], fc-10]", "layers: [g: [30, 1], fc-10]"]


def test_either_factor_of_a_product_may_be_meant() -> None:
    spec = net("prod: [8, 1]").replace(
        "  wide:", "  prod: {args: {c: , e: }, layers: [cbr: =e*c]}\n  wide:"
    )
    made = [offer.text for offer in offered(spec)]
    assert any("prod: [16, 1]" in text for text in made[:3])
    assert any("prod: [8, 2]" in text for text in made[:3])


def test_the_one_stride_of_the_calls_that_is_another() -> None:
    spec = """\
input: 96x96x3
rounding: floor
blocks:
  cbr: {args: {c: , s: 1}, layers: [conv: {filters: =c, kernel: 3, stride: =s, pad: 1}, relu]}
layers:
  - {cbr: [16, 3], name: a}
  - {cbr: [16, 2], from: input, name: b}
  - {cbr: [16, 2], name: c}
  - {cbr: [16, 2], from: a, name: d}
  - add:
    from: [c, d]
"""
    assert first(spec) == spec.replace("[16, 3]", "[16, 2]")


@pytest.mark.parametrize(
    ("filters", "call"),
    [
        ('"=max(c, 8)"', "cbr: 32"),
        ("=c*c", "cbr: 4"),
        ("=in_channels + 2", "cbr: 4"),
        ("=4*c", "cbr: 2"),
    ],
)
def test_what_no_argument_gives_is_not_promised(filters: str, call: str) -> None:
    spec = net(call).replace("filters: =c", f"filters: {filters}", 1).replace("[a, d]", "[z, d]")
    spec = spec.replace("  - {cbr: 16", "  - {conv3-6: , name: z}\n  - {cbr: 16")
    (finding,) = (f for f in load("net.yaml", spec.encode()).findings if f.code == "CC107")
    assert not any("d.conv1" in line and "as many filters" in line for line in finding.help)
    assert not any(change.called for offer in offered(spec) for change in offer.changes)


def test_a_variable_of_the_file_is_not_promised_either() -> None:
    spec = """\
input: 32x32x3
vars: {w: 8}
layers:
  - {conv3-16: , name: a}
  - {conv: {filters: =w, kernel: 3, pad: 1}, name: d}
  - {conv: {filters: =w, kernel: 3, pad: 1}, name: e}
  - add:
    from: [a, e]
  - multiply: {branches: [[], [conv: {filters: =w, kernel: 1}]]}
"""
    finding = next(f for f in load("net.yaml", spec.encode()).findings if f.code == "CC107")
    assert [line for line in finding.help if "as many filters" in line] == [
        "try as many filters in a"
    ]
