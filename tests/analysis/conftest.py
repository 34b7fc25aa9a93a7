from collections.abc import Callable
from textwrap import dedent

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

Analyzed = Callable[[str], Analysis]


@pytest.fixture
def analyzed() -> Analyzed:
    """The analysis of a spec given as text; ``layers`` alone get an input of 8x8x4."""

    def run(text: str) -> Analysis:
        text = dedent(text)
        if "input" not in text.partition("layers:")[0]:
            text = f"input: 8x8x4\n{text}"
        return analyze(load("net.yaml", text.encode()))

    return run
