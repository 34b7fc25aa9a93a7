"""Expressions that grow with each argument, and sums of very many volumes, as code."""

import pytest

import convcalc
from tests.lines_run import lines_run


def _defaults(number: int, formula: str) -> str:
    """A block whose arguments are each a formula of the one before."""
    args = ", ".join(f"x{i}: '{formula.format(i - 1)}'" for i in range(1, number))
    layers = f"[conv: {{filters: =x{number - 1}, kernel: 1}}, relu, conv1-8]"
    block = f"blocks:\n  b:\n    args: {{x0: 1, {args}}}\n    layers: {layers}\n"
    return f"input: 8x8x3\n{block}layers: [b, b: {{x0: 2}}]\n"


def _concat(number: int) -> str:
    branches = ", ".join("[{conv: {filters: =c, kernel: 1}}]" for _ in range(number))
    block = (
        f"blocks:\n  b:\n    args: {{c: 1}}\n    layers: [{{concat: {{branches: [{branches}]}}}}]\n"
    )
    return f"input: 8x8x3\n{block}layers: [b, b: {{c: 2}}]\n"


TEXTS = {
    "doubled": _defaults(40, "=x{0}+x{0}-x{0}"),
    "longer": _defaults(400, "=x{0}+1-1+x0-x0"),
    "concat": _concat(300),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_long_expressions_are_written_as_numbers(text: str) -> None:
    net = convcalc.load(text)
    for to in ("pytorch", "keras"):
        code = convcalc.export(net, to=to)
        compile(code, "net.py", "exec")
    torch = pytest.importorskip("torch")
    made: dict[str, object] = {}
    exec(convcalc.export(net, to="pytorch"), made)
    model = next(
        one for one in reversed(made.values()) if isinstance(one, type) and one.__name__ != "B"
    )
    assert issubclass(model, torch.nn.Module)
    params = sum(array.numel() for array in model().parameters())
    assert params == convcalc.analyze(net).totals.params


def test_each_argument_more_is_as_much_work_more() -> None:
    def work(number: int) -> int:
        net = convcalc.load(_defaults(number, "=x{0}+x{0}-x{0}"))
        return lines_run(lambda: convcalc.export(net, to="pytorch"))

    work(10)  # what is made once
    assert work(30) < 4 * work(15)
