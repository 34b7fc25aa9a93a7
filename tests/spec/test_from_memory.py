"""Words by which nets are described are answered with what they are here."""

import pytest

ADD = "a sum of layers and their shortcut: `add: {{branches: {{body: {}, skip: []}}}}`"
BODY = "[conv3-64, relu, conv3-64]"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("residual: [conv3-16, relu, conv3-16]", ADD.format("[conv3-16, relu, conv3-16]")),
        ("res:\n    - conv3-16\n    - relu", ADD.format("[conv3-16, relu]")),
        ("skip: [conv3-16, relu]", ADD.format("[conv3-16, relu]")),
        ("residual_block: 16", ADD.format(BODY)),
        ("resblock: {filters: 16}", ADD.format(BODY)),
        ("resblock", ADD.format(BODY)),
        ("repeat 3: [conv3-16, relu]", "`repeat: {times: 3, layers: [...]}`"),
        ("for i in range(3): [conv3-16]", "`repeat: {times: 3, layers: [...]}`"),
        ("save: skip1", "`name: skip1` on the next line"),
        ("concat: {with: skip1}", "`from: [that name, skip1]` on its own line below the kind"),
    ],
)
def test_what_nets_are_described_with(layers, entry: str, told: str) -> None:
    assert told in layers(f"- {entry}").help


def test_a_block_may_have_such_a_name(layers) -> None:
    assert layers("- residual", head="blocks: {residual: {layers: [relu]}}\n").told == []
