"""`convcalc diff` of nets with several outputs: what each of them sees, whichever comes last."""

import json

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.difference.record import Difference
from convcalc.report.diff import json as diff_json
from convcalc.report.diff.view import DiffView, remarks
from convcalc.spec.load import load

HEAD = "input: 16x16x8\nlayers:\n- {conv3-8: , name: a}\n"
NARROW, WIDE = "- {conv3-3: , from: a, name: box}\n", "- {conv5-3: , from: a, name: cls}\n"
OUTPUTS = "outputs: [box, cls]\n"


def compare(old: str, new: str) -> Difference:
    return difference(*(analyze(load("a.yaml", (HEAD + text).encode())) for text in (old, new)))


def stated(found: Difference) -> list[tuple[str, object, object]]:
    data = json.loads(diff_json.render(DiffView(found, [])))["receptive_fields"]
    return [(one["output"][1], one["before"], one["after"]) for one in data]


def test_the_order_of_layers_makes_no_other_field() -> None:
    found = compare(NARROW + WIDE + OUTPUTS, WIDE + NARROW + OUTPUTS)
    assert found.none
    assert remarks(found) == [
        "receptive field of box: 5x5 both",
        "receptive field of cls: 7x7 both",
    ]
    assert stated(found) == [("box", [5, 5], [5, 5]), ("cls", [7, 7], [7, 7])]


def test_outputs_of_other_names_are_compared_in_their_order() -> None:
    other = WIDE.replace("cls", "b") + NARROW.replace("box", "c") + "outputs: [c, b]\n"
    found = compare(NARROW + WIDE + OUTPUTS, other)
    assert found.none
    assert remarks(found) == [
        "receptive field of box -> c: 5x5 both",
        "receptive field of cls -> b: 7x7 both",
    ]


def test_an_output_that_sees_more_is_named() -> None:
    found = compare(NARROW + WIDE + OUTPUTS, NARROW + WIDE.replace("5", "7") + OUTPUTS)
    assert "receptive field of cls: 7x7 -> 9x9" in remarks(found)


def test_outputs_that_see_alike_have_one_line() -> None:
    net = NARROW + NARROW.replace("box", "cls") + OUTPUTS
    assert remarks(compare(net, net)) == ["receptive field 5x5 both"]


def test_an_output_that_is_new_has_nothing_to_compare() -> None:
    found = compare(NARROW + "- {relu: , name: r}\noutputs: [box]\n", NARROW + WIDE + OUTPUTS)
    assert stated(found)[0] == ("box", [5, 5], [5, 5])
    assert stated(compare(NARROW, NARROW + WIDE + OUTPUTS)) == [("box", [5, 5], [5, 5])]
