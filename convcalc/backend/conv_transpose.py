"""Transposed convolution: every input position adds its filters to a window of the output."""

import numpy as np

from convcalc.backend.arrays import Array, Scratch, row_pieces
from convcalc.backend.placement import sides, spread, tile_size, tiles
from convcalc.layers.ops import Sliding
from convcalc.shapes import Shape

#: Numbers of one tile's products.
TILE = 2**18


def conv_transpose(
    x: Array,
    weight: Array,
    bias: Array | None,
    sliding: Sliding,
    output_pad: Shape,
    groups: int,
    scratch: Scratch,
) -> Array:
    """Transpose of a convolution of x (N, *spatial, C); weight is (*kernel, C, filters/groups).

    The padding cuts the edges of what the windows cover (Dumoulin & Visin 2016, section 4);
    `output_pad` adds positions at the end of each axis. With ``same`` every input position
    has `stride` outputs, from the middle of what the windows cover.
    """
    n, *spatial, channels = x.shape
    rank = len(spatial)
    stride, dilation = spread(sliding.stride, rank), spread(sliding.dilation, rank)
    kernel, extra = spread(sliding.kernel, rank), spread(output_pad, rank)
    covered = [
        range(0, size * step, step)[-1] + (taps - 1) * gap + 1
        for size, taps, step, gap in zip(spatial, kernel, stride, dilation, strict=True)
    ]
    kept = [
        _kept(whole, size * step, cut, more)
        for whole, size, step, cut, more in zip(
            covered, spatial, stride, _cuts(sliding, rank), extra, strict=True
        )
    ]
    filters = weight.shape[-1] * groups
    out = np.zeros((n, *(len(places) for places in kept), filters), x.dtype)
    grouped = weight.reshape(-1, groups, channels // groups, weight.shape[-1])
    most = max(TILE // filters, 1)
    counts = (n, *spatial)
    room = scratch.empty((tile_size(counts, most) * filters,), x.dtype)
    for tile in tiles(counts, most):
        part = x[tile]
        rows = part.reshape(-1, groups, channels // groups).transpose(1, 0, 2)
        product = room[: rows.shape[1] * filters].reshape(rows.shape[1], groups, -1)
        for tap, offsets in enumerate(np.ndindex(*kernel)):
            np.matmul(rows, grouped[tap], out=product.transpose(1, 0, 2))
            target: list[slice] = [tile[0]]
            source: list[slice] = [slice(None)]
            for axis, offset in enumerate(offsets):
                written = range(
                    tile[axis + 1].start * stride[axis] + offset * dilation[axis],
                    tile[axis + 1].stop * stride[axis] + offset * dilation[axis],
                    stride[axis],
                )
                inside = _within(written, kept[axis])
                if not inside:
                    break
                first = written[inside[0]] - kept[axis].start
                last = written[inside[-1]] - kept[axis].start
                target.append(slice(first, last + 1, stride[axis]))
                source.append(slice(inside[0], inside[-1] + 1))
            else:
                out[tuple(target)] += product.reshape(*part.shape[:-1], filters)[tuple(source)]
    if bias is not None:
        for piece, same in row_pieces(out, out):
            np.add(piece, bias, out=same)
    return out


def _within(written: range, kept: range) -> range:
    """Which of the places that are written, by their numbers, are among those that are kept."""
    first, end = (-(-(place - written.start) // written.step) for place in (kept.start, kept.stop))
    return range(max(first, 0), min(end, len(written)))


def _cuts(sliding: Sliding, rank: int) -> list[tuple[int, int] | None]:
    if isinstance(sliding.pad, str):
        return [None] * rank
    return list(sides(sliding.pad, rank))


def _kept(covered: int, same: int, cut: tuple[int, int] | None, more: int) -> range:
    """The positions of the covered stretch that become the output; past its end there are zeros."""
    if cut is None:
        begin = max(covered - same, 0) // 2
        return range(begin, begin + same)
    return range(cut[0], covered + more - cut[1])
