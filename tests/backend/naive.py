"""Every kernel written from its definition as loops over single numbers: slow, and plain to read.

Volumes are (N, *spatial, C). A window starts at -begin, goes on by the stride, and counts as long
as it fits between the padded edges; these loops walk, they do not calculate sizes.
"""

import itertools
import math

import numpy as np


def walk(size, kernel, stride, begin, end, dilation=1, ceil=False):
    """For every window of one axis the positions it reads (those of the padding included)."""
    windows, start = [], -begin
    while True:
        reads = [start + tap * dilation for tap in range(kernel)]
        if reads[-1] >= size + end:
            over = windows and windows[-1][-1] < size + end - 1  # the edge was not reached
            if ceil and over and start < size:
                windows.append(reads)
            return windows
        windows.append(reads)
        start += stride


def same(size, kernel, stride, dilation=1):
    """Padding by which there is a window for every stride begun."""
    starts = list(range(0, size, stride))
    missing = max(starts[-1] + (kernel - 1) * dilation + 1 - size, 0)
    return missing // 2, missing - missing // 2


def axes_of(x, kernel, stride, pads, dilation, ceil=False):
    return [
        walk(size, k, s, *pad, d, ceil)
        for size, k, s, pad, d in zip(x.shape[1:-1], kernel, stride, pads, dilation, strict=True)
    ]


def each_window(axes):
    """(output position, the positions read) for every window of a volume."""
    for place in itertools.product(*(range(len(axis)) for axis in axes)):
        yield (
            place,
            list(itertools.product(*(axis[i] for axis, i in zip(axes, place, strict=True)))),
        )


def inside(x, position):
    return all(0 <= p < size for p, size in zip(position, x.shape[1:-1], strict=True))


def conv(x, weight, bias, kernel, stride, pads, dilation, groups=1, ceil=False):
    """Weight is (*kernel, C/groups, filters), as the kernels have it."""
    axes = axes_of(x, kernel, stride, pads, dilation, ceil)
    filters, deep = weight.shape[-1], weight.shape[-2]
    out = np.zeros((len(x), *map(len, axes), filters))
    taps = list(itertools.product(*map(range, kernel)))
    for n in range(len(x)):
        for place, reads in each_window(axes):
            for f in range(filters):
                first = f // (filters // groups) * deep
                total = 0.0 if bias is None else bias[f]
                for tap, position in zip(taps, reads, strict=True):
                    if inside(x, position):
                        total += (x[(n, *position)][first : first + deep] * weight[tap][:, f]).sum()
                out[(n, *place, f)] = total
    return out


def locally_connected(x, weight, bias, kernel, stride, pads):
    axes = axes_of(x, kernel, stride, pads, (1,) * (x.ndim - 2))
    out = np.zeros((len(x), *map(len, axes), weight.shape[-1]))
    taps = list(itertools.product(*map(range, kernel)))
    for n in range(len(x)):
        for place, reads in each_window(axes):
            total = bias[place].copy()
            for tap, position in zip(taps, reads, strict=True):
                if inside(x, position):
                    total += x[(n, *position)] @ weight[(*place, *tap)]
            out[(n, *place)] = total
    return out


def pool(x, kind, kernel, stride, pads, dilation, ceil=False, count_padding=True):
    axes = axes_of(x, kernel, stride, pads, dilation, ceil)
    out = np.zeros((len(x), *map(len, axes), x.shape[-1]))
    for n in range(len(x)):
        for place, reads in each_window(axes):
            real = [x[(n, *position)] for position in reads if inside(x, position)]
            if kind == "max":
                value = np.max(real, axis=0)
            elif kind == "l2":
                value = np.sqrt(np.sum(np.square(real), axis=0))
            else:
                padded = [
                    all(
                        -b <= p < size + e
                        for p, size, (b, e) in zip(position, x.shape[1:-1], pads, strict=True)
                    )
                    for position in reads
                ]
                value = np.sum(real, axis=0) / (sum(padded) if count_padding else len(real))
            out[(n, *place)] = value
    return out


def conv_transpose(x, weight, bias, kernel, stride, pads, dilation, extra, groups=1):
    """Every input adds its filters to the output; weight is (*kernel, C, filters/groups)."""
    filters = weight.shape[-1] * groups
    deep = x.shape[-1] // groups
    full = {}
    for n in range(len(x)):
        for place in itertools.product(*map(range, x.shape[1:-1])):
            for tap in itertools.product(*map(range, kernel)):
                at = tuple(
                    p * s + t * d for p, s, t, d in zip(place, stride, tap, dilation, strict=True)
                )
                cell = full.setdefault((n, *at), np.zeros(filters))
                for f in range(filters):
                    g = f // weight.shape[-1]
                    column = weight[tap][g * deep : (g + 1) * deep, f % weight.shape[-1]]
                    cell[f] += x[(n, *place)][g * deep : (g + 1) * deep] @ column
    far = [max(at[i] for at in full) + 1 for i in range(1, x.ndim - 1)]
    sizes = [
        length + more - begin - end
        for length, more, (begin, end) in zip(far, extra, pads, strict=True)
    ]
    out = np.zeros((len(x), *sizes, filters))
    for n, *place in itertools.product(range(len(x)), *map(range, sizes)):
        at = tuple(p + begin for p, (begin, _) in zip(place, pads, strict=True))
        out[(n, *place)] = full.get((n, *at), 0.0) + (0.0 if bias is None else bias)
    return out


def adaptive(x, kind, output):
    out = np.zeros((len(x), *output, x.shape[-1]))
    for n, *place in itertools.product(range(len(x)), *map(range, output)):
        spans = [
            range(math.floor(i * size / o), math.ceil((i + 1) * size / o))
            for i, size, o in zip(place, x.shape[1:-1], output, strict=True)
        ]
        real = [x[(n, *position)] for position in itertools.product(*spans)]
        out[(n, *place)] = np.max(real, axis=0) if kind == "max" else np.mean(real, axis=0)
    return out


def lrn(x, size, alpha, beta, k):
    out = np.empty_like(x)
    for *place, c in np.ndindex(x.shape):
        near = x[tuple(place)][max(c - size // 2, 0) : c + (size - 1) // 2 + 1]
        out[(*place, c)] = x[(*place, c)] / (k + alpha * np.sum(near**2)) ** beta
    return out
