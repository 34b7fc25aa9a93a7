"""Words of the command line that do not exist: what was meant, or where it is."""

import pytest

from convcalc.cli import run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["anlyze", "vgg16"], "no command 'anlyze': did you mean `analyze`?"),
        (["vgg16"], "no command 'vgg16': did you mean `convcalc analyze vgg16`?"),
        (["qqqq"], "no command 'qqqq': `convcalc --help` lists them"),
        (["analyze", "vgg16", "--flops"], "no option --flops: analyze prints activations, params"),
        (["check", "vgg16", "--macs"], "no option --macs: analyze prints activations, params"),
        (["analyze", "vgg16", "--json"], "no option --json: write --format json"),
        (["analyze", "vgg16", "--batchsize", "2"], "No such option '--batchsize'. Did you mean"),
        (
            ["analyze", "vgg16", "--input", "32\u00d732\u00d73"],
            "'32\u00d732\u00d73' is not a size: did you mean 32x32x3?",
        ),
        (
            ["analyze", "lenet5", "--set", "width=8"],
            "has no variable 'width': it has none; `vars: {width: 8}` in the file makes one",
        ),
        (["explain", "vgg16", "conv"], "conv is a kind: name one of its layers, conv1_1, conv1_2"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_was_meant(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) in {1, 2}
    assert said in capsys.readouterr().err
