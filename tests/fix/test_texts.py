"""`check --fix` of a file's lines leaves the words of its texts and comments alone."""

import pytest

from tests.fix.repairs import offered

TEXTS = [
    "notes: |\n  * first\n  * second\n  to do:\n  \tlater\n  \u00a0\u00a0first\n",
    "notes: >-  # why\n\n  * first\n\n  \t* second\n",
    "notes: a text\n  * first\n  * second\n",
    "notes: 'a text\n  * first\n  * second'\n",
    'notes: "a text\n  * first\n  * second"\n',
    "notes: 'a text\n* first\n \t* isn''t second\n'  # why\n",
    'notes: "a text\n* \\"first\n\tand:\n* second"\n',
    "'notes': 'a text\n\t* first\n* second'\n",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("  * relu\n  * tanh\n", "  - relu\n  - tanh\n"),
        ("\t- relu\n\t- tanh\n", "    - relu\n    - tanh\n"),
        ("  - relu\n\u00a0\u00a0- tanh\n", "  - relu\n  - tanh\n"),
    ],
)
def test_a_text_is_left_as_it_is(text: str, broken: str, repaired: str) -> None:
    head = f"{text}input: 8x8x3\nlayers:\n"
    assert offered(head + broken)[0].text == head + repaired


@pytest.mark.parametrize("text", ["notes: 'tis\n", "notes: 'a'\n", "# it isn't\n"])
def test_lines_below_other_quotes_are_no_text(text: str) -> None:
    broken = f"{text}input: 8x8x3\nlayers:\n  * relu\n  # don't\n  * tanh\n"
    for offer in offered(broken):
        assert "*" not in offer.text
    assert offered(broken) or "'tis" in text


@pytest.mark.parametrize("key", ["activation: relu", "act: relu", "bn: true"])
@pytest.mark.parametrize("keys", ["{0}  # why\n    {1}\n", "{1}\n    {0}  # why\n"])
@pytest.mark.parametrize("head", ["conv3-8:", "conv3-8:  # of 8"])
def test_comments_beside_times_stay(key: str, keys: str, head: str) -> None:
    below = keys.format(key, "times: 2  # two")
    first = offered(f"input: 32x32x3\nlayers:\n  - {head}\n    {below}  - tanh\n")[0].text
    assert all(first.count(comment) == 1 for comment in ("# why", "# two"))
    assert first.count("# of 8") == head.count("# of 8") and "repeat: {times: 2" in first
