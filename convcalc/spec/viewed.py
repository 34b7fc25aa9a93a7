"""A shape as PyTorch's `view` and `reshape` have it: ``(-1, 8, 8)``, channels first.

Imported only where something is wrong.
"""

import re
from math import prod

from convcalc.network.record import Step
from convcalc.shapes import Shape, elements, written
from convcalc.tree.nodes import Node, Scalar, Sequence

_NUMBERS = re.compile(r"[(\[]?\s*+(-?[0-9]{1,10}(?:\s*+,\s*+-?[0-9]{1,10})*)\s*+,?+\s*+[)\]]?\Z")


def numbers(node: Node) -> tuple[int, ...]:
    """The whole numbers of ``(-1, 8, 8)`` or ``[-1, 8, 8]``; () for anything else."""
    items = node.items if isinstance(node, Sequence) else [node]
    text = ",".join(item.text if isinstance(item, Scalar) else "?" for item in items)
    match = _NUMBERS.match(text)
    found = tuple(map(int, match[1].split(","))) if match else ()
    return () if isinstance(node, Sequence) and len(found) != len(items) else found  # [3, '']


def viewed(given: tuple[int, ...], step: Step | None) -> Shape | None:
    """The shape without its batch, channels last; None where the numbers do not come out."""
    arriving = step.output if step is not None else None
    if arriving is None or given.count(-1) != 1 or min(n for n in (*given, 1) if n != -1) < 1:
        return None
    total, known = elements(arriving), elements(tuple(n for n in given if n != -1))
    if given[0] == -1 and known == total and len(given) > 1:
        shape = given[1:]
    elif total % known:
        return None
    else:
        shape = tuple(total // known if n == -1 else n for n in given)
    return (*shape[1:], shape[0])


def unflattened(given: tuple[int, ...], step: Step | None, word: str) -> tuple[str, ...]:
    """What ``view: [64, 7, 7]``, PyTorch's order, is for a vector of as many numbers."""
    arriving = step.output if step is not None else None
    if len(given) != 3 or min(given) < 1 or arriving != (prod(given),):
        return ()
    shape = written((*given[1:], given[0]))
    return (f"write `reshape: {{shape: {shape}}}` in place of `{word}`", "channels come last")


def help(given: tuple[int, ...], step: Step | None) -> tuple[str, ...]:
    """What the option `shape` is in place of such numbers."""
    arriving = step.output if step is not None else None
    if arriving and len(given) == 2 and given[0] == -1 < given[1] != elements(arriving):
        here = f"{written(arriving)} = " if len(arriving) > 1 else ""
        total = f"{here}{elements(arriving):,} numbers arrive, not {given[1]:,}"
        return (f"{total}: if the net is right, it is `flatten`",)
    shape = viewed(given, step)
    if shape is None:
        return ("-1 is not worked out: write every size, without the batch",)
    if len(shape) == 1:
        return (f"did you mean `{shape[0]}`?",)
    return (f"`shape: {written(shape)}`: channels come last, and the batch is left out",)


_VIEW = re.compile(
    r"(?:\w+\s*+=\s*+)?(?:\w+\.)*+(?:view|reshape)\s*+\("
    r"\s*+(?:(?:x|out|input)\s*+,)?\s*+\(?(.*?)\)?\s*+\)\s*+;?\Z"
)
_PRODUCT = re.compile(r"[0-9]{1,6}(?:\s*\*\s*[0-9]{1,6}){1,4}")
_BATCH_FIRST = re.compile(
    r"(?:\w+\.size\(0\)|\w+\.shape\[0\]|len\(\w+\)|batch_size|bs|B|N)\s*,\s*-1\Z"
)


def _multiplied(match: re.Match[str]) -> str:
    """``16 * 5 * 5`` as one number."""
    return str(prod(map(int, match[0].split("*"))))


def in_call(call: str, step: Step | None) -> tuple[str, ...]:
    """Help for ``x.view(-1, n)`` and the like; () for any other call, and for Keras's Reshape."""
    match = _VIEW.match(call[:200])
    if match is None:
        return ()
    inner = _PRODUCT.sub(_multiplied, match[1].strip().rstrip(","))
    if _BATCH_FIRST.match(inner):
        return ("did you mean `flatten`?",)
    given = numbers(Scalar(f"({inner})", 0))
    if -1 in given:
        (text,) = help(given, step)
        if text.startswith("did you mean"):
            return ("did you mean `flatten`?",)
        return (re.sub("`(shape: [0-9x]+)`", r"`reshape: {\1}`", text),)
    if re.match(r"-1\s*,\s*\w+\Z", inner):
        return ("`flatten`, if it makes one vector of all; `reshape: {shape: 8x8x64}` otherwise",)
    return ()
