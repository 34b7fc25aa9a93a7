"""A word without its dash or its colon that is no layer and no key with it: it is typed yet."""

import re
from collections.abc import Sequence

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.moved import Moved, back
from convcalc.network.record import Network
from convcalc.spec.edit import Editor

#: what is left of `- relu` and of `times:`, and what a file has in their place
_WITH = re.compile(r" *(?:- )?([\w.-]+):?")
_LONE = re.compile(r" *([\w.-]+)\s*$", re.M)


def half_typed(then: Analysis, words: Sequence[Moved], network: Network) -> frozenset[int]:
    """Where a lone word got its dash or its colon, and the file cannot be read with it.

    With either the file is YAML again, which is no reason for it: `tim` below a layer may become
    `times: 2` as well as an entry.

    Args:
        then: the net that words made.
        words: the edits that made it, of the file that there is.
        network: the net of that file.
    """
    lone = {place for at in range(len(words)) for place in _lone(words, at, network.source.text)}
    if not lone:
        return frozenset()
    editor = Editor(then.network.source)
    errors = [f.span for f in then.findings if f.severity is Severity.ERROR and f.code < "CC1"]
    places = (editor.offset(span.line, span.column) for span in errors if span is not None)
    return frozenset(lone & {back(words, place) for place in places})


def _lone(words: Sequence[Moved], at: int, text: str) -> set[int]:
    """The places in the file as it was where edits give a lone word its dash or its colon."""
    found = set[int]()
    for edit in words[at].edits:
        word, start = _WITH.fullmatch(edit.text), back(words[:at], edit.start)
        before = _LONE.match(text, start) if word is not None else None
        if before is not None and word is not None and before[1] == word[1]:
            found.add(start)
    return found
