"""Every command's formats: one module a format, loaded when it is asked for.

A renderer is a module of this package with ``render(view, palette) -> str``; where texts are long,
also with ``parts(view, palette)``, which gives the same text part by part. Its view holds what is
to be said, computed once. The keys are the choices of each command's ``--format``, the default
first; a command whose options ask for another subject has a row of its own for it.
"""

from collections.abc import Iterable
from importlib import import_module

from convcalc.report.drawing.palette import PLAIN, Palette

_ANALYZE = {
    "text": "analysis.text",
    "json": "analysis.json",
    "csv": "analysis.csv",
    "markdown": "analysis.markdown",
    "notes": "analysis.listing",
}

FORMATS: dict[str, dict[str, str]] = {
    "analyze": _ANALYZE,
    "analyze --as all": {**_ANALYZE, "text": "counts.text", "markdown": "counts.markdown"},
    "analyze --net FAMILY": {**_ANALYZE, "text": "analysis.family"},
    "analyze --side-by-side": {"text": "analysis.side_by_side"},
    "check": {
        "text": "findings.text",
        "concise": "findings.concise",
        "json": "findings.json",
        "github": "findings.github",
        "sarif": "findings.sarif",
        "junit": "findings.junit",
        "gitlab": "findings.gitlab",
        "markdown": "findings.markdown",
    },
    "diff": {"text": "diff.text", "markdown": "diff.markdown", "json": "diff.json"},
    "diff --base FOLDER": {
        "text": "changes.text",
        "markdown": "changes.markdown",
        "json": "changes.json",
    },
    "explain": {"text": "explain.text", "json": "explain.json"},
    "explain FIGURE": {"text": "counts.figure_text", "json": "counts.figure_json"},
    "explain counting": {"text": "counts.kinds_text", "json": "counts.kinds_json"},
    "fit": {"text": "fit.text", "json": "fit.json"},
    "identify": {"text": "counts.identified_text", "json": "counts.identified_json"},
    "report": {"html": "page.html", "svg": "page.svg"},
    "report ROWS": {"html": "rows.html", "svg": "rows.svg"},
    "sizes": {"text": "sizes.text", "json": "sizes.json"},
    "verify": {"text": "verify.text", "json": "verify.json"},
    "verify --against": {"text": "verify.against_text", "json": "verify.against_json"},
    "verify --average": {"text": "verify.average_text", "json": "verify.average_json"},
    "verify --equivalence": {"text": "verify.equivalence_text", "json": "verify.equivalence_json"},
    "verify --receptive-field": {"text": "verify.fields_text", "json": "verify.fields_json"},
}


def formats(command: str) -> tuple[str, ...]:
    """The choices of a command's ``--format``, the default first."""
    return tuple(FORMATS[command])


def rendered(command: str, format_: str, view: object, palette: Palette = PLAIN) -> str:
    """What a command prints in one of its formats."""
    return "".join(rendered_parts(command, format_, view, palette))


def rendered_parts(
    command: str, format_: str, view: object, palette: Palette = PLAIN
) -> Iterable[str]:
    """The same in parts, each of whole lines: a long net's are never all there at once.

    Raises:
        RequestError: it has no such format.
    """
    known = FORMATS[command]
    if format_ not in known:
        from convcalc.choices import expected_one_of
        from convcalc.study.errors import RequestError

        raise RequestError(f"format: {expected_one_of(known, format_)}")
    module = import_module(f"convcalc.report.{known[format_]}")
    if hasattr(module, "parts"):
        return module.parts(view, palette)  # type: ignore[no-any-return]
    return (module.render(view, palette),)
