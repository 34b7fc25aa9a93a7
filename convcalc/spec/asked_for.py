"""Keys of a file that are options of the command line: ``batch: 32``."""

from collections.abc import Mapping

from convcalc.spec.as_text import text_of
from convcalc.spec.both_given import left_out, same
from convcalc.tree.nodes import Node, Scalar

Entries = Mapping[str, tuple[Scalar, Node]]  #: the keys of a file

#: what is asked for beside a net: the settings of every command, as people write them in files
_SETTINGS = frozenset({
    "batch", "dtype", "optimizer", "weight_decay", "optimizer_impl", "precision", "checkpoint",
    "accumulate", "clip_grad", "ema", "keep_grads", "gpus", "shard", "augmented", "prefetch",
})  # fmt: skip
#: other tools' words for the size of the input
_INPUTS = frozenset({
    "inputshape", "inputsize", "imagesize", "imgsize", "inputdim", "inputdims", "imageshape",
    "insize", "imsize",
})  # fmt: skip
_TEXTS = frozenset({"description", "comment", "comments", "remarks", "documentation"})
_BATCH = frozenset({"batchsize", "batch_size", "batches", "n_batch"})


def asked_for(word: str, value: Node) -> tuple[str, ...]:
    """``batch: 32`` in a spec: the option of the command line that says it."""
    name = word.lower().replace("-", "_")
    name = "batch" if name in _BATCH else name
    if name in {"ignore", "disable"}:
        return ("`rules: {CC105: false}` for the whole file, `ignore: [CC105]` beside one layer",)
    if name not in _SETTINGS:
        return ()
    option, given = f"--{name.replace('_', '-')}", text_of(value)
    given = "" if given.lower() in {"true", "false", ""} else f" {given}"
    return (f"it is not part of a net: `{option}{given}` on the command line",)


def twice(key: str, entries: Entries, word: str, value: Node) -> tuple[str, ...]:
    """The help for a word that means a key which the file has; () where it has not."""
    there = "inputs" if key == "input" and "inputs" in entries else key
    if there not in entries:
        return ()
    if same(entries[there][1], value):
        return left_out(there, entries[there][1], word, value)
    return (f"`{there}:` is there already: leave one out",)


def key_of(word: str) -> str:
    """The key of a file that other tools call by this word; '' where there is none."""
    name = word.rsplit(".", 1)[-1].lower()
    if name.replace("_", "") in _INPUTS:
        return "input"
    if name in _TEXTS:
        return "notes"
    return {"sequential": "layers", "variables": "vars", "title": "name"}.get(name, "")
