"""Quick fixes of numbers that a layer cannot have: the repairs that `check --fix` makes of them."""

import pytest

from convcalc.editor.actions import actions
from convcalc.fix.search import offers

HEAD = "input: 8x8x6\n"
LAST = "  - fc-10\n"
BROKEN = {
    "CC014": [
        "layers:\n  - max_pool: {kernel: 2, pad: 2}\n",
        "layers:\n  - pool2p2\n",
        "layers:\n  - avg_pool: {kernel: 2, stride: 1, pad: [0, 1, 3, 1]}\n",
        "vars: {p: 2}\nlayers:\n  - max_pool: {kernel: 2, pad: =p}\n",
        "blocks: {b: {args: {p: 1}, layers: [{max_pool: {kernel: 2, pad: =p}}]}}\n"
        "layers:\n  - b: {p: 2}\n",
    ],
    "CC109": [
        "layers:\n  - conv: {filters: 12, kernel: 3, groups: 4}\n",
        "layers:\n  - conv: {filters: 12, kernel: 3, groups: 4}\n  - conv3-8s2p1\n",
        "layers:\n  - conv_transpose: {filters: 12, kernel: 2, stride: 2, groups: 4}\n",
        "layers:\n  - group_norm: {groups: 4}\n",
    ],
    "CC110": [
        "layers:\n  - slice: {start: 8, stop: 10}\n",
        "layers:\n  - crop: {size: [9, 4]}\n",
    ],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, texts in BROKEN.items() for t in texts])
def test_the_repairs_of_the_command_are_offered_where_the_number_is(read, code, text) -> None:
    reading = read(f"{HEAD}{text}{LAST}")
    (finding,) = [f for f in reading.findings if f.code == code]
    found = actions(reading, finding.span.line, finding.span.line)
    assert reading.outcome is not None and found[0].preferred
    made = [offer.text for offer in offers(reading.outcome.network)]
    assert [applied(reading.text, one) for one in found] == made and finding in found[0].findings


def test_another_number_is_not_repaired_where_the_second_is(read) -> None:
    text = f"{HEAD}layers:\n  - group_norm: {{groups: 4}}\n  - relu\n"
    text += "  - group_norm: {groups: 5}\n    from: input\n"
    reading = read(text)
    assert [f.code for f in reading.findings].count("CC109") == 2
    assert actions(reading, 3, 3) and not [a for a in actions(reading, 5, 6) if "groups" in a.title]


def applied(text: str, action) -> str:
    for edit in sorted(action.edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
