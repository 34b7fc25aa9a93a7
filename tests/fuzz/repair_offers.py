"""Broken specs: every repair that `check --fix` offers is made and held to what it promises.

The files are those of the bundled nets, and all that tests write, with one thing changed as a
person would; what a repair has to keep is in `repaired.py`.
"""

import ast
import random
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from breakages import broken, restyled  # noqa: E402
from fuzzing import by_hand  # noqa: E402
from repaired import wrongs  # noqa: E402

from convcalc import zoo  # noqa: E402
from convcalc.fix.record import Offer  # noqa: E402
from convcalc.fix.search import offers  # noqa: E402
from convcalc.fix.work import Work  # noqa: E402
from convcalc.spec.load import load  # noqa: E402

_LONGEST = 1_500  #: letters: what is tried many times is short
_MOST = 25  #: repairs one after another


def written() -> list[str]:
    """The specs that tests of this folder's neighbours have as text."""
    found: dict[str, None] = {}
    for path in sorted(ROOT.joinpath("tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if "layers:" in text and "input" in text and len(text) <= _LONGEST:
                    found.setdefault(text)
    return list(found)


NETS = [
    *(zoo.read(name).decode() for name in ("alexnet", "lenet5", "resnet18", "unet", "nin")),
    *(zoo.read(name).decode() for name in ("squeezenet1_1", "resnet20-b", "mobilenet_v1", "zfnet")),
]
SPECS = written()
SAMPLES = [bytes([i]) * 40 for i in range(200)]
WORDS = [bytes([i, j]) for i in range(0, 256, 5) for j in range(0, 256, 7)]


def target(data: bytes) -> None:
    """Break a spec, make every repair that is offered, and then one repair after another."""
    draw = random.Random(data)
    text = draw.choice(NETS) if draw.random() < 0.2 else draw.choice(SPECS)
    if draw.random() < 0.8:
        text = broken(draw, restyled(draw, text))
    found = judged(text)
    if found and draw.random() < 0.5:
        goes_on(text, found, draw if draw.random() < 0.5 else None)


def judged(text: str) -> list[Offer]:
    """The repairs of a text, of which none has anything wrong with it."""
    now = Work().heard(load("net.yaml", text.encode(errors="replace")))
    found = offers(now.network)
    assert len({offer.text for offer in found}) == len(found), f"two make the same:\n{text}"
    for offer in found:
        told = [(c.layer, c.option, c.before, c.after, c.line) for c in offer.changes]
        assert offer.text != now.network.source.text, f"{told} changes nothing of\n{text}"
        wrong = [*wrongs(now, offer)]
        assert not wrong, f"{wrong} of {told} in\n{text}"
    return found


def goes_on(text: str, found: list[Offer], draw: random.Random | None) -> None:
    """One repair after another, the first or any, until none is offered."""
    seen = {text}
    for _ in range(_MOST):
        if not found:
            return
        text = (draw.choice(found) if draw else found[0]).text
        assert text not in seen, f"a repair leads back to\n{text}"
        seen.add(text)
        found = offers(load("net.yaml", text.encode()))
    raise AssertionError(f"there is always one more repair:\n{text}")


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
