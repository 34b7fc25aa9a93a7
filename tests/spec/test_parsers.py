"""libyaml's parser and PyYAML's, held against each other on what stands in brackets."""

import random

import pytest
import yaml

from convcalc.source import Source
from convcalc.tree.decode import Limits
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.reader import read

if not hasattr(yaml, "CSafeLoader"):
    pytest.skip("no libyaml to hold against", allow_module_level=True)


def _tree(node: Node | None) -> object:
    match node:
        case Mapping():
            entries = [(_tree(key), _tree(value)) for key, value in node.entries.values()]
            return "mapping", node.start, node.end, entries
        case Sequence():
            return "list", node.start, node.end, [_tree(item) for item in node.items]
        case Scalar():
            return node.text, node.plain, node.start, node.end
    return None


def both(text: str) -> tuple[object, list[object]]:
    """What the two make of a text, which must be the same."""
    found = []
    for parser in (yaml.CSafeLoader, yaml.SafeLoader):
        root, findings = read(Source("a.yaml", text), Limits(), parser)
        found.append((_tree(root), [*findings]))
    assert found[0] == found[1], repr(text)
    return found[0]


@pytest.mark.parametrize(
    "text",
    ["{k:}", "{k :}", "{k\n:}", "{k:,a}", "[k:]", "[k:[a]]", "{k:?a}", "{k::}", "[a::]", "[-:]",
     "[a :]", "[a:b:]", "layers:\n- conv: {filters:}\n", "l: [{conv: {kernel:{a: 1}}}]"],
)  # fmt: skip
def test_a_colon_before_a_bracket_or_comma_needs_a_space(text: str) -> None:
    root, (finding,) = both(text)
    assert root is None and "a colon needs a space after it" in finding.message  # type: ignore[attr-defined]
    span = finding.span  # type: ignore[attr-defined]
    assert text.split("\n")[span.line - 1][span.column - 1] == ":"


@pytest.mark.parametrize(
    "text",
    ["layers: [conv3-64, pool?]", "[a?b]", "[a ?b]", "{a?: 1}", "{a? a}", "[a\n  ?b, c d]",
     '{"k":}', "{k:\t}", "{k: }", "{k:#}", "[-, -a]", "{a: -}", "[a #b\n, c]", "{a: b\n \tc}",
     "[a:b]", ">\t\n a", "|# b\n a", ">-2\t# b\n   a", "|+\n a\n\n"],
)  # fmt: skip
def test_what_both_can_read_is_the_same(text: str) -> None:
    root, findings = both(text)
    assert root is not None and not findings


@pytest.mark.parametrize(
    "text",
    ["- {a: b\n\tc}", "- {a\n\t}", "[:a]", "{k: :}", "[a, :]", "[a: ?]", "|0\n a", "|-x\n a",
     "{a: b c: d}", "[a", "[a]]", "{a: [b}", "[a\n---\n]"],
)  # fmt: skip
def test_what_neither_reads_has_the_same_finding(text: str) -> None:
    assert both(text)[0] is None


def test_texts_of_brackets_colons_and_words_are_read_alike() -> None:
    drawn = random.Random(1)
    pieces = [*"{}[],:-#\"' \n1", "k:", "k: ", "{k:}", "[a:]", "a: ", '"x"', "b c", ", ", "a?", "}"]
    for _ in range(3000):
        count = drawn.randint(1, 9)
        both("l: [" + "".join(drawn.choice(pieces) for _ in range(count)))
