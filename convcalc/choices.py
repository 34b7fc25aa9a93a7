"""Words of which one is chosen: what was meant by another, as other tools and people call them."""

import re
from collections.abc import Iterable, Sequence

from convcalc.escape import shown
from convcalc.suggest import nearest


def expected_one_of(known: Iterable[str], given: object) -> str:
    """The complaint about a word that is none of the known ones, with the one that was meant.

    >>> expected_one_of(["sgd", "adam"], "Adam")
    "expected one of sgd, adam, got 'Adam': did you mean 'adam'?"
    """
    names = [str(word) for word in known]
    close = " or ".join(map(repr, meant(given, names))) if isinstance(given, str) else ""
    hint = f": did you mean {close}?" if close else ""
    return f"expected one of {', '.join(names)}, got {shown(given)}{hint}"


#: widths and precisions as NumPy, PyTorch, Keras and Lightning call them
_ALIASES = {
    "half": ("float16", "fp16"),
    "fp16": ("float16",),
    "f16": ("float16", "fp16"),
    "float16": ("fp16",),
    "bf16": ("bfloat16",),
    "bfloat16": ("bf16",),
    "float": ("float32", "fp32"),
    "single": ("float32", "fp32"),
    "fp32": ("float32",),
    "f32": ("float32", "fp32"),
    "float32": ("fp32",),
    "double": ("float64",),
    "fp64": ("float64",),
    "f64": ("float64",),
    "fsdp": ("zero3",),
    "zero": ("zero1", "zero2", "zero3"),
    "fully-sharded": ("zero3",),
    "dp": ("ddp",),
    "momentum": ("sgd-momentum",),
    "none": ("never",),
    "off": ("never",),
    "amp": ("amp-fp16", "amp-bf16"),
    "mixed": ("amp-fp16", "amp-bf16"),
    "autocast": ("amp-fp16", "amp-bf16"),
    "mixed_float16": ("amp-fp16",),
    "16-mixed": ("amp-fp16",),
    "mixed_bfloat16": ("amp-bf16",),
    "bf16-mixed": ("amp-bf16",),
}

#: ``torch.float16``, ``torch.optim.Adam``, ``Adam()``, ``Adam(lr=0.001)``
_OF_CODE = re.compile(
    r"(?:[a-z_]{1,20}\.){0,4}([\w-]{1,40})(?:\((?:(?:lr|learning_rate)=)?[0-9.e-]{0,20}\))?\Z"
)


def meant(given: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that a word probably means: of several none is sure; () where none is near.

    >>> meant("torch.optim.Adam", ["sgd", "adam"]), meant("half", ["float32", "float16"])
    (('adam',), ('float16',))
    """
    code = _OF_CODE.match(given)
    given = code[1] if code else given
    word = given.lower()
    same = tuple(name for name in _ALIASES.get(word, ()) if name in names)
    return same or tuple(name for name in (nearest(given, names),) if name)
