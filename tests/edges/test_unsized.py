"""Models of other tools with a layer that does not fit: one line names it."""

from pathlib import Path

import pytest

from convcalc.cli import run

CFG = "[net]\nheight=32\nwidth=32\nchannels=3\n"
CONV = "[convolutional]\nfilters=8\nsize=3\nstride=1\nactivation=linear\n"
NORM = "[convolutional]\nbatch_normalize=1\nfilters=8\nsize=3\nactivation=leaky\n"
CAFFE = 'input: "d"\n' + "input_dim: 1 input_dim: 4 input_dim: 8 input_dim: 8 ".replace(" i", "\ni")
POOL = (
    'layer { name: "p" type: "Pooling" bottom: "d" top: "p" pooling_param { kernel_size: 99 } }\n'
)
THEN = 'layer { name: "c" type: "%s" bottom: "p" top: "c" %s }\n'
NUMBERS = "convolution_param { num_output: 4 kernel_size: 3 group: %d }"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.cfg", f"{CFG}[maxpool]\nsize=99\npadding=0\nstride=2\n{CONV}"),
        ("a.cfg", f"{CFG}[maxpool]\nsize=99\npadding=0\nstride=2\n{NORM}{CONV}"),
        ("a.prototxt", CAFFE + POOL + THEN % ("Convolution", NUMBERS % 1)),
        ("a.prototxt", CAFFE + POOL + THEN % ("Convolution", NUMBERS % 4)),
        ("a.prototxt", CAFFE + POOL + THEN % ("BatchNorm", "")),
        (
            "a.prototxt",
            CAFFE + POOL + THEN % ("InnerProduct", "inner_product_param {num_output: 2}"),
        ),
    ],
)
@pytest.mark.parametrize("how", [[], ["--flat"]])
def test_a_layer_that_does_not_fit_is_named(
    name: str, text: str, how: list[str], tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    assert run(["import", name, *how, "-o", "net.yaml"]) == 2
    told = capsys.readouterr().err
    layer = "maxpool_0" if name == "a.cfg" else "p"
    assert told.startswith(f"Error: {name}: layer {layer}: window 99 does not fit: ")
    assert not Path("net.yaml").exists()
    assert run(["check", name]) == 1
    assert "CC102" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.cfg", f"{CFG}[maxpool]\nsize=2\nstride=0\n", "line 5, [maxpool]: stride 0 is below 1"),
        (
            "a.cfg",
            f"{CFG}{CONV}[shortcut]\nactivation=linear\n",
            "line 10, [shortcut]: names no layers",
        ),
        ("a.cfg", f"{CFG}{CONV}[shortcut]\n{CONV}", "line 10, [shortcut]: names no layers"),
        (
            "a.prototxt",
            CAFFE + POOL + 'layer { name: "s" type: "Slice" bottom: "p" top: "x" top: "y" }\n',
            "layer p: window 99 does not fit: input 8 + 2*0 padding = 8 (height and width)",
        ),
    ],
)
def test_what_cannot_be_written_as_a_spec_is_one_line(
    name: str, text: str, message: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    assert run(["import", name]) == 2
    assert capsys.readouterr() == ("", f"Error: {name}: {message}\n")
