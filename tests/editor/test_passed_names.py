"""Names of layers that pass through the arguments of blocks, and all other places that read one."""

import pytest

from convcalc.editor.reading import Reading
from convcalc.editor.renaming import CannotRenameError, rename
from convcalc.source import Source
from convcalc.spec.edit import Editor

SMALL = """\
input: 8x8x3
blocks:
  up:
    args: {c: 3, skip: }
    layers:
      - {conv: {filters: =c, kernel: 3, pad: 1}, name: t}
      - add:
        from: [=skip, t]
layers:
  - {conv3-3: , name: d1}
  - relu
CALL
"""
CALLS = [
    "  - up: [3, d1]",
    "  - up: [=3, 'd1']",
    "  - up: {skip: d1}",
    '  - {up: {c: 3, skip: "d1"}, name: u}',
    "  - up:\n      c: 3\n      skip: d1",
    "  - up:\n      - 3\n      - d1",
    "  - repeat: {times: 2, layers: [{up: [3, d1]}]}",
    "  - add: {branches: [[up: {skip: d1}], []]}",
    "  - up: {skip: d1}\n    times: 2\n    name: u",
    "  - up: {skip: d1}\n    when: =1 > 2",
    "  - up: {skip: d1}\n  - up: [=3, d1]\n  - up: [3, d1]",
]
NETS = {
    "list": SMALL.replace("args: {c: 3, skip: }", "args: {skip: }")
    .replace("[=skip, t]", "=skip")
    .replace("=c", "3")
    .replace("CALL", "  - up: {skip: [d1, relu1]}\n  - up: [[d1, relu1]]"),
    "bare": SMALL.replace("args: {c: 3, skip: }", "args: {skip: }")
    .replace("=c", "3")
    .replace("CALL", "  - up: d1"),
    "default": SMALL.replace("skip: }", "skip: d1}").replace("CALL", "  - up\n  - up: {c: 3}"),
    "default of another": SMALL.replace("skip: }", "enc: , skip: =enc}").replace(
        "CALL", "  - up: [3, d1]\n  - up: {enc: d1}"
    ),
    "variable": SMALL.replace("blocks:", "vars: {deep: d1}\nblocks:").replace(
        "CALL", "  - up: [3, =deep]\n  - relu:\n    from: =deep\n  - add:\n    from: [relu2, up1]"
    ),
    "passed on": SMALL.replace(
        "layers:\n  - {",
        "  dec:\n    args: {enc: }\n    layers: [up: {skip: =enc}]\nlayers:\n  - {",
    ).replace("CALL", "  - dec: {enc: d1}\n  - dec: d1"),
    "layers": SMALL.replace("skip: }", "body: }")
    .replace("      - add:\n        from: [=skip, t]", "      - =body")
    .replace("CALL", "  - up: {body: [{add: , from: [t, d1]}]}"),
    "beside": SMALL.replace("from: [=skip, t]", "from: [input, t]")
    .replace("- {conv: ", "- {crop: {like: =skip}}\n      - {conv: ")
    .replace("CALL", "  - up: {skip: d1}\n  - {conv3-3: , weights: d1, from: d1}")
    + "outputs: [d1]\n",
    "budget": SMALL.replace("CALL", "  - up: {skip: d1}\n    name: u\n  - {relu: , name: z}")
    + 'budget: {training_memory: 1GiB, checkpoint: "d1..relu1, u.t..z"}\n',
    "quoted": SMALL.replace("name: d1", "name: 'd1'").replace("CALL", "  - up: [3, \"d1\"]"),
} | {f"call {n}": SMALL.replace("CALL", call) for n, call in enumerate(CALLS)}  # fmt: skip


def places(text: str, word: str) -> list[tuple[int, int]]:
    """The lines and columns, from 1, where a word stands by itself."""
    return [
        (number, at + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for at in range(len(line))
        if line.startswith(word, at)
        and not f" {line}"[at].isalnum()
        and not f"{line} ".replace("_", "x")[at + len(word)].isalnum()
    ]


def renamed(reading: Reading, line: int, column: int, name: str) -> str:
    """The text with another name for the one at a place."""
    edits = rename(reading, line, column, name)
    return Editor(Source("net.yaml", reading.text)).apply(edits)


def net(reading: Reading, old: str = "", new: str = "") -> list[object]:
    """All that is known of a net, with a name for another one."""
    assert reading.outcome is not None
    rows = [
        (
            row.step.name,
            row.step.inputs,
            row.step.like,
            row.step.shares,
            row.step.output,
            row.params,
        )
        for row in reading.outcome.analysis.rows
    ]
    said = [(f.code, f.severity, f.line) for f in reading.findings]
    return [[(_with(name, old, new), *rest) for name, *rest in rows], said]


def _with(name: str, old: str, new: str) -> str:
    return ".".join(new if old and part == old else part for part in name.split("."))


@pytest.mark.parametrize("text", NETS.values(), ids=NETS)
def test_a_layers_name_is_found_and_renamed_wherever_it_is_written(read, text) -> None:
    before = read(text)
    assert not [f for f in before.findings if f.severity == "error"]
    assert before.outcome is not None and before.outcome.network.steps
    for word, new in (("d1", "e1"), ("t", "e1"), ("skip", "e1"), ("c", "e1"), ("deep", "e1")):
        found = places(text, word)
        for line, column in found:
            use = before.symbols.at(line, column)
            assert use is not None, (word, line)
            uses = [(one.span.line, one.span.column) for one in before.symbols.of(use.symbol)]
            quoted = [(y, x - (text.splitlines()[y - 1][x - 2] in "'\"")) for y, x in found]
            assert {*uses} <= {*found, *quoted} and len(uses) == len(found), (word, line)
            after = renamed(before, line, column, new)
            assert len(places(after, new)) == len(found) and not places(after, word)
            assert net(before, word, new) == net(read(after))


@pytest.mark.parametrize(
    ("text", "word", "new"),
    [
        (NETS["call 0"], "d1", "t"),  # the block's own layer would be read
        (NETS["list"], "d1", "relu1"),
        (NETS["call 0"], "d1", "u p"),
        (NETS["budget"], "d1", "input"),
        (NETS["budget"].replace("..relu1, u.t..z", ""), "d1", "pools"),  # a rule
        (NETS["variable"], "skip", "c"),
        (SMALL.replace("blocks:", "vars: {n: 3}\nblocks:").replace("=c", "=c*n//n")
         .replace("CALL", "  - up: {skip: d1}"), "c", "n"),  # today the same number
    ],
)  # fmt: skip
def test_a_name_that_would_change_what_the_file_means_is_refused(read, text, word, new) -> None:
    reading = read(text)
    for line, column in places(text, word):
        with pytest.raises(CannotRenameError):
            rename(reading, line, column, new)


def test_a_name_that_the_blocks_own_layer_has_is_that_layers(read) -> None:
    text = NETS["call 0"].replace("d1]", "t]").replace("name: d1", "name: t")
    reading = read(text)
    assert reading.outcome is not None
    own = reading.symbols.at(*places(text, "t")[-1])
    assert own is not None and own.symbol.scope == "up"
    inner = NETS["call 0"].replace("d1]", "relu1]").replace("- add", "- relu\n      - add")
    use = read(inner).symbols.at(*places(inner, "relu1")[-1])
    assert use is not None and use.symbol.scope == "up"  # it reads its own, too


def test_a_name_further_down_in_the_block_is_read_from_above(read) -> None:
    text = (
        "input: 8x8x3\nblocks:\n  b:\n    layers:\n      - {conv3-3: , from: a}\n"
        "      - {relu: , name: a}\nlayers:\n  - {conv3-3: , name: a}\n  - b\n"
    )
    use = read(text).symbols.at(*places(text, "a")[0])
    assert use is not None and use.symbol.scope == ""


def test_the_name_of_a_segment_is_no_layers(read) -> None:
    text = NETS["call 2"] + "  - {relu: , checkpoint: d1}\n"
    found = places(text, "d1")
    assert read(text).symbols.at(*found[-1]) is None
    assert renamed(read(text), *found[0], "e1").count("d1") == 1


def test_a_block_that_is_not_called_has_names_too(read) -> None:
    dec = "  dec:\n    args: {enc: }\n    layers: [up: {skip: =enc}, {relu: , from: t9}]\nlayers"
    text = SMALL.replace("CALL", "").replace("layers:\n  - {", f"{dec}:\n  - {{")
    symbols = read(text).symbols
    assert ("dec", "enc") in symbols.naming and ("up", "c") not in symbols.naming
    for word, count in (("skip", 3), ("enc", 2), ("t", 2)):
        use = symbols.at(*places(text, word)[0])
        assert use is not None and len(symbols.of(use.symbol)) == count


def test_in_the_default_of_an_argument_its_own_name_is_a_variable(read) -> None:
    text = SMALL.replace("blocks:", "vars: {skip: d1}\nblocks:").replace("skip: }", "skip: =skip}")
    text = text.replace("CALL", "  - up\n  - up: {skip: relu1}")
    outer, own, read_in, passed, given = places(text, "skip")
    for group in ((outer, read_in), (own, passed, given)):
        for place in group:
            assert len(places(renamed(read(text), *place, "e1"), "e1")) == len(group)
    assert renamed(read(text), *places(text, "d1")[0], "e1").count("e1") == 2


@pytest.mark.parametrize(
    ("old", "new", "calls"),
    [
        ("up", "dec", ("up1", "up2")),
        ("up", "dec2", ("up1", "up2")),
        ("up2", "dec", ("up2_1", "up2_2")),
        ("up", "relu9", ("up1", "up2")),
    ],
)
def test_a_block_is_renamed_with_the_automatic_names_of_its_calls(read, old, new, calls) -> None:
    first, second = calls
    text = SMALL.replace("  up:", f"  {old}:")
    text = text.replace("CALL", f"  - {old}: [3, d1]\n  - {old}: [3, {first}.t]\n    name: q")
    text = text.replace("    name: q\n", f"  - relu:\n    from: {first}\n") + (
        f"outputs: [{first}]\n"
        f"budget: {{training_memory: 1GiB, checkpoint: '{first}.t..{second}'}}\n"
    )
    for place in places(text, old):
        after = renamed(read(text), *place, new)
        word = f"{new}_" if new[-1].isdigit() else new
        assert after == text.replace(f"{old}:", f"{new}:").replace(first, f"{word}1").replace(
            second, f"{word}2"
        )
        assert [(f.code, f.line) for f in read(after).findings] == [
            (f.code, f.line) for f in read(text).findings
        ]


def test_layers_that_a_variable_holds_read_by_name_too(read) -> None:
    for body in ("[{add: , from: [d1, relu1]}]", "{conv3-3: , from: =deep}"):
        text = SMALL.replace("blocks:", f"vars: {{deep: d1, tail: {body}}}\nblocks:")
        text = text.replace("CALL", "  - =tail\n  - up: {skip: =deep}")
        found = places(text, "d1")
        assert not [f for f in read(text).findings if f.severity == "error"]
        for place in found:
            assert renamed(read(text), *place, "e1") == text.replace("d1", "e1")
        for place in places(text, "deep"):
            assert renamed(read(text), *place, "e1") == text.replace("deep", "e1")


def test_a_block_without_a_name_yet_is_none(read) -> None:
    for head in ("'':", "&up:", ":"):
        text = NETS["default of another"].replace("  up:", f"  {head}", 1)
        assert read(text).symbols.names("block") == []
