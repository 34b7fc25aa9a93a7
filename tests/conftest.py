"""Shared fixtures."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import settings

import convcalc

# a loaded machine is slow, and a gate says the same of the same commit: what is new in an example
# is found in runs by hand
settings.register_profile("here", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "here")

for module in walk_packages(convcalc.__path__, "convcalc."):
    # a module that is imported while a test has something patched would keep what it saw
    if not module.name.endswith("__main__"):
        with suppress(ImportError):  # of an extra that is not installed
            import_module(module.name)

sys.path.insert(0, str(Path(__file__).parent))  # `every_kind`, for the tests that ask all kinds


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files and the README")


def pytest_configure() -> None:
    """Tests choose width and colour themselves; pytest-xdist sets COLUMNS in its workers."""
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CONVCALC_FORMAT"):
        os.environ.pop(name, None)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Holds a text against a golden file; `pytest --update` rewrites the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"no golden file {path.name}: run pytest --update and read it"
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs: pytest --update"

    return compare
