"""What holds for every file: reading never raises, and the two parsers agree."""

import random
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.report.analysis.json import report_json
from convcalc.report.analysis.text import text as report_text
from convcalc.report.drawing.palette import Palette
from convcalc.report.findings.concise import line
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern

PARSERS = [parser for parser in (getattr(yaml, "CSafeLoader", None), yaml.SafeLoader) if parser]
QUICK = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
NETS = [zoo.read(name) for name in ("lenet5", "alexnet", "resnet18", "googlenet", "unet")]
CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent / "bad").glob("*.yaml"))]

WORDS = st.sampled_from(
    """conv relu add concat fc pool2 conv3-4 fc-10 repeat b name from times when branches layers
    filters kernel stride pad rounding expect weights like args vars blocks input 8x8x3 inputs
    same floor identity conv1 relu1 =w =w*2 =in_channels =x true 010 1:30 1e3 ~ outputs ignore
    CC103 upsample crop scale size shape reshape dropout units budget [relu]*2 -1 0 1 2 3
    """.split()  # noqa: SIM905
)
PIECES = st.sampled_from(
    [": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'", '"', "&a ", "*a", "#", "|", ">", "?",
     "---\n", "...\n", "%", "!", "\t", "<<", "\\", "@", "=", "(", ")", "\r\n", "é", "\x85", "\x00"]
)  # fmt: skip
VALUES = st.recursive(
    WORDS | st.integers(-3, 300).map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


def _told(data: bytes) -> str:
    """Everything that is said of a file, after both parsers have said the same."""
    told = []
    for parser in PARSERS:
        analysis = analyze(load("net.yaml", data, parser=parser))
        assert analysis.findings or analysis.network.outputs
        report_text(analysis, Palette(width=80))
        told.append(report_json(analysis) + "".join(map(line, analysis.findings)))
    # libyaml and PyYAML draw YAML's own line apart in places (`|#`): test_bad.py has what a
    # person would write; here, what both can read they must read alike
    assert len(set(told)) == 1 or any("CC001" in text for text in told)
    return told[0]


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else str(value)


@QUICK
@given(st.binary(max_size=60))
def test_bytes(data: bytes) -> None:
    _told(data)


@QUICK
@given(st.lists(WORDS | PIECES, max_size=40).map("".join))
def test_what_looks_like_yaml(text: str) -> None:
    _told(text.encode())


@QUICK
@given(st.lists(VALUES, max_size=5), st.dictionaries(WORDS, VALUES, max_size=3))
def test_structures_of_the_right_words(layers: list[object], block: dict[str, object]) -> None:
    text = f"input: 8x8x3\nblocks: {{b: {_flow(block)}}}\nlayers: {_flow(layers)}\n"
    _told(text.encode())


@QUICK
@given(st.sampled_from(NETS + CORPUS), st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_mutated_spec(data: bytes, chance: random.Random, changes: int) -> None:
    lines = data.split(b"\n")
    for _ in range(changes):
        at = chance.randrange(len(lines))
        line = lines[at]
        where = chance.randrange(len(line) + 1)
        lines[at] = chance.choice(
            [
                line[:where] + line[where + 1 :],
                line[:where] + bytes([chance.randrange(256)]) + line[where:],
                line[:where] + chance.choice([b": ", b"[", b"}", b"'", b"- ", b"=", b"0", b" "]),
                line * 2, b"", b"  " + line, chance.choice(lines),
            ]
        )  # fmt: skip
    _told(b"\n".join(lines))


@QUICK
@given(st.text(alphabet="[]*->?2 \tconvrelupfINPUT-8x3=\x1bé", max_size=40))
def test_patterns(pattern: str) -> None:
    analysis = analyze(load_pattern(pattern, Overrides(input=(8, 8, 3))))
    report_text(analysis, Palette(width=80))


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


NET = {
    "name": "N",
    "input": "17x17x3",
    "rounding": "floor",
    "layers": [
        {"conv": {"filters": 4, "kernel": 3, "stride": 2, "pad": 1}, "name": "stem"},
        {"add": {"branches": [["conv3-4", "relu"], "identity"]}, "name": "sum"},
        {"max_pool": {"kernel": 3, "stride": 2}, "from": "stem", "name": "pooled"},
        {"conv": {"filters": 2, "kernel": 1}, "from": "sum", "expect": "9x9x2", "name": "end"},
        {"repeat": {"times": 2, "layers": [{"conv3-4": None, "name": "r"}]}},
    ],
}


def _numbers(net: object) -> list[object]:
    analysis = analyze(load("net.yaml", yaml.safe_dump(net, sort_keys=False).encode()))
    rows = [(r.step.output, r.params, r.macs, r.receptive_field, r.in_place) for r in analysis.rows]
    return [*rows, analysis.totals, sorted(finding.code for finding in analysis.findings)]


@settings(QUICK, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(chance: random.Random) -> None:
    assert _numbers(_shuffled(NET, chance)) == _numbers(NET)


@settings(QUICK, max_examples=25)
@given(st.lists(st.from_regex(r"\A[a-zA-Z0-9_./-]{1,8}\Z"), min_size=5, max_size=5, unique=True))
def test_other_names_change_nothing_but_names(names: list[str]) -> None:
    text = yaml.safe_dump(NET, sort_keys=False)
    for old, new in zip(("stem", "sum", "pooled", "end", "r"), names, strict=True):
        for key in ("name", "from"):
            text = text.replace(f"{key}: {old}\n", f"{key}: 'n.{new}'\n")
    assert text.count("'n.") == 7
    assert _numbers(yaml.safe_load(text)) == _numbers(NET)
