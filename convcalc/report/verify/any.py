"""Whatever `verify` was asked for, as text or JSON."""

from typing import TYPE_CHECKING

from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.verify.record import Verification

if TYPE_CHECKING:
    from convcalc.verify.equivalence import Equivalence
    from convcalc.verify.fields import Fields


def rendered(
    found: "Verification | Equivalence | Fields", format_: str, palette: Palette = PLAIN
) -> str:
    """A run, or one of the two proofs, in one of the formats ``text`` and ``json``."""
    if isinstance(found, Verification):
        if format_ == "json":
            from convcalc.report.verify.json import verify_json

            return verify_json(found)
        from convcalc.report.verify.text import verify_text

        return verify_text(found, palette)
    from convcalc.verify.fields import Fields  # NumPy is loaded by now

    if isinstance(found, Fields):
        from convcalc.report.verify.fields import fields_json, fields_text

        return fields_json(found) if format_ == "json" else fields_text(found, palette)
    from convcalc.report.verify.equivalence import equivalence_json, equivalence_text

    return equivalence_json(found) if format_ == "json" else equivalence_text(found, palette)
