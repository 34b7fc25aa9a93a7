"""One case and many: what can be named, in which order answers come, on which executor."""

import codecs
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.cli import progress, run
from convcalc.rules.advise import Selection
from convcalc.spec.document import Overrides
from convcalc.study import check as of_check
from convcalc.study import many
from convcalc.study.check import check as check_all
from convcalc.study.errors import LoadError, NetError
from convcalc.study.load import Pattern, Text
from convcalc.study.many import each, processes
from convcalc.study.outcome import Case, Outcome, study
from tests.lines_run import lines_run
from tests.test_check import BROKEN, CLEAN

SPEC = "vars: {n: 4}\ninput: 8x8x3\nlayers: [{conv: {filters: =n, kernel: 3}}, fc-10]\n"


def params(outcome: Outcome) -> int | None:
    return outcome.analysis.totals.params


def test_every_kind_of_subject_is_the_same_net(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    network = study(Case("net.yaml")).network
    pattern = Case(Pattern("conv3-4p0 fc-10"), overrides=Overrides((8, 8, 3)))
    subjects = ("net.yaml", Path("net.yaml"), Text("a.yaml", SPEC), Text("b", SPEC.encode()))
    cases = [*map(Case, subjects), Case(network), pattern]
    assert {answer.value for answer in each(cases, params)} == {params(study(Case(network)))}
    assert study(Case(Text("unsaved.yaml", SPEC))).network.source.path == "unsaved.yaml"


def test_answers_come_in_order_with_failures_among_them_on_any_executor() -> None:
    widths = (2, 3, 5, 7)
    cases = [Case(Text("a", SPEC), overrides=Overrides(None, None, (("n", n),))) for n in widths]
    cases.insert(2, Case("nosuch.yaml"))
    here = [*each(cases, params)]
    assert [answer.value is None for answer in here] == [False, False, True, False, False]
    assert "no file nosuch.yaml" in here[2].failure
    assert [a.value for a in here if a.value] == [28 * n + 6 * 6 * n * 10 + 10 for n in widths]
    with ThreadPoolExecutor(3) as executor:
        assert [*each(cases, params, executor)] == here
    with processes(cases) as executor:
        assert executor is None  # too little to read


def test_another_size_or_setting_reads_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    outcome = study(Case(str(path), overrides=Overrides(None, None, (("n", 6),))))
    path.unlink()
    larger = outcome.at((16, 16, 3))
    assert larger.network.steps[1].output == (14, 14, 6)
    assert outcome.under(Settings(batch=7)).analysis.settings.batch == 7
    assert outcome.network.steps[1].output == (6, 6, 6)


def test_advice_and_limits_are_found_where_the_case_asks_for_them() -> None:
    plain = study(Case("vgg16"))
    asked = study(Case("vgg16", selection=Selection(limits={"params": 5})))
    assert {f.code for f in plain.findings} < {f.code for f in asked.findings}
    assert "CC131" in {f.code for f in asked.findings} and plain.ok


def test_what_a_net_with_errors_raises_names_them() -> None:
    outcome = study(Case(Text("net.yaml", "input: 8x8x3\nlayers: [{conv3-4: , from: nowhere}]")))
    with pytest.raises(NetError) as caught:
        outcome.sound()
    assert caught.value.outcome is outcome and "net.yaml:2:" in str(caught.value)
    assert isinstance(outcome.refusal("x"), NetError)


def test_an_override_of_what_is_not_there_is_refused() -> None:
    two = "inputs: {a: 4x4x1, b: 4x4x1}\nlayers:\n  - {add: , from: [a, b]}\n"
    with pytest.raises(LoadError, match=r"2 inputs \(a, b\)"):
        study(Case(Text("two", two), overrides=Overrides((8, 8, 1))))
    with pytest.raises(LoadError, match="did you mean n"):
        study(Case(Text("net", SPEC), overrides=Overrides(None, None, (("nn", 1),))))
    with pytest.raises(LoadError, match="no vars"):
        cfg = "[net]\nheight=8\nwidth=8\nchannels=3\n[convolutional]\nfilters=4\nsize=3\n"
        study(Case(Text("a.cfg", cfg), overrides=Overrides(None, None, (("n", 1),))))


def _rest(leader: int) -> Iterator[str]:
    """What a terminal that is closed by now was sent, in as many pieces as it comes in."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with suppress(OSError):  # Linux says so at the end, others send nothing
        while data := os.read(leader, 65536):
            yield decode(data)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_progress_is_drawn_on_a_terminal_only_and_taken_away(monkeypatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    leader, follower = os.openpty()
    with open(follower, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.Progress("checking") as bar:
            for number in range(1, 4):
                bar.show(number, 3, "[red]conv1[/red]")
    drawn = "".join(_rest(leader))
    os.close(leader)
    assert "checking" in drawn and "3/3" in drawn and "[red]conv1" in drawn
    assert drawn.rstrip().endswith("\x1b[2K") or "\x1b[?25h" in drawn


def test_progress_is_silent_in_a_pipe_and_in_short_runs(capsys, monkeypatch) -> None:
    with progress.Progress("checking") as bar:
        bar.show(1, 2)
    assert capsys.readouterr().err == "" and bar.bar is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.Progress("checking") as bar:
        bar.show(1, 2)
    assert bar.bar is None


def test_many_specs_come_in_order_whichever_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = []
    for number in range(120):
        path = tmp_path / f"{number:03}.yaml"
        path.write_text(BROKEN if number % 3 else CLEAN, encoding="utf-8")
        specs.append(str(path))
    cases = [Case(spec, selection=Selection()) for spec in specs]
    one_by_one = check_all(cases)
    monkeypatch.setattr(many, "WORTH_IT", 10)
    assert check_all(cases) == one_by_one
    assert [*one_by_one.paths] == specs


class _Ends(Executor):
    """An executor whose process is ended by one case, whatever is sent with it."""

    def __init__(self, subject: str) -> None:
        self.subject = subject

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if any(case is not None and case.subject == self.subject for case in args[0]):
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_case_that_ends_its_process_is_named_and_the_others_are_answered(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.yaml") for number in range(6)]
    for path in paths:
        Path(path).write_text(SPEC, encoding="utf-8")
    cases = [Case(path) for path in paths]
    here = [*each(cases, params)]
    found = [*each(cases, params, _Ends(paths[1]))]
    assert found[1].value is None and "1.yaml: its process was ended" in found[1].failure
    assert found[:1] + found[2:] == here[:1] + here[2:]


def _checked_until_05(outcome: Outcome, real=of_check.checked) -> of_check.Checked:
    if parent_process() is not None and outcome.network.source.path == "05.yaml":
        os.kill(os.getpid(), signal.SIGKILL)  # as a system does that is out of memory
    return real(outcome)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no processes")
def test_a_check_whose_processes_are_ended_says_what_it_could_not_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(12):
        Path(f"{number:02}.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    monkeypatch.setattr(many, "WORTH_IT", 10)
    monkeypatch.setattr(of_check, "checked", _checked_until_05)
    assert run(["check", "."]) == 2
    shown = capsys.readouterr()
    assert "cannot check 05.yaml: its process was ended (too little memory?)" in shown.err
    assert "checked 11 specs: 11 errors" in shown.out


def test_names_that_are_shown_alike_are_told_apart_in_as_much_work_as_there_are_names() -> None:
    def work(number: int) -> int:
        cases = [Case(f"{one}.yaml") for one in range(number)]
        found = [(of_check.Checked("shown.yaml", (), None), case) for case in cases]
        return lines_run(lambda: of_check._told_apart(found))

    work(10)  # what is made once
    assert work(400) < 2.4 * work(200)
