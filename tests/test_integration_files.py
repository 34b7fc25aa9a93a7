"""The pre-commit hook, the GitHub action and the sample workflow."""

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("architectures/vgg16.yaml", True),
        ("models/architectures/deep/net.yml", True),
        ("nets/mine.convcalc.yaml", True),
        ("nets/mynet.yaml", True),
        ("magnets/mynet.yaml", False),
        (".github/workflows/ci.yml", False),
        ("my_architectures.yaml", False),
        ("nets/x.YAML", True),
        ("nets/a\nb.yaml", True),
        ("nets/a\n/b.yml", True),
        ("nets/.yaml", True),
        ("architectures/readme.md", False),
    ],
)
def test_the_hook_matches_specs(path: str, meant: bool) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert bool(re.search(hook["files"], path)) is meant
    assert hook["entry"] == "convcalc check"
    assert hook["types"] == [] and set(hook["types_or"]) == {"file", "symlink"}


WORKFLOWS = sorted(path.name for path in (ROOT / ".github/workflows").iterdir())


@pytest.mark.parametrize("name", ["action.yml", *(f".github/workflows/{n}" for n in WORKFLOWS)])
def test_no_script_has_text_of_others_in_it(name: str) -> None:
    scripts = [step["run"] for step in steps(read(name)) if "run" in step]
    assert scripts and not [script for script in scripts if "${{" in script]


def steps(file: Any) -> list[dict[str, Any]]:
    if "runs" in file:
        return list(file["runs"]["steps"])
    return [step for job in file["jobs"].values() for step in job["steps"]]


#: packages without which a test skips, as it asks for them
FRAMEWORKS = re.compile(r'importorskip\(\s*"(torch|keras|onnxruntime|onnx)[".]')


def test_the_job_with_the_frameworks_runs_every_test_that_skips_without_them() -> None:
    install, run = (step["run"] for step in steps(read(".github/workflows/frameworks.yml"))[1:])
    listed = [ROOT / word for word in run.split() if word.startswith("tests")]
    needing: dict[Path, set[str]] = {}
    for path in (ROOT / "tests").rglob("*.py"):
        found = set(FRAMEWORKS.findall(path.read_text(encoding="utf-8")))
        if found:
            needing[path] = found
    assert set().union(*needing.values()) == {"torch", "keras", "onnxruntime", "onnx"}
    (extras,) = re.findall(r'"\.\[(.*?)\]"', install)
    assert {"torch", "keras", "onnxruntime", "onnx"} < set(extras.split(","))
    left = [path for path in needing if not any(path.is_relative_to(place) for place in listed)]
    assert not left, f"tests that no job runs: {left}"
    idle = [place for place in listed if not any(path.is_relative_to(place) for path in needing)]
    assert not idle, f"the job runs what needs no framework: {idle}"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_workflow_pins_actions_and_asks_for_little(name: str) -> None:
    workflow = read(f".github/workflows/{name}")
    assert workflow["permissions"] == {}
    for step in steps(workflow):
        if "uses" in step and step["uses"] != "./":
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])


@pytest.fixture
def action(tmp_path: Path) -> Path:
    """A folder with specs and an environment, as the action's first step leaves it."""
    venv.create(tmp_path / ".venv", symlinks=True)
    (packages,) = (tmp_path / ".venv").glob("lib/*/site-packages")
    places = [str(ROOT), *filter(os.path.isdir, sys.path)]
    (packages / "convcalc.pth").write_text("\n".join(places), encoding="utf-8")
    (tmp_path / "good.yaml").write_text("input: 8x8x3\nlayers: [conv3-8]", encoding="utf-8")
    (tmp_path / "bad net.yaml").write_text("input: 8x8x3\nlayers: [conv3]", encoding="utf-8")
    return tmp_path


def check(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    (step,) = [step for step in steps(read("action.yml")) if step["id"] == "check"]
    given = {"FAIL_ON": "error", "OPTIONS": "", "SUMMARY": "true", **inputs}
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            **given,
            "BIN": str(folder / ".venv" / "bin"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        },
    )


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_the_action_checks_and_summarizes(action: Path) -> None:
    run = check(action, PATHS="good.yaml\nbad net.yaml\n")
    assert run.returncode == 1
    assert run.stdout.startswith("::error title=convcalc (CC011),file=bad net.yaml,line=2,")
    assert "1 error" in (action / "summary.md").read_text(encoding="utf-8")
    assert check(action, PATHS="good.yaml").returncode == 0
    assert check(action, PATHS="good.yaml", OPTIONS="--max-params=10").returncode == 1
    assert check(action, PATHS="  good.yaml\t\n", OPTIONS=" --max-params=10 ").returncode == 1
    blank = check(action, PATHS="good.yaml", OPTIONS="--max-params 10")
    assert blank.returncode == 2 and "write --max-params=10\n" in blank.stderr
    assert check(action, PATHS="bad net.yaml", FAIL_ON="never").returncode == 0
    assert check(action, PATHS="missing.yaml").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_the_action_runs_nothing_of_its_inputs(action: Path) -> None:
    evil = "$(touch owned)`touch owned`; touch owned"
    run = check(action, PATHS=f"good.yaml\n{evil}", OPTIONS="--no-advice", FAIL_ON="never")
    assert run.returncode == 2 and not (action / "owned").exists()
    run = check(action, PATHS="--output=owned\ngood.yaml")
    assert run.returncode == 2 and not (action / "owned").exists()


#: A pull request's files that Python would run instead of its own and the action's.
HIJACKS = (
    *("venv.py", "pip/__main__.py", "pip/__init__.py", "convcalc/__main__.py", "click.py"),
    *("convcalc/__init__.py", "sitecustomize.py", "usercustomize.py", "yaml.py", "hatchling.py"),
)


def hijacked(folder: Path) -> Path:
    for name in HIJACKS:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"open({str(folder / 'owned')!r}, 'w')\n", encoding="utf-8")
    return folder / "owned"


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_the_action_checks_with_its_own_code(action: Path) -> None:
    owned = hijacked(action)
    subprocess.run([sys.executable, "-m", "venv", "x"], cwd=action, capture_output=True)
    assert owned.exists(), "without isolation the folder's own venv.py runs"
    owned.unlink()
    assert check(action, PATHS="good.yaml").returncode == 0
    assert not owned.exists()


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_the_action_installs_with_its_own_code(tmp_path: Path) -> None:
    """All that needs no index is done; the first download is refused."""
    (step,) = [step for step in steps(read("action.yml")) if step["id"] == "install"]
    (tmp_path / "work").mkdir()
    owned = hijacked(tmp_path / "work")
    run = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=owned.parent,
        capture_output=True,
        encoding="utf-8",
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("PIP_")},
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "VERSION": "",
            "ACTION": str(ROOT),
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        },
    )
    assert "No matching distribution found for click" in run.stderr, run.stderr
    assert (tmp_path / "convcalc" / "pyvenv.cfg").exists() and not owned.exists()


@pytest.mark.parametrize("step", ["install", "check"])
def test_every_python_of_the_action_is_isolated(step: str) -> None:
    """Another working folder alone would do as well, and one of both is soon forgotten."""
    (script,) = [one["run"] for one in steps(read("action.yml")) if one["id"] == step]
    started = re.findall(r'"\$(?:python|bin/python|BIN/python)"(?! *\|\|)(.*)', script)
    assert started and all(words.startswith(" -I -m ") for words in started), started


def test_all_that_the_action_installs_is_its_own_or_has_a_known_hash() -> None:
    (script,) = [one["run"] for one in steps(read("action.yml")) if one["id"] == "install"]
    (hashed, published, own) = re.findall(r'"\$\{install\[@\]\}" (.*)', script)
    assert "--require-hashes" in hashed and "--only-binary :all:" in hashed
    assert "--no-deps" in published and "--only-binary :all:" in published
    assert "--no-deps" in own and "--no-index" in own and "--no-build-isolation" in own


def test_the_action_pins_all_that_it_installs() -> None:
    text = (ROOT / ".github" / "action-requirements.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", re.sub(r"#.*\n", "", text).strip())
    pinned = {entry.partition("==")[0] for entry in entries if "--hash=sha256:" in entry}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert len(pinned) == len(entries)
    assert {re.split("[<>=]", name)[0] for name in wanted} <= pinned


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_the_hook_takes_no_file_for_an_option(action: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    name = "-o.convcalc.yaml"
    assert re.search(hook["files"], name)
    (action / name).write_text("input: 8x8x3\nlayers: [conv3]", encoding="utf-8")
    _, *words = hook["entry"].split()
    command = [str(action / ".venv/bin/python"), "-I", "-m", "convcalc", *words, *hook["args"]]
    run = subprocess.run([*command, name, "good.yaml"], cwd=action, capture_output=True)
    assert run.returncode == 1 and not (action / ".convcalc.yaml").exists()


CONCISE = re.compile(r"^(.+?):(\d+):(\d+): (error|warning|note)\[(CC\d{3})\] (.+)$")


def test_concise_lines_suit_a_problem_matcher(action: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "convcalc", "check", "--format=concise", "--notes", "."],
        cwd=action,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    lines = run.stdout.splitlines()
    assert lines and all(CONCISE.match(line) for line in lines)
