"""JSON of `explain`: a layer, a page, or the terms that have one."""

from convcalc import __version__
from convcalc.explain.lookup import Page
from convcalc.explain.record import Explanation
from convcalc.memory.settings import described
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import PLAIN, Palette

SCHEMA = "convcalc/explain/1"


def render(view: Explanation | Page | tuple[Page, ...], palette: Palette = PLAIN) -> str:
    """A layer's explanation, a page, or the list of all terms."""
    if isinstance(view, Explanation):
        return explanation_json(view)
    return page_json(view) if isinstance(view, Page) else contents_json(view)


def explanation_json(explanation: Explanation) -> str:
    """A layer's explanation, schema ``convcalc/explain/1``."""
    found = {
        "schema": SCHEMA,
        "convcalc": __version__,
        "name": explanation.net,
        "path": explanation.path,
        "layer": explanation.layer,
        "kind": explanation.kind,
        "description": explanation.what,
        "line": explanation.line,
        "inputs": list(explanation.inputs),
        "settings": described(explanation.settings),
        "sections": [
            {
                "title": section.title,
                "lines": [{"label": line.label, "text": line.text} for line in section.lines],
                "numbers": section.numbers,
            }
            for section in explanation.sections
        ],
    }
    return encoded_page(found) + "\n"


def page_json(page: Page) -> str:
    """A page, schema ``convcalc/page/1``."""
    found = {
        "schema": "convcalc/page/1",
        "convcalc": __version__,
        "title": page.title,
        "also": list(page.also),
        "text": page.body,
    }
    return encoded_page(found) + "\n"


def contents_json(pages: tuple[Page, ...]) -> str:
    """The terms that have a page, schema ``convcalc/terms/1``."""
    found = {
        "schema": "convcalc/terms/1",
        "convcalc": __version__,
        "terms": [{"title": page.title, "also": list(page.also)} for page in pages],
    }
    return encoded_page(found) + "\n"
