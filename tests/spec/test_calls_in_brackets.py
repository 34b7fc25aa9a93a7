"""Lines of code in a list in brackets: YAML cuts them at their commas."""

from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.fix.repairs import offered

SPEC = (
    "input: 32x32x3\nlayers: [nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3600, 10)]\n"
)


def test_a_call_that_is_cut_says_where_it_goes() -> None:
    found = [f for f in load("net.yaml", SPEC.encode()).findings if f.severity is Severity.ERROR]
    begins = "inside [ ] YAML ends an entry at each comma: write `- nn."
    assert [
        f.help[0].startswith(begins) for f in found if "(" in f.message and ")" not in f.message
    ]
    assert found[0].help == (f"{begins}Conv2d(...)` on a line of its own below `layers:`",)


def test_no_part_of_a_call_is_a_layer() -> None:
    assert all("fc-3600" not in offer.text for offer in offered(SPEC))
