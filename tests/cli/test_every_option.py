"""Every option of every command changes what comes out, or is said to do nothing, or is refused.

Each is added to each way of asking a command, for nets on which each could matter: what is printed,
said or written, or the exit code, has to differ from what is without it. `LEFT` lists what need
not, with the reason.
"""

import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from convcalc.cli import COMMANDS, cli
from tests.cli.asked_of_commands import ASKED, FILES, LEFT, NETS, NOT_ASKED, VALUES
from tests.in_process import MAIN

pytest.importorskip("numpy")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("optuna")

from convcalc.backend import speed
from convcalc.sweep import run as run_of_a_sweep
from convcalc.verify import run as run_of_verify
from convcalc.verify.record import Observed

#: exit code, both streams, and what is in the folder
Answer = tuple[int, str, str, dict[str, bytes]]

#: where commands read the clock: no two runs have their times in common
CLOCKS = (speed, run_of_a_sweep, run_of_verify)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thing that is timed takes a second, so that what differs is what an option changes."""
    for reader in CLOCKS:
        monkeypatch.setattr(reader, "perf_counter", count().__next__)


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer is seen to take what is predicted: Python's own objects wobble between runs."""

    def observed(*values: Any) -> Observed:
        one = Observed(*values)
        return one._replace(peak_observed=one.peak_predicted)

    monkeypatch.setattr(run_of_verify, "Observed", observed)


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the nets, and with files that are made of them."""
    place, before = tmp_path_factory.mktemp("asked"), Path.cwd()
    os.chdir(place)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    import numpy as np

    np.save("in.npy", np.linspace(0, 1, 33 * 33 * 3, dtype="float32").reshape(33, 33, 3))
    for words in (
        "export volumes.yaml --to onnx --random-weights 1 -o net.onnx",
        "sweep volumes.yaml --set width=4,6,8 --batch 1,2 -o rows.csv",
        "verify volumes.yaml --save net.npz --keep stem --keep scores",
    ):
        answer = _answer(words, frozenset())
        assert answer[0] == 0, answer
    yield place
    os.chdir(before)


def _answer(words: str, kept: frozenset[str]) -> Answer:
    """What a command answers; files that it makes are removed again."""
    env = {"COLUMNS": "100", "NO_COLOR": None, "FORCE_COLOR": None, "CONVCALC_FORMAT": None}
    result = CliRunner().invoke(MAIN, words.split(), env=env)
    assert result.exit_code in {0, 1, 2}, (words, result.output)
    made = {}
    for file in Path().iterdir():
        if kept and file.name not in kept:
            made[file.name] = file.read_bytes()
            file.unlink()
    return result.exit_code, result.stdout, result.stderr, made


def _options(command: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each option of a command, and what to add to it: to both runs, and to one of them."""
    known = cli.get_command(click.Context(cli), command)
    assert known is not None
    for option in known.params:
        if not isinstance(option, click.Option) or option.name == "help":
            continue
        for flag in (option.opts[-1], *option.secondary_opts):
            if option.is_flag and flag not in VALUES:
                yield flag, [("", flag)]
                continue
            kind = getattr(option.type, "kind", option.type)
            listed = VALUES.get(f"{command} {flag}", VALUES.get(flag))
            if isinstance(kind, click.Choice) and listed is None:
                yield flag, [("", f"{flag} {word}") for word in kind.choices]
            else:
                assert listed, f"{command} {flag} needs a value in VALUES"
                yield flag, [(more, f"{flag} {word}".strip()) for more, word in listed]


def _for_each_net(asked: str) -> list[str]:
    """The command line with each of the nets that it is asked for."""
    nets = [(word, names) for word, names in NETS.items() if word in asked.split()]
    return [asked.replace(word, name) for word, names in nets for name in names] or [asked]


@pytest.mark.parametrize("asked", ASKED)
def test_an_option_matters_or_it_is_said_that_it_does_not(asked: str) -> None:
    kept = frozenset(os.listdir())
    answers: dict[str, Answer] = {}

    def differs(words: str, more: str) -> bool:
        if words not in answers:
            answers[words] = _answer(words, kept)
        return _answer(f"{words} {more}", kept) != answers[words]

    nets = _for_each_net(asked)
    idle = []
    for flag, values in _options(asked.split(maxsplit=1)[0]):
        if flag in asked.split() or flag in {"--quiet"}:
            continue
        if not any(
            differs(f"{words} {both}".strip(), own) for words in nets for both, own in values
        ):
            idle.append(flag)
    assert answers[nets[0]][0] != 2, answers[nets[0]]
    left = {flag for (pattern, flag) in LEFT if re.fullmatch(pattern, asked)}
    silent = [flag for flag in idle if flag not in left]
    assert not silent, f"{' '.join(silent)} do nothing beside `{asked}`, and nothing is said"


def test_every_command_is_asked() -> None:
    assert {words.split()[0] for words in ASKED} == COMMANDS.keys() - NOT_ASKED.keys()


def test_nothing_is_left_out_without_need(request: pytest.FixtureRequest) -> None:
    """Every exemption is of an option of a command that is asked so."""
    for pattern, flag in LEFT:
        matching = [words for words in ASKED if re.fullmatch(pattern, words)]
        assert matching, pattern
        assert any(flag in dict(_options(words.split()[0])) for words in matching), (pattern, flag)
