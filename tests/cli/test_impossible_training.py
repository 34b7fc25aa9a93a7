"""Training that cannot be: one sentence and exit code 2, the same from every command and Python.

In a spec's budget the same sentence is a finding.
"""

from pathlib import Path

import pytest

import convcalc

_SPEC = "input: 8x8x3\nlayers: [conv3-4, relu, conv3-4, relu, fc-10]\n"
_CASES = [
    ({"checkpoint": "conv1..fc9"}, "no layer 'fc9' to checkpoint: did you mean fc1?"),
    ({"checkpoint": "conv2..conv1"}, "segment conv2..conv1: conv2 comes after conv1"),
    ({"checkpoint": "conv1..conv2,relu1..fc1"},
     "segments conv1..conv2 and relu1..fc1 overlap: a layer is in one at most"),
    ({"checkpoint": "conv1.."}, "segment conv1.. names no last layer: write FIRST..LAST"),
    ({"checkpoint": "..conv1"}, "segment ..conv1 names no first layer: write FIRST..LAST"),
    ({"checkpoint": "seq:1"}, "seq:1 has no segment to checkpoint: seq:2 or more"),
    ({"checkpoint": "pools", "dtype": "int8"},
     "int8 is for inference, which saves nothing to checkpoint"),
    ({"optimizer": "rmsprop", "optimizer_impl": "fused"},
     "rmsprop has no fused implementation: choose foreach or loop"),
    ({"optimizer": "none", "weight_decay": 0.1},
     "without an optimizer weight_decay changes nothing: leave it out, or choose one"),
    ({"optimizer": "none", "clip_grad": "norm"}, "without an optimizer clip_grad changes nothing"),
    ({"optimizer": "none", "optimizer_impl": "loop"},
     "without an optimizer optimizer_impl changes nothing"),
    ({"dtype": "int8", "weight_decay": 0.1}, "int8 is for inference, weight_decay for training"),
    ({"dtype": "int8", "clip_grad": "norm"}, "int8 is for inference, clip_grad for training"),
    ({"dtype": "int8", "gpus": 2, "shard": "ddp"}, "int8 is for inference, gpus for training"),
    ({"dtype": "int8", "accumulate": 2}, "int8 is for inference, accumulate for training"),
    ({"precision": "amp-bf16", "dtype": "int8"},
     "precision amp-bf16 keeps its numbers in float32, not in int8: leave the dtype out"),
    ({"batch": 10, "accumulate": 4},
     "a batch of 10 is not divisible by 4: accumulate needs equal micro-batches"),
    ({"shard": "ddp"}, "shard ddp needs more than one GPU: gpus 2 or more"),
    ({"gpus": 2}, "2 gpus: say how they share the work, such as shard ddp"),
]  # fmt: skip
_COMMANDS = {
    "analyze": ("net.yaml",),
    "side by side": ("net.yaml", "net.yaml", "--side-by-side"),
    "fit": ("net.yaml", "--memory", "1GiB"),
    "check": ("net.yaml",),
    "diff": ("net.yaml", "net.yaml"),
    "sweep": ("net.yaml",),
    "explain": ("net.yaml", "conv1"),
    "report": ("net.yaml", "-o", "page.html"),
}


def _options(given: dict[str, object]) -> list[str]:
    return [w for k, v in given.items() for w in (f"--{k.replace('_', '-')}", str(v))]


@pytest.mark.parametrize(("given", "sentence"), [*_CASES, ({"gpus": 0}, "")])
def test_all_commands_refuse_it_in_the_same_words(convcalc_, given, sentence) -> None:
    Path("net.yaml").write_text(_SPEC, encoding="utf-8")
    for name, words in _COMMANDS.items():
        command = "analyze" if name == "side by side" else name
        result = convcalc_(command, *words, *_options(given))
        assert (result.exit_code, result.stdout) == (2, ""), name
        errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert len(errors) == 1 and sentence in errors[0], (name, result.stderr)


@pytest.mark.parametrize("flag", ["ema", "keep_grads"])
def test_flags_of_training_are_refused_with_integers(flag: str) -> None:
    with pytest.raises(ValueError, match=f"int8 is for inference, {flag} for training"):
        convcalc.analyze("lenet5", dtype="int8", **{flag: True})


@pytest.mark.parametrize(("given", "sentence"), _CASES)
def test_python_and_a_budget_say_the_same(convcalc_, given, sentence) -> None:
    path = Path("net.yaml")
    path.write_text(_SPEC, encoding="utf-8")
    for function in (convcalc.analyze, convcalc.check, convcalc.sweep):
        with pytest.raises(ValueError) as error:
            function(path, **given)
        assert sentence in str(error.value)
    training = "inference_memory" if "dtype" in given else "training_memory"
    budget = "".join(f"  {name}: {value}\n" for name, value in given.items())
    path.write_text(f"{_SPEC}budget:\n  {training}: 1GiB\n{budget}", encoding="utf-8")
    result = convcalc_("check", "net.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("error[CC014]: ") and sentence in result.stdout
    assert "`checkpoint: 1`" not in result.stdout


def test_errors_of_the_net_come_before_segments_that_it_lacks(convcalc_) -> None:
    Path("net.yaml").write_text(_SPEC.replace("relu, conv3-4", "relu, convv3-4"), encoding="utf-8")
    result = convcalc_("check", "net.yaml", "--checkpoint", "conv1..conv2")
    assert result.exit_code == 1 and "convv3-4" in result.stdout
