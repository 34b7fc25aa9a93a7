"""What else `fit` tries where a net does not fit, and what it says of it."""

from pathlib import Path

import pytest

from convcalc.cli import run
from tests.cli.conftest import Fit


def test_training_is_tried_in_narrower_numbers(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(
        "inputs: {a: 64x64x1, b: 64x64x1}\nlayers: [{concat: {}, from: [a, b]}, fc-9000]"
    )
    given = (str(spec), "--context", "0B", "--memory")
    for now in ("fp32", "amp-fp16"):
        out = fit(*given, "1GiB", "--precision", now)[1]
        assert "`--precision bf16` makes training fit, up to batch 5,055" in out
    out = fit(*given, "1GiB", "--precision", "bf16")[1]
    assert out.splitlines()[4].split() == ["training", "5,055", "7,398", "7,432"]
    out = fit(*given, "30MiB")[1]
    assert "tried, each alone, and not enough: another optimizer, narrower numbers\n" in out


def test_a_microcontroller_has_no_optimizer(fit: Fit) -> None:
    _, out, _ = fit("mobilenet_v2", "--dtype", "int8", "--sram", "320KiB", "--flash", "1MiB")
    assert "tried, each alone, and not enough: narrower numbers, a smaller input\n" in out
    assert not {"optimizer", "CUDA", "cuDNN"} & {word.strip(",.:;") for word in out.split()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lenet5 --memory 409MiB", "training: no batch surely fits, up to 4 may\n"),
        ("resnet18 --memory 8GiB --dtype int8", "training: none, int8 is for inference\n"),
        ("mobilenet_v2 --dtype int8 --device stm32h743", "runs, whose volumes take 1.44 MiB with"),
    ],
)
def test_sentences_say_which_batch_and_what_was_tried(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fit", *words.split()]) == 0
    assert said in capsys.readouterr().out


def test_nothing_else_is_tried_of_a_long_net(fit: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.memory import forward, remedies
    from convcalc.report.fit import text

    runs: list[bool] = []
    begin = forward.Forward.settle
    monkeypatch.setattr(
        forward.Forward, "settle", lambda own: (runs.append(own.training), begin(own))[1]
    )
    monkeypatch.setattr(remedies, "MOST_TRIED", 20)
    monkeypatch.setattr(text, "MOST_TRIED", 20)
    code, out, _ = fit("vgg16", "--memory", "1MiB", "--context", "0")
    said = " ".join(out.split())
    assert code == 0 and runs == [True, False]
    assert "another optimizer, narrower numbers, a smaller input: tried of nets of 20" in said
    assert "--optimizer, --precision, --dtype, --input try one of a larger net" in said
    assert "not enough" not in said
