"""`relu6` as the sixth of Caffe's numbered layers, not as the ReLU that ends at 6."""

import pytest

from convcalc.findings import Severity
from convcalc.fix.words import words_replaced
from convcalc.network.record import Network
from convcalc.spec.load import load
from tests.fix.repairs import offered

HEAD = "input: 32x32x3\nlayers:\n"
FC6 = "  - fc: {units: 8}\n    name: fc6\n"


def loaded(layers: str) -> Network:
    return load("net.yaml", f"{HEAD}{layers}  - fc-10\n".encode())


def told(layers: str) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in loaded(layers).findings]


WARNED = [("CC133", Severity.WARNING)]


def test_behind_a_layer_whose_name_ends_in_6_it_is_warned_of() -> None:
    assert told(f"  - conv3-8\n  - relu\n{FC6}  - relu6\n") == WARNED
    (found,) = loaded(f"  - relu\n{FC6}  - relu6\n").findings
    assert found.line == 6
    assert found.help[0] == "as a name it stands below its layer: `- relu:`, and `name: relu6`"


def test_a_plain_relu_is_offered() -> None:
    spec = f"{HEAD}  - conv3-8\n  - relu:\n    name: relu1\n{FC6}  - relu6\n  - fc-10\n"
    (offer,) = offered(spec)
    assert offer.text == spec.replace("relu6", "relu") and offer.left == (0, 0, 0)


def test_none_is_offered_where_layers_are_read_by_numbers_that_count_it() -> None:
    layers = f"  - conv3-8\n  - relu\n{FC6}  - relu6\n  - relu\n  - fc-8\n"
    read = f"{HEAD}{layers}  - add:\n    from: [fc1, fc1]\noutputs: [relu2, add1]\n"
    assert not offered(read)


@pytest.mark.parametrize(
    "layers",
    [
        f"{FC6}  - relu6\n",  # no plain ReLU: as MobileNets have it
        f"  - relu\n{FC6}  - relu6\n  - fc-8\n  - relu6\n",  # another behind any layer
        f"  - relu\n{FC6}  - relu6:\n    ignore: [CC133]\n",
        f"  - relu\n{FC6}  - relu6:\n    name: cut\n",
        f"  - relu\n{FC6}  - relu:\n    name: relu6\n",
        "  - relu\n" + "  - conv3-8\n" * 6 + "  - relu6\n",  # conv6 is automatic
        "  - relu\n  - conv3-8:\n    name: conv16\n  - relu6\n",
    ],
)
def test_elsewhere_it_is_the_kind(layers: str) -> None:
    assert told(layers) == []


def test_beside_other_numbered_words_it_is_an_error_as_they_are() -> None:
    layers = "  - conv3-8\n  - relu5\n  - fc-8\n  - relu6\n  - fc-8\n  - relu7\n"
    assert told(layers) == [("CC011", Severity.ERROR)] * 3
    found = words_replaced(loaded(layers))
    assert found is not None and found.errors == ()
    assert found.text.count("- relu\n") == 3
    assert told("  - conv3-8\n  - relu1\n  - relu6\n") == [("CC011", Severity.ERROR)]
