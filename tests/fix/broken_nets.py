"""Random small nets whose sizes do not come out: chains, blocks with a stride, U-Nets, joins."""

import random
from collections.abc import Iterator


def broken(count: int) -> Iterator[str]:
    """So many specs, each time the same."""
    for seed in range(count):
        draw = random.Random(seed)
        size = draw.choice([*range(8, 34), 28, 32, 32, 64])
        depth = draw.choice([1, 3, 8])
        body = draw.choice((_chain, _called, _pyramid, _joined))(draw)
        yield f"input: {size}x{size}x{depth}\n{body}"


def _conv(draw: random.Random, depth: int, stride: str) -> str:
    kernel = draw.choice([3, 3, 3, 5, 1, 2])
    pad = draw.choice([kernel // 2, kernel // 2, 0])
    return f"conv: {{filters: {depth}, kernel: {kernel}, stride: {stride}, pad: {pad}}}"


def _window(draw: random.Random) -> str:
    if draw.random() < 0.3:
        return draw.choice(["pool2", "max_pool: {kernel: 3, stride: 2}", "pool3s2"])
    return _conv(draw, draw.choice([4, 8]), draw.choice("1222"))


def _chain(draw: random.Random) -> str:
    rows = [row for _ in range(draw.randint(1, 4)) for row in (_window(draw), "relu")]
    return "layers:\n" + "".join(f"  - {row}\n" for row in (*rows, "fc-10"))


def _called(draw: random.Random) -> str:
    block = f"blocks:\n  b:\n    args: {{s: 1}}\n    layers: [{_conv(draw, 8, '=s')}, relu]\n"
    calls = [f"b: {draw.choice('122')}" for _ in range(draw.randint(1, 4))]
    return f"{block}layers:\n" + "".join(f"  - {row}\n" for row in (*calls, "fc-10"))


def _pyramid(draw: random.Random) -> str:
    """A U-Net of one to three levels whose factors or paddings are those of several tools."""
    levels, pad = draw.randint(1, 3), draw.choice([0, 1, 1])
    down = [f"  - {{conv: {{filters: 8, kernel: 3, pad: {pad}}}, name: d{n}}}\n  - pool2\n"
            for n in range(levels)]  # fmt: skip
    up = []
    for n in reversed(range(levels)):
        scale = draw.choice([2, 2, 3, 4])
        made = draw.choice(
            [f"upsample: {{scale: {scale}}}",
             f"conv_transpose: {{filters: 8, kernel: {scale}, stride: {scale}}}"]
        )  # fmt: skip
        kind = draw.choice(["concat", "add"])
        up.append(f"  - {{{made}, name: u{n}}}\n  - {{{kind}: , from: [d{n}, u{n}]}}\n")
        up.append(f"  - conv: {{filters: 8, kernel: 3, pad: {pad}}}\n")
    middle = f"  - conv: {{filters: 8, kernel: 3, pad: {pad}}}\n"
    return "layers:\n" + "".join((*down, middle, *up))


def _joined(draw: random.Random) -> str:
    kind = draw.choice(["add", "concat"])
    left = ", ".join(_conv(draw, 8, draw.choice("12")) for _ in range(draw.randint(1, 2)))
    right = draw.choice(["[]", f"[{_conv(draw, 8, draw.choice('12'))}]", "[pool2]"])
    stem = f"  - {_conv(draw, 8, draw.choice('112'))}\n"
    return f"layers:\n{stem}  - {kind}:\n      branches:\n        - [{left}]\n        - {right}\n"
