"""Build hook: the README of the package index, where no file of the repository is beside it."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

HOME = "https://github.com/convcalc/convcalc"
_PAGES, _FILES = f"{HOME}/blob/main/", "https://raw.githubusercontent.com/convcalc/convcalc/main/"
_LINK = re.compile(r"(!?)(\[[^\]]*\]\()(?!\w+:|#)([^)\s]+\))")


def absolute(text: str) -> str:
    """Markdown whose links to files and pictures of the repository lead there from anywhere."""
    return _LINK.sub(lambda m: f"{m[1]}{m[2]}{_FILES if m[1] else _PAGES}{m[3]}", text)


class Readme(MetadataHookInterface):
    """Puts the README into the package's metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text)}
