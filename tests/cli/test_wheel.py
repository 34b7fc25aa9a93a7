"""The built wheel: complete without the checkout. Slow: `pytest -m "not wheel"` leaves it out."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import convcalc
from convcalc import zoo

ROOT = Path(convcalc.__file__).resolve().parent.parent
pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of this checkout."""
    pytest.importorskip("build", reason="part of the lint extra")
    pytest.importorskip("hatchling", reason="the build backend is not in this environment")
    if not (ROOT / "pyproject.toml").exists():
        pytest.skip("this is an installed convcalc")
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("convcalc", "architectures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    (built,) = (folder / "dist").glob("*.whl")
    return built


def test_the_wheel_holds_the_nets_and_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    nets = {Path(name).stem for name in names if name.startswith("convcalc/architectures/")}
    assert nets == set(zoo.names())
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests")]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["list"], "vgg16"),
        (["analyze", "vgg16"], "138,357,544"),
        (["show", "alexnet"], "layers:"),
        (["check", "resnet50"], "checked 1 spec"),
        (["--version"], convcalc.__version__),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_the_wheel_runs_alone(wheel: Path, tmp_path: Path, args: list[str], told: str) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = "import convcalc.__main__ as m; assert 'site' in m.__file__, m.__file__; m.main()"
    result = subprocess.run(
        [sys.executable, "-P", "-c", code, *args],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert told in result.stdout
