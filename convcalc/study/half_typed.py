"""A text that is being typed, read as far as it can be: what names it has is known all the same."""

from convcalc.findings import Severity
from convcalc.source import Source
from convcalc.study.errors import LoadError, RequestError
from convcalc.study.load import Text
from convcalc.study.nearby import net_meant
from convcalc.study.outcome import Case, Outcome, study
from convcalc.tree.decode import Limits
from convcalc.tree.reader import read

_MOST = 8  #: lines that are left out
_LARGEST = 2**18  #: letters of a text that is read over and over


def readable(text: str, line: int = 0) -> str:
    """The text as YAML: lines that keep it from that get their brackets closed, or are emptied.

    `line`, from 1, is the first: the one where somebody types. The text as it is where none helps.
    """
    source = Source("", text)
    lines = source.lines()
    for _ in range(_MOST if len(text) <= _LARGEST else 0):
        if line:
            before = "".join(lines[line - 1 : line])
            if not before:
                break
            lines[line - 1] = _closed(before)
        _, findings = read(source._replace(text="\n".join(lines)), Limits())
        errors = [found for found in findings if found.severity is Severity.ERROR]
        if not errors:
            return "\n".join(lines)
        line = errors[0].line or 0
    return text


def _closed(line: str) -> str:
    """The line with the brackets closed that it opens; empty if all are."""
    close: list[str] = []
    for char in line:
        if char in "[{":
            close.append("]" if char == "[" else "}")
        elif close and char == close[-1]:
            close.pop()
    return line + "".join(reversed(close)) if close else ""


def named(word: str) -> Outcome | None:
    """The net that a word names, as far as it can be read; that which it was meant to name."""
    for subject in (word, net_meant(word)):
        try:
            found = study(Case(subject)) if subject else None
        except LoadError:
            continue
        except RequestError:
            return None
        if found is not None:
            return _readable(found)
    return None


def _readable(found: Outcome) -> Outcome:
    """The same net; one of which nothing could be read, without the lines that are the cause."""
    source = found.network.source
    if not found.without_layers or not source.text:
        return found
    return study(found.case._replace(subject=Text(source.path, readable(source.text))))
