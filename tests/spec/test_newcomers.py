"""What people write who come from other lists, languages and tools: each is told what is meant."""

import pytest

import convcalc

HEAD = "input: 8x8x3\n"


@pytest.mark.parametrize(
    ("spec", "help"),
    [
        (HEAD + "layers:\n\u2013 conv3-8\n\u2013 relu\n", "did you mean `-`?"),
        (HEAD + "layers:\n- conv: {filters: [16], kernel: 3}\n", "did you mean `16`?"),
        (HEAD + "layers:\n- fc: {units: [16]}\n", "did you mean `16`?"),
        (HEAD + "layers:\n- CenterCrop: 4\n", "write `crop: {size: 4}` in place of"),
        (HEAD + "layers:\n- CenterCrop: [4, 6]\n", "here it is `crop: {size: [4, 6]}`"),
        (
            HEAD + "layers:\n- Resizing: {height: 16, width: 24}\n",
            "`upsample: {size: [16, 24], mode: bilinear}`",
        ),
        (HEAD + "layers:\n- conv3-8\n- return x\n", "the last layer is the output"),
        ("input: 8x8x3 // rgb\nlayers: [relu]\n", "did you mean `8x8x3 # rgb`?"),
        (HEAD + "layers: [conv3s2p1-8]\n", "did you mean `conv3-8s2p1`?"),
        (HEAD + "ignore: [CC105]\nlayers: [relu]\n", "`ignore: [CC105]` beside one layer"),
    ],
)
def test_what_is_meant_is_said(spec: str, help: str) -> None:
    found = convcalc.check(spec).findings
    assert found and any(help in line for line in found[0].help), found


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (HEAD + "layers:\n- conv: {filters: [16], kernel: 3}\n", "filters: 16"),
        ("input: 8x8x3 // rgb\nlayers: [relu]\n", "input: 8x8x3 # rgb\n"),
        ("input: 9x9x3\nlayers: [conv3s2p1-8]\n", "[conv3-8s2p1]"),
        (HEAD + "layers:\n- CenterCrop: 4\n", "crop: {size: 4}"),
    ],
)
def test_a_repair_writes_it(spec: str, text: str) -> None:
    repairs = convcalc.load(spec).repairs
    assert repairs and text in repairs[0].text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shard": "fsdp", "gpus": 2}, "did you mean 'zero3'"),
    ],
)
def test_words_of_settings(given: dict[str, object], said: str) -> None:
    with pytest.raises(convcalc.RequestError, match=said):
        convcalc.analyze("lenet5", **given)
