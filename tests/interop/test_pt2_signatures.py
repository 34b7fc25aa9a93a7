"""The arguments of ATen's overloads, held against PyTorch.

`python tests/interop/test_pt2_signatures.py` writes the table anew.
"""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.read.pt2.operators import OPERATORS
from convcalc.interop.read.pt2.signature import misread

TABLE = Path(convcalc.__file__).parent / "interop/read/pt2/schemas.txt"


def lines() -> list[str]:
    """PyTorch's own schemas of the operators that are read, those without an `out`."""
    import torch

    found = set()
    for schema in torch._C._jit_get_all_schemas():
        name = schema.name.removeprefix("aten::")
        known = name.rstrip("_") in OPERATORS or name in OPERATORS or name == "sym_size"
        given: list[Any] = list(schema.arguments)
        if schema.name[:6] != "aten::" or not known or any(one.is_out for one in given):
            continue
        named = any("Dimname" in str(one.type) for one in given)
        if named or not any("Tensor" in str(one.type) for one in given):
            continue
        by_name = [one.name for one in given if one.kwarg_only]
        names = [one.name for one in given if not one.kwarg_only]
        overload = f"{name}.{schema.overload_name or 'default'}"
        found.add(" ".join([overload, *names, *(["*", *by_name] if by_name else [])]))
    return sorted(found)


def test_the_table_is_what_pytorch_has() -> None:
    torch: Any = pytest.importorskip("torch")
    if torch.__version__.split("+")[0] != "2.13.0":
        pytest.skip("the table is that of PyTorch 2.13")
    assert TABLE.read_text(encoding="utf-8").splitlines() == lines()


def given(**kinds: int | None) -> list[dict[str, Any]]:
    return [{"name": name, "kind": kind} for name, kind in kinds.items()]


@pytest.mark.parametrize(
    "kinds",
    [
        {"input": 1, "weight": 1, "bias": 1, "stride": 1},
        {"input": 1, "weight": 1, "padding": 2},
        {"input": None, "weight": None, "padding": None},
        {"input": 2, "weight": 2},
    ],
)
def test_what_torch_export_writes_is_read(kinds: dict[str, int | None]) -> None:
    assert not misread("conv2d.default", given(**kinds))


@pytest.mark.parametrize(
    ("overload", "kinds", "why"),
    [
        ("split.Tensor", {"self": 1, "split_sizes": 2}, "with split_sizes, which it does not have"),
        ("conv2d.default", {"input": 1, "weight": 1, "padding": 1}, "and none for bias"),
        ("conv2d.default", {"input": 1, "weight": 1, "bias": 2, "stride": 1}, "and none for bias"),
        ("conv2d.default", {"input": None, "weight": None, "stride": 1}, "and none for input"),
        ("add.Tensor", {"self": 1, "other": 1, "alpha": 1}, "behind those by name"),
        ("relu.hidden", {"self": 1}, "an overload that is not known"),
    ],
)
def test_what_pytorch_would_read_otherwise_is_not(
    overload: str, kinds: dict[str, int | None], why: str
) -> None:
    assert why in misread(overload, given(**kinds))


if __name__ == "__main__":
    TABLE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
