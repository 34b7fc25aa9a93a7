"""One HTML file that needs nothing else: data, script and style in it, and no other script runs.

The Content-Security-Policy allows the one script and the one style by their digests, and nothing
from anywhere else; texts from outside are data, which the script puts into text nodes only.
"""

import os
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from convcalc import __version__
from convcalc.escape import plain
from convcalc.report.page.encoding import embedded

_FOLDER = os.path.join(os.path.dirname(__file__), "assets")


def document(title: str, data: dict[str, Any], scripts: tuple[str, ...]) -> str:
    """A page of some of the bundled scripts, with the data that they show."""
    script, style = joined(scripts), _file("page.css")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="convcalc {__version__}">\n'
        f"<title>{escape(plain(title))}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        "<noscript><p>This page draws its numbers with the script inside it: allow JavaScript "
        "for this file.</p></noscript>\n"
        f'<script type="application/json" id="data">{embedded(data)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


@lru_cache(maxsize=8)
def joined(scripts: tuple[str, ...]) -> str:
    """The scripts as one that leaves no names behind."""
    body = "\n".join(_file(f"{name}.js") for name in scripts)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


@lru_cache(maxsize=32)
def _file(name: str) -> str:
    """A file of the page, which convcalc brings along."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return file.read()


def _digest(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
