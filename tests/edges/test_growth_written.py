"""Twice the spec is about twice the work of writing it in another form."""

from collections.abc import Callable

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.keras import net as keras
from convcalc.interop.write.pytorch import net as pytorch
from convcalc.report.page.svg import graph_svg
from convcalc.spec.load import load
from tests.edges.test_growth import dashed, each, entries
from tests.lines_run import lines_run

EXPORTED: dict[str, Callable[[int], str]] = {
    "every call shares the one before": lambda n: entries(
        "- {b: , name: a0}",
        *each("- {{b: , name: a{0}, weights: a{1}}}", n),
        head="input: 8x8x4\nblocks: {b: {layers: [conv1-4]}}",
    ),
    "every call is read at the end": lambda n: entries(
        "- {relu: , name: a}",
        *each("- {{b: , name: b{0}, from: a}}", n),
        f"- {{add: , from: [{', '.join(each('b{0}', n))}]}}",
        head="input: 8x8x4\nblocks: {b: {layers: [conv1-4]}}",
    ),
    "every name is one in code": lambda n: entries(
        "- {relu: , name: a}",
        *(f"- {{relu: , name: {name}, from: a}}" for name in dashed(n)),
        f"- {{add: , from: [{', '.join(dashed(n))}]}}",
    ),
    "every block is a class of one name": lambda n: entries(
        *(f"- {name}: {i}" for i, name in enumerate(dashed(n), 1)),
        head="input: 8x8x4\nblocks:\n"
        + "\n".join(
            f"  {name}: {{args: [n], layers: [conv1-4{' relu' * (i % 7)}]}}"
            for i, name in enumerate(dashed(n))
        ),
    ),
    "every input is read": lambda n: entries(
        f"- {{add: , from: [{', '.join(each('i{0}', n))}]}}",
        head=f"inputs: {{{', '.join(each('i{0}: 8x8x4', n))}}}",
    ),
}


#: one block with very many arguments or layers, called twice, and what a layer of it is
BLOCKS: dict[str, tuple[Callable[[int], str], str]] = {
    "every argument is the filters of a layer": (
        "x{0}".format,
        "conv: {{filters: =x{0}, kernel: 1}}",
    ),
    "every argument is a rate": ("x{0}".format, "dropout: {{rate: =1/(x{0}+1)}}"),
    "every argument is a condition": ("x{0}".format, "{{relu: , when: '=x{0} > 1'}}"),
    "every layer has an expression of its own": (
        lambda i: "x1",
        "conv: {{filters: =x1+{0}, kernel: 1}}",
    ),
    "every layer has another expression of one value": (
        lambda i: "x1",
        "conv: {{filters: '=min(x1, {0}+9)', kernel: 1}}",
    ),
    "every other expression has fractions": (
        lambda i: "x1",
        "conv: {{filters: '=min(x1, {0}+9.5)', kernel: 1}}",
    ),
}


def block(word: Callable[[int], str], layer: str, n: int) -> str:
    numbers = range(1, n + 1)
    args = dict.fromkeys(map(word, numbers), 1)
    lines = "".join(f"      - {layer.format(i)}\n" for i in numbers)
    given = ", ".join(f"{one}: 1" for one in args)
    head = f"input: 8x8x4\nblocks:\n  b:\n    args: {{{given}}}\n    layers:\n{lines}"
    return entries("- b", "- b: 2", head=head)


EXPORTED |= {
    what: lambda n, word=word, layer=layer: block(word, layer, n)  # type: ignore[misc]
    for what, (word, layer) in BLOCKS.items()
}


@pytest.mark.parametrize("write", [pytorch.write, keras.write], ids=["pytorch", "keras"])
@pytest.mark.parametrize("spec", EXPORTED.values(), ids=EXPORTED)
def test_twice_the_spec_is_about_twice_the_work_of_writing_it(
    spec: Callable[[int], str], write: Callable[[Analysis], str]
) -> None:
    nets = [analyze(load("a.yaml", spec(n).encode())) for n in (200, 400)]
    write(nets[0])  # what is made once
    small, large = (lines_run(lambda net=net: write(net)) for net in nets)
    assert large < 2.4 * small


@pytest.mark.parametrize("expand", [True, False], ids=["opened", "closed"])
def test_twice_the_skips_are_about_twice_the_work_of_drawing_them(expand: bool) -> None:
    skip = "{add: {branches: [[conv1-4, relu], identity]}}"
    nets = [
        analyze(load("a.yaml", entries(*[f"- {skip}"] * n, "- relu").encode())) for n in (200, 400)
    ]
    graph_svg(nets[:1], expand)  # what is made once
    small, large = (lines_run(lambda net=net: graph_svg([net], expand)) for net in nets)
    assert large < 2.4 * small


@pytest.mark.parametrize("write", [pytorch.write, keras.write], ids=["pytorch", "keras"])
def test_blocks_twice_as_deep_are_about_twice_the_work_of_writing_them(
    write: Callable[[Analysis], str],
) -> None:
    def deep(depth: int) -> str:
        blocks = each("  b{0}: {{layers: [b{1}, conv1-4]}}", depth)
        head = "\n".join(["input: 8x8x4\nblocks:\n  b0: {layers: [relu]}", *blocks])
        return entries(*[f"- b{depth}"] * 8, head=head)

    nets = [analyze(load("a.yaml", deep(depth).encode())) for depth in (25, 50)]
    write(nets[0])  # what is made once
    small, large = (lines_run(lambda net=net: write(net)) for net in nets)
    assert large < 2.4 * small
