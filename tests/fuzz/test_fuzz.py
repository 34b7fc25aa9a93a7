"""A few rounds of every fuzz target, with seeds that stay; long runs are made by hand."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def loaded(name: str) -> ModuleType:
    """A module of this folder, under a name that nothing else has."""
    known = sys.modules.get(f"convcalc_fuzz_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"convcalc_fuzz_{name}", HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("specs", 250),
        ("patterns", 600),
        ("repair_offers", 60),
        ("long_runs", 300),
        ("configurations", 250),
        ("weights", 300),
        ("weight_structures", 300),
        ("models", 150),
        ("conventions", 150),
        ("torch_nets", 60),
        ("torch_modules", 4),
        ("exported_nets", 60),
    ],
)
def test_nothing_is_found_in_a_few_rounds(name: str, count: int) -> None:
    if name.startswith("torch_"):
        pytest.importorskip("torch")
    if name in {"torch_modules", "exported_nets"}:
        pytest.importorskip("onnxruntime")
        pytest.importorskip("onnx")
    module = loaded(name)
    loaded("fuzzing").rounds(module.target, module.SAMPLES, module.WORDS, range(count))


def test_what_is_found_names_its_seed() -> None:
    def broken(data: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as error:
        loaded("fuzzing").rounds(broken, [b"a"], [b"b"], (231,))
    assert "seed 231" in error.value.__notes__[0]
