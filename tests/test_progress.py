"""`progress` of the long functions of Python: parts that are done, of how many, and what runs."""

from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

import convcalc
from convcalc.progress import Progress

DRAWN = "input: 9x9x2\nlayers:\n  - fractional_max_pool: {ratio: 1.5}\n"

LONG: dict[str, Callable[[Progress], Any]] = {
    "check": lambda shown: convcalc.check("lenet5", "alexnet", "vgg11", progress=shown),
    "check variants": lambda shown: convcalc.check("lenet5", batch=[1, 2, 3], progress=shown),
    "fit": lambda shown: convcalc.fit("lenet5", memory="1GiB", progress=shown),
    "fit advise": lambda shown: convcalc.fit(
        "lenet5", memory="1GiB", batch=8, advise=True, progress=shown
    ),
    "verify": lambda shown: convcalc.verify("lenet5", progress=shown),
    "verify equivalence": lambda shown: convcalc.verify("lenet5", equivalence=True, progress=shown),
    "verify receptive_field": lambda shown: convcalc.verify(
        "lenet5", receptive_field=True, layer=("C1",), progress=shown
    ),
    "verify average": lambda shown: convcalc.verify(DRAWN, average=2, progress=shown),
    "report measure": lambda shown: convcalc.report("lenet5", measure=True, progress=shown),
}


@pytest.mark.parametrize("name", LONG)
def test_parts_go_up_to_their_number(name: str) -> None:
    if not name.startswith(("check", "fit")):
        pytest.importorskip("numpy")
    parts: list[tuple[int, int]] = []
    words: list[str] = []

    def shown(done: int, total: int, what: str) -> None:
        parts.append((done, total))
        words.append(what)

    LONG[name](shown)
    assert len(parts) > 1, "nothing is reported"
    assert [done for done, _ in parts] == sorted(done for done, _ in parts)
    assert all(0 <= done <= total for done, total in parts)
    assert not any("\x1b" in what or "\n" in what for what in words)


@pytest.mark.parametrize("name", ["check", "fit", "verify", "report"])
def test_progress_is_typed_alike(name: str) -> None:
    assert get_type_hints(getattr(convcalc, name))["progress"] == Progress


def test_the_last_call_says_that_all_is_done() -> None:
    for name in ("check", "check variants", "fit", "fit advise"):
        parts: list[tuple[int, int, str]] = []
        LONG[name](lambda *now: parts.append(now))  # noqa: B023
        assert parts[-1][0] == parts[-1][1] > 0, name


def test_what_a_callback_raises_ends_the_run() -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int, what: str) -> None:
        raise StopError

    for name in ("check", "fit", "verify"):
        with pytest.raises(StopError):
            LONG[name](stop)
