"""A small net with two variables, and sweeps of it, for the tests of rows and of workers."""

from typing import Any

from convcalc.study.load import Text
from convcalc.sweep.request import Asked, Request, request
from convcalc.sweep.run import sweep
from convcalc.sweep.variant import VariantRow

SPEC = """\
input: 32x32x3
vars: {width: 8, depth: 1}
layers:
  - {conv: {filters: =width, kernel: 3, pad: 1}, times: =depth}
  - max_pool: {kernel: 2}
  - fc-10
"""


def asked(**words: Any) -> Request:
    return request(Text("net.yaml", SPEC), Asked(**words))


def rows(wanted: Request, **how: Any) -> list[VariantRow]:
    return list(sweep(wanted.plan, wanted.grid, **how))
