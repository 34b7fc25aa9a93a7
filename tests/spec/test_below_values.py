"""A key below one that has its value already, or below a list: where it belongs is said."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load

NET = "input: 8x8x3\n"
USED = "layers:\n  - fire: [8, 16]\n"
BODY = "      - conv: {filters: =s, kernel: 1}\n      - conv: {filters: =e, kernel: 1}\n"


def errors(text: str) -> list[str]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [
        f"{f.span.line}:{f.span.column}: {f.message}; {'; '.join(f.help)}"
        for f in found
        if f.severity is Severity.ERROR and f.span is not None
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{NET}blocks:\n  fire: {{s: , e: }}\n    layers:\n{BODY}{USED}",
            "4:5: not YAML: `layers:` is below `fire:`, which has its value in its own line; "
            "a block's arguments are under `args:`: write `fire:` alone in its line, and below it, "
            "both in column 5, `args: {s: , e: }` and `layers:`",
        ),
        (
            f"{NET}blocks:\n  fire: a block\n    args: {{s: , e: }}\n    layers:\n{BODY}{USED}",
            "4:5: not YAML: `args:` is below `fire:`, which has its value in its own line; "
            "a block has args and layers: write `fire:` alone in its line, and below it, "
            "both in column 5, `args: {...}` and `layers:`",
        ),
        (
            f"{NET}blocks:\n  fire: args: {{s: , e: }}\n    layers:\n{BODY}{USED}",
            "3:9: not YAML: `fire:` and `args:` are in one line; "
            "put `args:` and its value in a line of its own below `fire:`, in column 5",
        ),
        (
            f"{NET}layers:\n  - add:\n      branches: body: [relu]\n",
            "4:17: not YAML: `branches:` and `body:` are in one line; "
            "put `body:` and its value in a line of its own below `branches:`, in column 9",
        ),
        (
            f"{NET}layers:\n  - add:\n      branches:\n        - [conv1-3,\n           relu,\n"
            "           conv: {filters: 3, kernel: 1}]\n          when: =in_channels != 3\n",
            "8:11: not YAML: `when:` is below a list of layers, which has no keys; "
            "write `[{repeat: {times: 1, layers: [...]}, when: =in_channels != 3}]`, "
            "with the layers of the list within `[...]`",
        ),
        (
            f"{NET}layers:\n  - add:\n      branches:\n        body: [conv1-3, relu]\n"
            "        skip: [conv1-3]\n          when: =in_channels != 3\n",
            "7:11: not YAML: `when:` is below a list of layers, which has no keys; "
            "write `[{repeat: {times: 1, layers: [...]}, when: =in_channels != 3}]`, "
            "with the layers of the list within `[...]`",
        ),
        (
            f"{NET}layers:\n  - [conv1-3, relu]\n    times: 3\n",
            "4:5: not YAML: `times:` is below a list of layers, which has no keys; "
            "write `- {repeat: {times: 3, layers: [...]}}`, "
            "with the layers of the list within `[...]`",
        ),
        (
            f"{NET}layers:\n- add:\n    branches:\n    - [relu]\n"
            "    - [tanh]\n      when: =3 > 2\n",
            "7:7: not YAML: `when:` is below a list of layers, which has no keys; "
            "write `[{repeat: {times: 1, layers: [...]}, when: =3 > 2}]`, "
            "with the layers of the list within `[...]`",
        ),
        (
            f"{NET}layers:\n  - [conv1-3, relu]\n    name: `x\n",
            "4:5: not YAML: `name:` is below a list of layers, which has no keys; "
            "put it beside a layer of the list, in braces: `{relu: , name: ...}`",
        ),
    ],
)
def test_what_a_key_belongs_to_is_said(text: str, said: str) -> None:
    assert errors(text) == [said]


@pytest.mark.parametrize(
    "text",
    [
        f"{NET}blocks:\n  fire:\n    args: {{s: , e: }}\n    layers:\n{BODY}{USED}",
        f"{NET}layers:\n  - add:\n      branches:\n        body: [conv1-3, relu]\n"
        "        skip: [{repeat: {times: 1, layers: [conv1-3]}, when: =in_channels != 3}]\n",
        f"{NET}layers:\n  - {{repeat: {{times: 3, layers: [conv1-3, relu]}}}}\n",
    ],
)
def test_what_the_help_says_is_right(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{NET}layers:\n  - concat: [a, b]\n     name: x\n", "put it in column 5"),
        (
            f"{NET}blocks:\n  fire:\n    args: {{s: , e: }}\n     layers:\n{BODY}{USED}",
            "put it in column 5",
        ),
        (
            f"{NET}layers:\n  - repeat:\n      layers: [relu]\n       times: 3\n",
            "put it in column 7",
        ),
        (f"name: a: b\n{NET}layers: [relu]\n", "quote a text with a colon in it"),
    ],
)
def test_a_key_that_is_out_of_line_goes_to_its_column(text: str, said: str) -> None:
    (one,) = errors(text)
    assert said in one
