"""Checking many specs: one after another, or in several processes where there are many."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

import click

from convcalc.analysis.record import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli.output import tell
from convcalc.cli.specs import network, read_spec
from convcalc.findings import Finding, plain
from convcalc.memory import budgets
from convcalc.network.record import Network
from convcalc.rules.advise import Selection, judged
from convcalc.source import Source
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.tree.decode import TRUSTED, Limits

#: Bytes of specs (3 us each) from which several processes save more than their 0.3 s to start.
WORTH_IT = 1_000_000
_PATIENCE = 2.0  #: seconds after which a terminal is told how far it is


class Result(NamedTuple):
    """What came of one spec: its findings, or why it could not be read."""

    path: str
    findings: tuple[Finding, ...] = ()
    source: Source | None = None
    """Its text, where there are findings to show in it."""
    failure: str = ""


class Task(NamedTuple):
    """How to check: what is wanted, for which batch and dtype, under which limits."""

    selection: Selection = Selection()
    settings: Settings = Settings()
    overrides: Overrides = Overrides()
    trusted: bool = False
    stdin_filename: str | None = None


def check_all(specs: list[str], task: Task) -> list[Result]:
    """The results in the order of the specs."""
    one = partial(check_one, task=task)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if workers < 2 or len(specs) < 2 or "-" in specs or _bytes(specs) < WORTH_IT:
        return list(_told(map(one, specs), len(specs)))
    from concurrent.futures import ProcessPoolExecutor  # 30 ms, for many files only
    from multiprocessing import get_context

    context = get_context("fork")
    with ProcessPoolExecutor(min(workers, 8), context) as pool:
        chunk = max(len(specs) // (8 * workers), 1)
        return list(_told(pool.map(one, specs, chunksize=chunk), len(specs)))


def _bytes(specs: list[str]) -> int:
    """How much there is to read; what cannot be asked is small."""
    total = 0
    for spec in specs:
        try:
            total += os.stat(spec).st_size
        except (OSError, ValueError):
            continue
    return total


def check_one(spec: str, task: Task) -> Result:
    """Read, size and judge one spec."""
    limits = TRUSTED if task.trusted else Limits()
    try:
        if spec == "-" and task.stdin_filename:
            _, data = read_spec(spec, limits)
            return _judged(load(plain(task.stdin_filename), data, task.overrides, limits), task)
        return _judged(network(spec, task.overrides, limits), task)
    except click.ClickException as error:
        return Result(plain(spec), failure=plain(error.message))


def check_net(pattern: str, task: Task) -> Result:
    """Size and judge a net in one line."""
    return _judged(load_pattern(pattern, task.overrides), task)


def _judged(found: Network, task: Task) -> Result:
    analysis = budgets.judged(analyze(found, task.settings))
    findings = judged(analysis, task.selection)
    return Result(found.source.path, findings, found.source if findings else None)


def _told(results: Iterable[Result], whole: int) -> Iterator[Result]:
    """The results as they come; a terminal is told how many are done if it takes long."""
    start = last = time.monotonic()
    told = False
    terminal = sys.stderr.isatty()
    for number, result in enumerate(results, 1):
        yield result
        now = time.monotonic()
        if terminal and now - start > _PATIENCE and now - last > 0.2:
            tell(f"\rchecked {number:,} of {whole:,} specs", nl=False)
            last, told = now, True
    if told:
        tell("\r\x1b[K", nl=False)
