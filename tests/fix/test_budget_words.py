"""`check --fix`: words of a budget's settings, as frameworks have them."""

import pytest

from tests.fix.repairs import offered

HEAD = "input: 8x8x3\nlayers: [conv3-4, relu, fc-10]\nbudget: {training_memory: 1GiB, "


def repaired(stated: str) -> str | None:
    found = offered(f"{HEAD}{stated}}}\n")
    assert len(found) < 2
    assert all(not offer.errors for offer in found)
    return found[0].text.removeprefix(HEAD).removesuffix("}\n") if found else None


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("optimizer: Adam", "optimizer: adam"),
        ("optimizer: torch.optim.AdamW", "optimizer: adamw"),
        ("optimizer: Adam(lr=1e-3)", "optimizer: adam"),
        ("optimizer: SGD(momentum=0.9)", "optimizer: sgd-momentum"),
        ("optimizer: momentum", "optimizer: sgd-momentum"),
        ("optimizer: Lion", None),
        ("dtype: fp16", "dtype: float16"),
        ("dtype: FP32", "dtype: float32"),
        ("dtype: torch.bfloat16", "dtype: bfloat16"),
        ("dtype: half, optimizer: SGD", "dtype: float16, optimizer: sgd"),
        ("precision: mixed_float16", "precision: amp-fp16"),
        ("precision: amp", None),  # of which type is not said
        ("clip_grad: Norm", "clip_grad: norm"),
        ("checkpoint: every_block", "checkpoint: every-block"),
        ("checkpoint: every-blocks", "checkpoint: every-block"),
        ("checkpoint: Conv1..relu1", "checkpoint: conv1..relu1"),
        ("checkpoint: con1..rellu1", "checkpoint: conv1..relu1"),
        ('checkpoint: "conv1,rellu1"', 'checkpoint: "conv1,relu1"'),
        ("checkpoint: conv1-relu1", "checkpoint: conv1..relu1"),
        ("checkpoint: conv9", None),  # another number is another layer
        ("checkpoint: '[conv1..relu1]'", "checkpoint: conv1..relu1"),
        ("checkpoints: [conv1..relu1]", 'checkpoint: "conv1..relu1"'),
    ],
)
def test_words_of_settings(stated: str, written: str | None) -> None:
    assert repaired(stated) == written


def test_words_of_settings_beside_a_broken_layer() -> None:
    (best,) = offered(f"{HEAD}optimizer: Adam}}\n".replace("relu", "rellu"))
    assert best.text == f"{HEAD}optimizer: adam}}\n"
    assert best.errors == ()


def test_a_setting_without_an_edit_hinders_no_other() -> None:
    (best,) = offered(f"{HEAD}optimizer: Lion}}\n".replace("relu", "rellu"))
    assert best.text == f"{HEAD}optimizer: Lion}}\n"
    assert best.errors == ("CC014",)


def test_a_size_that_is_repaired_beside_a_setting() -> None:
    spec = "input: 9x9x3\nlayers: [conv3-4, pool2, fc-10]\nbudget: {params: 1M, optimizer: Adam}\n"
    best = offered(spec)[0]
    assert "optimizer: adam" in best.text and best.errors == ()
