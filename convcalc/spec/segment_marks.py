"""Names of segments that a `checkpoint` beside a layer cannot have. Imported for few files."""

from convcalc.findings import brief
from convcalc.memory.segments_named import is_rule

TAKES = "checkpoint takes true, false or a name"
MARKS: tuple[str, ...] = ("`checkpoint: true`, or one name beside layers that follow each other",)


def not_a_name(value: str) -> tuple[str, tuple[str, ...]]:
    """Why a text names no segment, and what to write; '' where it does.

    Rules and stretches are said of the whole net: beside one layer they would only be names.
    """
    if value == "none":
        return f"{TAKES}, not a rule", ("did you mean `false`?",)
    if not is_rule(value) and ".." not in value:
        return "", ()
    what = "a stretch of the net" if ".." in value else "a rule"
    stated = brief(f'"{value}"' if "," in value else value)
    return f"{TAKES}, not {what}", (
        *MARKS,
        f"for the whole net: `--checkpoint {stated}` on the command line, or at the top "
        f"`budget: {{training_memory: 8GiB, checkpoint: {stated}}}`",
    )
