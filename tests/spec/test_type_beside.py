"""A type with options that are words of kinds too: ``pad: 1``, ``scale: 2``, ``bn: true``."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered

HEAD = "input: 32x32x16\nlayers:\n"
BLOCK = """\
input: 32x32x16
blocks:
  cb:
    args: {c: , pad: 1}
    layers: [{conv: {filters: =c, kernel: 3, pad: =pad}}]
layers:
"""
CONV = "conv: {filters: 32, kernel: 3, pad: 1}"

#: entries as they are written from memory, and as `--fix` writes them
WRITTEN = {
    "- type: conv\n  filters: 32\n  kernel: 3\n  pad: 1": f"- {CONV}",
    "- {kind: Conv2d, filters: 32, kernel: 3, pad: [1, 1]}": f"- {{{CONV}}}",
    "- {Type: conv, filters: 32, kernel: 3, pad: 1, name: c}": f"- {{{CONV}, name: c}}",
    "- {type: conv3-32, pad: 1}": f"- {{{CONV}}}",
    "- {op: upsample, scale: 2}": "- {upsample: {scale: 2}}",
    "- {layer: max_pool, kernel: 2, pad: 0}": "- {max_pool: {kernel: 2, pad: 0}}",
    "- {type: conv, filters: 32, kernel: 3, batch_norm: true, pad: 1}": (
        f"- {{{CONV}}}\n- batch_norm"
    ),
    "- {type: conv, filters: 32, kernel: 3, bn: false, pad: 1}": f"- {{{CONV}}}",
    "- {type: fc, units: 32, dropout: 0.5}": "- {fc: {units: 32}}\n- dropout: {rate: 0.5}",
    "- {type: scale, scale: 2}": "- {scale: {by: 2}}",
    "- {conv: {filters: 32, kernel: 3, pad: 1}, type: conv}": f"- {{{CONV}}}",
    "- {type: reshape, shape: [16, 1024]}": "- {reshape: {shape: [16, 1024]}}",
}


@pytest.mark.parametrize(("entry", "ours"), WRITTEN.items())
def test_the_type_names_the_layer(entry: str, ours: str) -> None:
    (first, *_) = offered(f"{HEAD}{entry}\n")
    assert (first.text, first.errors) == (f"{HEAD}{ours}\n", ())


@pytest.mark.parametrize("entry", ["type: cb, c: 32, pad: 1", "block: cb, c: 32, pad: 1"])
def test_the_type_names_a_block(entry: str) -> None:
    (first, *_) = offered(f"{BLOCK}  - {{{entry}}}\n")
    assert first.text == f"{BLOCK}  - {{cb: {{c: 32, pad: 1}}}}\n"


def test_a_block_without_arguments_is_named_alone() -> None:
    text = "input: 8x8x3\nblocks: {b: {layers: [relu]}}\nlayers:\n"
    assert offered(f"{text}  - block: b\n")[0].text == f"{text}  - b\n"


@pytest.mark.parametrize("more", ["relu:", "max_pool: {kernel: 2}"])
def test_a_layer_more_is_no_option_and_is_not_dropped(layers, more: str) -> None:
    spec = layers(f"- type: conv\n  filters: 32\n  kernel: 3\n  pad: 1\n  {more}")
    assert spec.help == "start each layer with its own `- `"


def test_two_layers_among_the_options_are_named_in_the_help(layers) -> None:
    spec = layers("- {type: conv, filters: 32, kernel: 3, bn: true, act: relu, pad: 1}")
    below = "and below it `- batch_norm`, `- relu`, each on a line of its own"
    assert spec.help == f"the kind is the key: `- {CONV}`, {below}"
    assert len(spec.codes) == 1


def test_a_mode_of_a_pad_layer_is_no_type_of_another(layers) -> None:
    assert layers("- {pad: 1, type: reflect}").codes == ["CC014", "CC010"]
    assert (
        load("n.yaml", f"{HEAD}  - {{pad: {{sides: 1, mode: reflect}}}}\n".encode()).findings == ()
    )
