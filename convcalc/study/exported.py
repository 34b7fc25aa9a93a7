"""`export`: a network as code or as a model of another tool."""

from typing import Literal, assert_never, get_args

from convcalc.findings import plain
from convcalc.interop.write.words import CannotWriteError, TooLargeError
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, Outcome, study

Target = Literal["pytorch", "keras", "onnx"]
#: What a net can be written as, as `--to` takes them.
TARGETS: tuple[Target, ...] = get_args(Target)
#: Those that are bytes, not text.
BINARY = frozenset[Target](("onnx",))


def exported(case: Case, to: Target, seed: int | None = None) -> tuple[Outcome, str | bytes]:
    """The code of a net, or the bytes of its file.

    Args:
        case: the net.
        to: one of TARGETS.
        seed: random weights for ONNX; None for a file without weights.

    Raises:
        NetError: the net has errors.
        RequestError: the other tool has nothing for some layer, a package is missing, or the file
            would be too large.
    """
    if seed is not None and to != "onnx":
        raise RequestError("--random-weights are for --to onnx: code makes its own")
    if seed is not None and seed < 0:
        raise RequestError(f"random weights: a seed is a number from 0, got {seed}")
    outcome = study(case)
    outcome.sound()
    try:
        return outcome, _written(outcome, to, seed)
    except CannotWriteError as error:
        raise RequestError(f"{to} has no counterpart of some layers: {error}") from error
    except TooLargeError as error:
        raise RequestError(f"{error}: leave --random-weights out") from error
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        extra = "convcalc[onnx]" if package in {"onnx", "google"} else f"convcalc[{package}]"
        raise RequestError(f"this needs the package {package}: pip install '{extra}'") from error


def left_out(outcome: Outcome, to: Target) -> str:
    """What of the spec is in no such file; '' where there is nothing such."""
    from convcalc.interop.write.layers import asked_to_overwrite, left_out
    from convcalc.interop.write.pytorch.overwriting import not_overwriting, overwriting

    if to == "pytorch":
        analysis = outcome.analysis
        return plain(left_out(outcome.network, not_overwriting(analysis, overwriting(analysis))))
    return plain(left_out(outcome.network, asked_to_overwrite(outcome.network)))


def _written(outcome: Outcome, to: Target, seed: int | None) -> str | bytes:
    """What the writer of a target makes of a net."""
    match to:
        case "pytorch":
            from convcalc.interop.write.pytorch import net as pytorch

            return pytorch.write(outcome.analysis)
        case "keras":
            from convcalc.interop.write.keras import net as keras

            return keras.write(outcome.analysis)
        case "onnx":
            from convcalc.interop.write.onnx import graph as onnx

            return onnx.write(outcome.analysis, _weights(outcome, seed))
        case _:
            assert_never(to)


def _weights(outcome: Outcome, seed: int | None) -> dict[str, object] | None:
    """Random weights by ``layer.weight``, the same for the same seed; None without a seed."""
    if seed is None:
        return None
    import numpy

    generator = numpy.random.default_rng(seed)
    found: dict[str, object] = {}
    for row in outcome.analysis.rows:
        step = row.step
        if step.layer is None or step.shares is not None or step.output is None:
            continue
        for array in step.layer.arrays(row.inputs, step.output):
            values = generator.standard_normal(array.shape).astype(numpy.float32)
            if array.name == "running_var":
                values = numpy.abs(values) + 1
            elif array.fan_in > 1:
                values = values * numpy.float32((2 / array.fan_in) ** 0.5)
            elif step.kind.endswith("_norm") and array.name == "weight":
                values = 1 + values / numpy.float32(10)
            else:
                values = values / numpy.float32(10)
            found[f"{step.name}.{array.name}"] = values
    return found
