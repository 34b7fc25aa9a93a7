"""Lists of tensors: a volume cut into a list (`chunk`, `split`, unoptimised), and its members."""

from convcalc.interop.read.onnx.node import Handler, Reading, Result

_MOST = 4096  #: members of a list


def split_to_sequence(n: Reading) -> Result:
    """SplitToSequence: slices. What reads the list whole, and not its members, has no kind."""
    if n.x.shape is None:
        return n.op("slice", [n.x])
    axis, keep, given = n.axis(0), n.integer("keepdims", 1), n.get(1)
    size = n.shape[axis]
    sizes = n.integers(1) if given is not None else (1,)
    if sizes is None or min(sizes, default=0) < 0:
        return n.unsupported("SplitToSequence by computed sizes")
    if given is None or not given.shape:  # of one size, the last what is left
        starts = range(0, size, max(sizes[0], 1))
        if len(starts) > _MOST:
            return n.unsupported(f"SplitToSequence into {len(starts):,} parts")
        sizes = tuple(min(starts.step, size - start) for start in starts)
    parts, start = [], 0
    for part in sizes:
        cut = n.op("slice", [n.x], axis=axis, start=start, stop=start + part, step=1)
        if given is None and not keep:
            cut = n.op("reshape", [cut], shape=(*n.shape[:axis], *n.shape[axis + 1 :]))
        parts.append(cut)
        start += part
    return n.op("sequence", [n.x], parts=parts)


def sequence_at(n: Reading) -> Result:
    """SequenceAt: one member, counted from the end where its number is negative."""
    if n.x.shape is None:
        return n.op("slice", [n.x])
    parts = n.x.maker.attrs.get("parts", ()) if n.x.maker is not None else ()
    at = n.integers(1)
    if at is None or not -len(parts) <= at[0] < len(parts):
        return n.unsupported("SequenceAt of no member that is known")
    return parts[at[0]]  # type: ignore[no-any-return]


TABLE: dict[str, Handler] = {
    "SplitToSequence": split_to_sequence,
    "SequenceAt": sequence_at,
}
