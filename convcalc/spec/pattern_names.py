"""Names among the words of a pattern: ``relu as skip1``, ``concat with skip1``.

A name is a key beside its layer; as a word of its own it would be taken for a layer. Imported only
where something is wrong.
"""

from collections.abc import Container, Sequence

from convcalc.findings import plain
from convcalc.layers import MERGES
from convcalc.network.graph import is_name
from convcalc.spec.foreign.named import with_name
from convcalc.spec.pattern_letters import GIVEN, NAMING, Fault, Token

#: words between a merge and the layers that it reads
WITH = NAMING - {"as", "As", "AS"}
BELOW = "a layer's name is below it: `- {}:`, and `name: {}` on the next line"


def name_fault(tokens: Sequence[Token], index: int, blocks: Container[str]) -> Fault | None:
    """What to report of a word that gives a layer its name, or a merge what it reads.

    The message, where it starts in the pattern, its length and the help; None for other words.
    """
    word, at = tokens[index]
    layer, start = tokens[index - 1] if index else ("", at)
    behind = tokens[index + 1] if index + 1 < len(tokens) else ("", at)
    if word in blocks or not index:
        return None
    if word in WITH and layer.lower() in MERGES and is_name(behind[0]):
        after = (name for name, _ in tokens[index + 1 :])
        read = ", ".join(name for name in after if is_name(name) and name not in WITH)
        help = (
            f"write `from: [..., {plain(read)}]` below `- {layer.lower()}:`, "
            "with the name of the layer above in place of the dots"
        )
        return "a merge reads layers by name", start, behind[1] + len(behind[0]) - start, (help,)
    if word.startswith(GIVEN):
        behind = word.removeprefix(GIVEN), at + len(GIVEN)
    elif word.lower() != "as":
        return None
    name, end = behind[0], behind[1] + len(behind[0])
    if not is_name(name) or not layer[:1].isalpha():
        return "a name is no word of a pattern", at, end - at, (BELOW.format("conv3-8", "c1"),)
    whole = start == tokens[0][1] and end == tokens[-1][1] + len(tokens[-1][0])
    help = f"did you mean `{with_name(layer, name)}`?" if whole else BELOW.format(layer, name)
    return "a name is no word of a pattern", start, end - start, (plain(help),)
