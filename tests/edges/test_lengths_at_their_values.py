"""Lengths at the numbers that they have: as much is read or shown whole, one more is not.

Those of files are in `test_limits_at_their_values`.
"""

import io
from collections.abc import Callable

import pytest

from convcalc.backend.npy import layout
from convcalc.backend.opened import MalformedError
from convcalc.editor.hints import _shapes as shapes
from convcalc.escape import one_line
from convcalc.findings import Finding, Severity
from convcalc.interop.called import fitting
from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.names import few
from convcalc.interop.read.model import read
from convcalc.interop.refusals import Refusals
from convcalc.interop.returned import within
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.findings.markdown import failure_lines
from convcalc.report.findings.text import findings_text
from convcalc.spec.blocks import Block
from convcalc.spec.call_forms import given
from convcalc.spec.cut_calls import parts
from convcalc.spec.foreign.parse import arguments_of
from convcalc.spec.legal_names import legal
from convcalc.spec.multiplied import _items as items
from convcalc.study.passed_over import models_alone
from convcalc.tree.loops import loop
from convcalc.tree.nodes import Scalar


def texts(count: int) -> str:
    found = [Finding("CC101", Severity.ERROR, "x", "a.yaml", None) for _ in range(count)]
    return findings_text(found, {}, PLAIN)


def refused(count: int) -> tuple[str, ...]:
    refusals = Refusals()
    for number in range(count):
        refusals.add(f"reason {number}", "a")
    return refusals.lines()


def looped(lines: int) -> bool:
    text = ["- repeat: 3", *["  - relu"] * lines]
    return loop(text, len(text)) is not None


def npy(length: int) -> bool:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".ljust(length - 1) + "\n"
    data = b"\x93NUMPY\x01\x00" + length.to_bytes(2, "little") + header.encode()
    try:
        layout(io.BytesIO(data))
    except MalformedError:
        return False
    return True


def row(module: str, arguments: str, above: str = "") -> bool:
    text = f"nc: 1\n{above}backbone:\n  - [-1, 1, {module}, {arguments}]\nhead: []\n"
    try:
        read("a.yaml", io.BytesIO(text.encode()))
    except (UnreadableError, UnsupportedError):
        return False
    return True


def block(arguments: int) -> Block:
    """A block with so many arguments."""
    word = Scalar("a", 0)
    return Block("b", {f"a{number}": (word, word) for number in range(arguments)}, word, word)


#: The most of it, and whether so much is read or shown whole.
CASES: dict[str, tuple[int, Callable[[int], bool]]] = {
    "letters of a name that is answered": (120, lambda n: bool(legal("a b".ljust(n, "c")))),
    "parts of a call that is cut": (
        40, lambda n: bool(parts([Scalar(t, 0) for t in ("f(3", *"1" * (n - 2), "1)")], 0)),
    ),
    "letters of an answer at Python's prompt": (150, lambda n: one_line("x" * n) == "x" * n),
    "letters of a name from a model": (100, lambda n: fitting("a" * n, "b") == "a" * n),
    "letters of an output's name": (200, lambda n: within("", "a" * n) == "a" * n),
    "letters of the name of a value inside of an output": (
        200, lambda n: within("a", "b" * (n - 2)) == f"a.{'b' * (n - 2)}",
    ),
    "names of a list": (5, lambda n: few(["a"] * n) == ", ".join("a" * n)),
    "reasons of a refusal": (20, lambda n: "more reason" not in refused(n)[-1]),
    "letters of a call in PyTorch's words": (
        300, lambda n: arguments_of("f(1".ljust(n - 1) + ")") is not None,
    ),
    "findings of one file": (20, lambda n: "more in a.yaml" not in texts(n)),
    "specs that could not be read": (
        100, lambda n: not any("more" in line for line in failure_lines(["x"] * n)),
    ),
    "letters of a model's name that is to be typed": (
        500, lambda n: f"`convcalc check {'a' * n}`" in models_alone("a" * n, 1),
    ),
    "shapes that one line names in an editor": (
        3, lambda n: "more" not in shapes([(size,) for size in range(n)]),
    ),
    "layers of a group that is multiplied": (20, lambda n: len(items("conv(3) " * n)) == n),
    "arguments of a call": (50, lambda n: given(block(n), ", ".join(["1"] * n), ()) is not None),
    "lines of a list in a loop": (199, looped),
    "bytes of the header of an array": (10_000, npy),
    "kernels of SPP": (16, lambda n: row("SPP", f"[8, {[3] * n}]")),
    "times as wide": (
        100, lambda n: row("Conv", "[8, 1]", f"scales: {{n: [1, {n}, 8]}}\n"),
    ),
    "times as deep": (
        100, lambda n: row("Conv", "[8, 1]", f"scales: {{n: [{n}, 1, 8]}}\n"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_as_many_are_within_and_one_more_is_not(what: str) -> None:
    most, whole = CASES[what]
    assert (whole(most), whole(most + 1)) == (True, False)
