"""Shared fixtures, and runs of what another run has skipped."""

import gc
import json
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

# before numpy is loaded: a worker of pytest-xdist has one core, and threads of others wait busily
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

gc.disable()  # until all is collected: what tests are stays to the end

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
    parser.addoption("--list-skipped", metavar="FILE", help="write the tests that are skipped")
    parser.addoption("--only-listed", metavar="FILE", help="run those that such a FILE lists")


def pytest_collection_finish() -> None:
    """No search for garbage, a test's own neither, goes through all modules and tests again."""
    gc.enable()
    gc.collect()
    gc.freeze()


class Skipped:
    """Lists what was skipped, tests and whole files, for a run where the extras are installed."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.found: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.found.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.found.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.path.write_text(json.dumps(sorted(self.found), indent=1), encoding="utf-8")


class Listed:
    """Runs what such a list has; what is listed and not there is an error, not left out."""

    def __init__(self, path: str) -> None:
        self.listed = set(json.loads(Path(path).read_text("utf-8")))
        self.files = {name.partition("::")[0] for name in self.listed}
        self.skipped: set[str] = set()
        """Whole files that are skipped here too, for want of what is not installed here either."""

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Reads the files alone of which something is listed."""
        if collection_path.is_dir():
            return None
        return collection_path.relative_to(config.rootpath).as_posix() not in self.files or None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.add(report.nodeid)

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        listed = self.listed
        kept = [i for i in items if not listed.isdisjoint({i.nodeid, i.nodeid.partition("::")[0]})]
        there = {name for i in kept for name in (i.nodeid, i.nodeid.partition("::")[0])}
        if missing := listed - there - self.skipped:
            raise pytest.UsageError(f"listed, but not there: {', '.join(sorted(missing))}")
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def pytest_configure(config: pytest.Config) -> None:
    """Tests choose width and colour themselves; pytest-xdist sets COLUMNS in its workers."""
    path = config.getoption("--list-skipped")
    if path and not hasattr(config, "workerinput"):  # workers report to the one that started them
        config.pluginmanager.register(Skipped(path))
    if path := config.getoption("--only-listed"):
        config.pluginmanager.register(Listed(path))
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
