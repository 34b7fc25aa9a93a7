"""The formats of `check`: one renderer a module, loaded when it is asked for."""

from importlib import import_module

from convcalc.report.checked import Checked

#: The choices of --format, with the module of convcalc.report that renders each.
RENDERERS = {
    "text": "findings_text",
    "concise": "concise",
    "json": "findings_json",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "gitlab": "gitlab",
    "markdown": "findings_markdown",
}


def rendered(checked: Checked, format_: str) -> str:
    """A run's findings in one of the formats; every renderer module has a `render`."""
    module = import_module(f"convcalc.report.{RENDERERS[format_]}")
    text = module.render(checked)
    assert isinstance(text, str)
    return text
