"""The formats of `check`: one renderer a module, loaded when it is asked for."""

from importlib import import_module

from convcalc.report.findings.checked import Checked

#: The choices of --format, with the module of this package that renders each.
RENDERERS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "gitlab": "gitlab",
    "markdown": "markdown",
}


def rendered(checked: Checked, format_: str) -> str:
    """A run's findings in one of the formats; every renderer module has a `render`."""
    module = import_module(f"convcalc.report.findings.{RENDERERS[format_]}")
    text = module.render(checked)
    assert isinstance(text, str)
    return text
