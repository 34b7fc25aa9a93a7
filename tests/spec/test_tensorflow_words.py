"""Words of TensorFlow and Keras that mean another net than the kind which is called alike."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load


def _spec(*layers: str, input: str = "8x8x16") -> bytes:
    lines = "".join(f"- {layer}\n" for layer in layers)
    return f"input: {input}\nlayers:\n{lines}".encode()


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("depth_to_space: 2", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("tf.nn.depth_to_space: 2", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("DepthToSpace: 2", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("DepthToSpace: [2]", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("tf.nn.depth_to_space(x, 2)", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("depth_to_space2", "pixel_shuffle: {factor: 2, order: dcr}"),
        ("SpaceToDepth: 2", "space_to_depth: {factor: 2, order: dcr}"),
        ("SpaceToDepth: {block_size: 2}", "space_to_depth: {factor: 2, order: dcr}"),
        ("tf.nn.space_to_depth: {block_size: 2}", "space_to_depth: {factor: 2, order: dcr}"),
        ("tf.nn.space_to_depth(x, block_size=2)", "space_to_depth: {factor: 2, order: dcr}"),
        ("nn.PixelShuffle: 2", "pixel_shuffle: {factor: 2}"),
        ("PixelUnshuffle: 2", "space_to_depth: {factor: 2}"),
        ("space_to_depth: 2", "space_to_depth: {factor: 2}"),
        ("space-to-depth: 2", "space_to_depth: {factor: 2}"),
    ],
)
def test_each_word_has_the_order_of_channels_of_its_tool(entry: str, written: str) -> None:
    (offer, *_) = offers(load("a.yaml", _spec(entry)))
    assert offer.text.endswith(f"- {written}\n") and not offer.errors


def test_a_row_of_a_list_means_the_same_as_the_word_with_its_number() -> None:
    help = load("a.yaml", _spec("[depth_to_space, 2]")).findings[0].help
    assert help == (
        "write `pixel_shuffle: {factor: 2, order: dcr}` in place of `depth_to_space`",
    )  # fmt: skip


@pytest.mark.parametrize(
    "dense",
    [
        "Dense: 10",
        "Dense: {units: 10}",
        "Dense(10)",
        'Dense(10, activation="relu")',
        "layers.Dense(10)",
        "Dense10",
        "{type: Dense, units: 10}",
        "head: {type: Dense, units: 10}",
        '"(fc)": Dense(10)',
        "[Dense, 10]",
    ],
)
def test_dense_waits_until_it_is_known_what_arrives(dense: str) -> None:
    spec = _spec("conv3-8", "pool2", dense, input="57x57x3")
    (first, *_) = offers(load("a.yaml", spec))
    assert dense in first.text and first.errors
    found = load("a.yaml", first.text.encode()).findings
    assert found[0].help[0].startswith("Keras's Dense works on each place of 29x29x8")


@pytest.mark.parametrize("flat", ["flatten", "Flatten", "GlobalAveragePooling2D"])
def test_behind_what_certainly_is_a_vector_dense_is_an_fc(flat: str) -> None:
    layers = ("conv3-8", "pool2", flat, "Dense: 10", "ReLU", "Dropout: 0.5", "Dense: 5")
    (first, *_) = offers(load("a.yaml", _spec(*layers, input="57x57x3")))
    assert "- fc: {units: 10}\n" in first.text and "- fc: {units: 5}\n" in first.text
    assert not first.errors


def test_behind_a_word_that_is_no_layer_dense_says_what_it_depends_on() -> None:
    help = load("a.yaml", _spec("Foo", "Dense(10)")).findings[1].help
    assert help == (
        "Keras's Dense is `fc-10` behind a vector, on each place of a volume a conv with kernel 1: "
        "mend what is above first",
    )
