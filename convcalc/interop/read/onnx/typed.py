"""Operators of ONNX that make numbers of another type, or of a type that they state."""

from convcalc.interop.read.floats import ONNX_FLOATS
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.trace.tensors import Tensor


def cast(n: Reading) -> Result:
    """Cast: between floats nothing but their width differs."""
    n.word("round_mode", "up", "down", "nearest")
    n.integer("saturate", 1)
    if n.integer("to", 1) not in ONNX_FLOATS:
        return n.unsupported("Cast to integers")
    return _typed(n, ONNX_FLOATS[n.integer("to", 1)])


def cast_like(n: Reading) -> Result:
    """CastLike: Cast to the type of the second input."""
    n.word("round_mode", "up", "down", "nearest")
    n.integer("saturate", 1)
    like = n.tensor(1)
    if "float" not in like.dtype:
        what = "integers" if like.dtype else "a type that is not known"
        return n.unsupported(f"CastLike to {what}")
    return _typed(n, like.dtype)


def _typed(n: Reading, dtype: str) -> Tensor:
    """The first input as numbers of another type."""
    made = n.op("identity", [n.x])
    made.dtype = dtype
    return made


def quantize(n: Reading) -> Result:
    """QuantizeLinear, DequantizeLinear: numbers are rounded, of whatever type and block."""
    for name in ("axis", "saturate", "block_size", "output_dtype", "precision"):
        n.integer(name, 0)
    scale = n.get(1) if n.node.op == "DequantizeLinear" else None
    return _typed(n, scale.dtype if scale is not None else "")


def constant(n: Reading) -> Result:
    """Constant: its value, or its shape alone."""
    attrs = n.node.attrs
    array = attrs.get("value")
    name = n.node.outputs[0]
    if array is not None:
        return Tensor(name, array.shape, array.value, constant=True, dtype=array.dtype)
    for key, dtype in (("value_int", "int64"), ("value_float", "float32")):
        if key in attrs:
            number = n.integer(key, 0) if dtype == "int64" else n.real(key, 0.0)
            return Tensor(name, (), (number,), constant=True, dtype=dtype)
    for key, dtype in (("value_ints", "int64"), ("value_floats", "float32")):
        if key in attrs:
            numbers = tuple(attrs[key]) if dtype == "float32" else n.ints(key) or ()
            return Tensor(name, (len(numbers),), numbers, constant=True, dtype=dtype)
    return n.unsupported(f"Constant {'that is sparse' if 'sparse_value' in attrs else 'of text'}")


TABLE: dict[str, Handler] = {
    "Cast": cast,
    "CastLike": cast_like,
    "QuantizeLinear": quantize,
    "DequantizeLinear": quantize,
    "DynamicQuantizeLinear": quantize,
    "Constant": constant,
}
