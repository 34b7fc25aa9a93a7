"""Nets that are sound, with one thing changed as a person would: a value, a word, a line."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

#: options with numbers, as a mapping or a short form has them
_NUMBER = re.compile(
    r"(?P<key>\b(?:kernel|stride|pad|filters|units|times|groups|scale|size|output|dilation)\b): "
    r"(?P<value>[0-9]+)"
)
_SHORT = re.compile(r"(?<![\w.-])(?P<word>conv|pool|avgpool|fc)(?P<rest>[-0-9sp]*[0-9])(?![\w.])")
_FROM = re.compile(r"from: (?P<names>\[[^\]\n]*\]|[\w.-]+)")
_NAME = re.compile(r"name: (?P<name>[\w.-]+)")
_INPUT = re.compile(r"^input: (?P<shape>[0-9x]+)", re.M)
_WORD = re.compile(r"(?<![\w#=.])[a-z]{4,}(?:_[a-z]+)*(?=[:,\]}\s]|$)", re.M)
_ROUNDING = re.compile(r"^rounding: .*\n", re.M)
_PAIR = re.compile(r"(?P<key>\b[a-z_]+): (?P<value>[^\s,{}\[\]#]+)")
_FLOW = re.compile(r"(?P<key>\b[a-z_]+: )\{(?P<body>[^{}\[\]\n]+)\}")
_LETTERS = "abcdefghiklmnoprstuy"


class Edit(NamedTuple):
    start: int
    end: int
    text: str


def _one(draw: random.Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = [match for match in pattern.finditer(text) if not _in_comment(text, match.start())]
    return draw.choice(found) if found else None


def _in_comment(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return "#" in line or re.match(r"(?:name|source|notes):", line) is not None


def _number(draw: random.Random, text: str) -> Edit | None:
    """Another number for an option: one more or less, a few, a decimal place."""
    match = _one(draw, _NUMBER, text)
    if match is None:
        return None
    old = int(match["value"])
    new = max(0, draw.choice((old + 1, old - 1, old + 2, old * 2, old * 10, old // 2, 0, 1)))
    return Edit(*match.span("value"), str(new))


def _short(draw: random.Random, text: str) -> Edit | None:
    match = _one(draw, _SHORT, text)
    if match is None:
        return None
    digits = list(re.finditer("[0-9]+", match["rest"]))
    one = draw.choice(digits)
    old = int(one[0])
    new = max(0, draw.choice((old + 1, old - 1, old + 2, old * 2)))
    at = match.start("rest")
    return Edit(at + one.start(), at + one.end(), str(new))


def _added(draw: random.Random, text: str) -> Edit | None:
    """An option more, beside a kernel."""
    match = _one(draw, re.compile(r"kernel: [0-9]+"), text)
    more = draw.choice((", stride: 2", ", stride: 3", ", pad: 1", ", dilation: 2", ", groups: 3",
                        ", padding: 1", ", strides: 2", ", activation: relu", ", use_bias: false",
                        ", padding: same", ", expect: 7x7x64"))  # fmt: skip
    return match and Edit(match.end(), match.end(), more)


def _from(draw: random.Random, text: str) -> Edit | None:
    """Another layer under `from`, or a name that nobody has."""
    match, name = _one(draw, _FROM, text), _one(draw, _NAME, text)
    if match is None:
        return None
    names = re.findall(r"[\w.-]+", match["names"])
    other = name["name"] if name and draw.random() < 0.7 else draw.choice(names or ["x"])[:-1]
    new = match["names"].replace(draw.choice(names or ["[]"]), other, 1)
    return Edit(*match.span("names"), new)


def _misspelt(draw: random.Random, text: str) -> Edit | None:
    """A word with a letter more, less, doubled, or two in the other order."""
    match = _one(draw, _WORD, text)
    if match is None:
        return None
    word, at = match[0], draw.randrange(len(match[0]) - 1)
    new = draw.choice((
        word[:at] + word[at] * 2 + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + draw.choice(_LETTERS) + word[at:],
        word.capitalize(), word.replace("_", ""),
    ))  # fmt: skip
    return Edit(*match.span(), new)


def _line(draw: random.Random, text: str) -> tuple[int, int]:
    lines = [match.span() for match in re.finditer(r"[^\n]*(?:\n|\Z)", text) if match[0].strip()]
    return draw.choice(lines or [(0, 0)])


def _indented(draw: random.Random, text: str) -> Edit | None:
    start, end = _line(draw, text)
    line = text[start:end]
    less = line[draw.choice((1, 2)) :] if line[:2] == "  " else f" {line}"
    return Edit(start, end, draw.choice((less, f" {line}", f"  {line}", f"\t{line.lstrip()}")))


def _deleted(draw: random.Random, text: str) -> Edit | None:
    return Edit(*_line(draw, text), "")


def _twice(draw: random.Random, text: str) -> Edit | None:
    start, end = _line(draw, text)
    return Edit(end, end, text[start:end])


def _key_twice(draw: random.Random, text: str) -> Edit | None:
    match = _one(draw, _PAIR, text)
    return match and Edit(match.end(), match.end(), f", {match[0]}")


def _shape(draw: random.Random, text: str) -> Edit | None:
    match = _one(draw, _INPUT, text)
    if match is None:
        return None
    sizes = [int(size) for size in match["shape"].split("x")]
    at = draw.randrange(len(sizes))
    sizes[at] = max(1, sizes[at] + draw.choice((-3, -1, 1, 2, 4, 5)))
    kept = draw.choice((sizes, sizes, sizes[-1:] + sizes[:-1]))
    return Edit(*match.span("shape"), "x".join(map(str, kept)))


def _exact(draw: random.Random, text: str) -> Edit | None:
    match = _one(draw, _ROUNDING, text)
    return match and Edit(*match.span(), "")


def _mark(draw: random.Random, text: str) -> Edit | None:
    """A colon, a comma, a bracket or a dash less or more."""
    match = _one(draw, re.compile(r"[:,{}\[\]-]"), text)
    return match and Edit(*match.span(), draw.choice(("", "", match[0] * 2, " ", ";", "*")))


BREAKAGES: tuple[Callable[[random.Random, str], Edit | None], ...] = (
    _number, _number, _number, _short, _added, _from, _from, _misspelt, _misspelt, _indented,
    _deleted, _twice, _key_twice, _shape, _exact, _mark,
)  # fmt: skip


def broken(draw: random.Random, text: str) -> str:
    """A text with one thing changed, rarely two or three; perhaps with other line ends."""
    for _ in range(draw.choice((1, 1, 1, 1, 2, 3))):
        edit = draw.choice(BREAKAGES)(draw, text)
        if edit is not None:
            text = text[: edit.start] + edit.text + text[edit.end :]
    return text.replace("\n", "\r\n") if draw.random() < 0.05 else text


def _commented(draw: random.Random, text: str) -> str:
    """Comments behind lines, and lines of comments and blanks between them."""
    lines = text.split("\n")
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number]
        if ">-" in line or "\n  " in line or not line.strip() or "#" in line:
            continue
        indent = " " * (len(line) - len(line.lstrip()))
        folded = any(":" in one and ">" in one for one in lines[max(0, number - 8) : number])
        if folded and ":" not in line:
            continue
        match draw.randrange(12):
            case 0 | 1:
                lines[number] += f"  # remark {number}"
            case 2 if line.lstrip()[:1] == "-":
                lines.insert(number, f"{indent}# above {number}")
            case 3 if line.lstrip()[:1] == "-":
                lines.insert(number, "")
    return "\n".join(lines)


def _unfolded(draw: random.Random, text: str) -> str:
    """Options in braces on lines of their own, with braces or without."""
    while match := _one(draw, _FLOW, text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        below = "\n" + " " * (len(line) + 2)
        pairs = match["body"].split(", ")
        if draw.random() < 0.5 and re.fullmatch(r"[ -]*", line):
            new = f"{match['key'].rstrip()}{below}{below.join(pairs)}"
        else:
            new = f"{match['key']}{{{f',{below}'.join(pairs)}}}"
        text = text[: match.start()] + new + text[match.end() :]
        if draw.random() < 0.3:
            break
    return text


def _aliased(draw: random.Random, text: str) -> str:
    """Options that are written twice, by an anchor and an alias."""
    for match in _FLOW.finditer(text):
        body = f"{{{match['body']}}}"
        at = text.find(body, match.end())
        if at > 0 and draw.random() < 0.3:
            head = text[: match.end("key")]
            rest = text[match.end("key") : at]
            return f"{head}&again {rest}*again{text[at + len(body) :]}"
    return text


def restyled(draw: random.Random, text: str) -> str:
    """The same net, written otherwise."""
    for style in (_aliased, _unfolded, _commented):
        if draw.random() < 0.4:
            text = style(draw, text)
    return text
