"""The commands that read weights, as functions: `verify` and `convert`."""

import os
from typing import Literal, Unpack

from convcalc.api.answers import VerifyReport
from convcalc.api.options import Given, SpecKeywords, case, refuse_unknown_word
from convcalc.api.typed import typed
from convcalc.escape import shown
from convcalc.progress import Progress, silent
from convcalc.study.errors import RequestError

Name = str | os.PathLike[str]  #: of a file


@typed
def verify(
    net: Given,
    *,
    batch: int | None = None,
    dtype: Literal["float32", "float64", "float16"] = "float32",
    seed: int = 0,
    layers: str | None = None,
    reduced: bool = False,
    weights: Name | None = None,
    array: Name | None = None,
    save: Name | None = None,
    keep: tuple[str, ...] = (),
    exact_kernels: bool = False,
    gradients: bool = False,
    equivalence: bool = False,
    receptive_field: bool = False,
    layer: tuple[str, ...] = (),
    average: int | None = None,
    against: Name | None = None,
    progress: Progress = silent,
    **options: Unpack[SpecKeywords],
) -> VerifyReport:
    """Run a net with NumPy and compare it with the prediction. Options as the command line's.

    `against` is an ONNX file, run in onnxruntime on the same numbers and compared layer by layer;
    it takes `seed` alone beside it. `progress` is called with how many parts are done, of how many,
    and what runs now.

    Raises:
        NetError: the net has errors, or the weights do not fit it.
        RequestError: options that exclude each other, or too little memory (LoadError: nothing to
            read).
    """
    from convcalc.study.verify import VerifyOptions
    from convcalc.study.verify import verify as verified
    from convcalc.verify.record import RUNNABLE

    refuse_unknown_word("dtype", RUNNABLE, dtype)
    chosen = VerifyOptions(
        int(seed), layers, reduced, _name("weights", weights), _name("array", array),
        _name("save", save), keep, exact_kernels, gradients, equivalence, receptive_field, layer,
        None if average is None else int(average),
    )  # fmt: skip
    images = None if batch is None else int(batch)  # NumPy's integers cannot be written as JSON
    asked = case(net, dtype=dtype, **options)
    model = _name("against", against)
    if model is not None:
        from convcalc.study.against import against as compared

        return VerifyReport(compared(asked, model, chosen, images))
    return VerifyReport(verified(asked, chosen, images, progress))


@typed
def convert(
    net: Given,
    *,
    fc_to_conv: bool,
    weights: Name | None = None,
    output: Name | None = None,
    **options: Unpack[SpecKeywords],
) -> str:
    """The YAML of an equivalent spec, comments and layout kept: every fc as a conv.

    `weights` is a state_dict of the net, .npz or .safetensors, whose conv form is written to
    `output`, an .npz.

    Raises:
        NetError: the net has errors, or the weights are not its own.
        RequestError: it has no such form, or the weights cannot be read (LoadError: nothing to
            read).
    """
    from convcalc.study.convert import convert as converted
    from convcalc.study.convert import convert_weights

    if not fc_to_conv:
        raise RequestError("say what to convert: fc_to_conv=True")
    if (weights is None) != (output is None):
        raise RequestError("weights and output go together: an .npz to read and one to write")
    found = converted(case(net, **options))
    if weights is not None and output is not None:
        convert_weights(found, _named("weights", weights), _named("output", output))
    return found.text


def _name(option: str, file: Name | None) -> str | None:
    return None if file is None else _named(option, file)


def _named(option: str, file: Name) -> str:
    """A file's name as text.

    Raises:
        RequestError: no file can have it.
    """
    name = os.fspath(file)
    if not name:
        raise RequestError(f"{option}: an empty name is no file")
    try:
        if b"\0" not in os.fsencode(name):
            return name
    except UnicodeError:  # half of a surrogate pair
        pass
    raise RequestError(f"{option}: no file can be called {shown(name)}")
