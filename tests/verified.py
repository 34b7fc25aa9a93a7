"""A small net with weights, and `convcalc verify` of it, for the tests of the command."""

import click
import numpy as np
from click.testing import CliRunner

from convcalc.cli import cli

NET = """\
input: 8x8x3
rounding: floor
layers:
  - {conv: {filters: 4, kernel: 3, pad: 1}, name: a}
  - relu
  - {max_pool: {kernel: 2}, name: p}
  - {fc: {units: 5}, name: f}
"""


def good():
    draw = np.random.default_rng(0).standard_normal
    return {
        "a.weight": draw((4, 3, 3, 3)), "a.bias": draw(4),
        "f.weight": draw((5, 64)), "f.bias": draw(5),
    }  # fmt: skip


def verify(*arguments):
    return CliRunner().invoke(cli, ["verify", *arguments], standalone_mode=False)


def refused(*arguments):
    """The one line of a command that could not do its job (exit 2)."""
    result = verify(*arguments)
    assert isinstance(result.exception, click.ClickException), result.output
    assert "\n" not in result.exception.format_message()
    return result.exception.format_message()
