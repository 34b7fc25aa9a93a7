"""A browser for the pages: Chromium through playwright where both are installed, else a skip."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    if _CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Opened]:
    """Opens a page from disk without a network; at the end nothing may have gone wrong in it."""
    wrong: list[str] = []
    contexts = []

    def opening(
        html: str, width: int = 1440, height: int = 1000, scheme: str = "light", refused: str = "-"
    ) -> Any:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))

        def heard(said: Any) -> None:
            if said.type == "error" and refused not in said.text:
                wrong.append(said.text)

        def asked(request: Any) -> None:
            if request.url != path.as_uri():
                wrong.append(request.url)

        page.on("console", heard)
        page.on("request", asked)
        page.goto(path.as_uri())
        return page

    yield opening
    for context in contexts:
        context.close()
    assert not wrong
