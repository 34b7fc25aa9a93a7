"""What is said of a file whose numbers are of another type than the default."""

from collections.abc import Iterable, Mapping

#: floating-point types by torch.export's numbers of types, and by ONNX's
PT2_FLOATS: Mapping[int, str] = {6: "float16", 7: "float32", 8: "float64", 13: "bfloat16"}
ONNX_FLOATS: Mapping[int, str] = {1: "float32", 10: "float16", 11: "float64", 16: "bfloat16"}
#: bytes of one of their numbers
FLOAT_BYTES: Mapping[str, int] = {"float16": 2, "float32": 4, "float64": 8, "bfloat16": 2}


def other_floats(types: Iterable[str]) -> str:
    """The note on a file whose floats are all of one type other than float32; '' for any other.

    Memory is that of the settings, which know nothing of the file.

    >>> other_floats(["float16", "float16"])
    'its numbers are float16: `--dtype float16` counts their bytes'
    >>> other_floats(["float16", "float32"]), other_floats([])
    ('', '')
    """
    found = set(types)
    if len(found) != 1 or found == {"float32"}:
        return ""
    (one,) = found
    return f"its numbers are {one}: `--dtype {one}` counts their bytes"
