"""`check --fix` of a file's lines leaves the words of its texts alone."""

import pytest

from tests.fix.repairs import offered

TEXTS = [
    "notes: |\n  * first\n  * second\n  to do:\n  \tlater\n  \u00a0\u00a0first\n",
    "notes: >-  # why\n\n  * first\n\n  \t* second\n",
    "notes: a text\n  * first\n  * second\n",
    "notes: 'a text\n  * first\n  * second'\n",
    'notes: "a text\n  * first\n  * second"\n',
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
