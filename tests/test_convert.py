"""FC to CONV: the same weights and numbers, in the file's own layout."""

from pathlib import Path

import pytest

import convcalc
from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.convert import CannotConvertError, fc_to_conv
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def converted(spec: str) -> str:
    return fc_to_conv(load("net.yaml", spec.encode()))


def analyzed(spec: str, shape: tuple[int, ...] | None = None) -> Analysis:
    return analyze(load("net.yaml", spec.encode(), Overrides(shape)))


def bundled(name: str) -> str:
    return zoo.read(name).decode()


def test_vgg16_as_the_notes_convert_it() -> None:
    spec = converted(bundled("vgg16"))
    small, large = analyzed(spec), analyzed(spec, (384, 384, 3))
    assert small.totals.params == 138_357_544
    assert small.totals.macs == 15_470_264_320
    assert small.output == (1, 1, 1000)
    outputs = {row.step.name: row.step.output for row in large.rows}
    assert outputs["pool5"] == (12, 12, 512)
    assert outputs["fc1"] == (6, 6, 4096)
    assert large.output == (6, 6, 1000)
    assert large.totals.params == 138_357_544
    assert not [f for f in small.findings if f.severity == "error"]


def test_everything_else_of_the_file_stays_as_it_is() -> None:
    before, after = bundled("vgg16").splitlines(), converted(bundled("vgg16")).splitlines()
    kept = [line for line in before if "fc:" not in line and not line.startswith("expect")]
    assert [line for line in after if line in kept] == kept
    assert "  - conv: {filters: 4096, kernel: 7}" in after
    assert "    name: fc1" in after


@pytest.mark.parametrize(
    "name", [n for n in zoo.names() if "fc" in bundled(n).split("layers:")[-1]]
)
def test_every_bundled_net_with_fc_keeps_its_weights_and_names(name: str) -> None:
    if not any(row.step.kind == "fc" for row in analyzed(bundled(name)).rows):
        return
    old, new = analyzed(bundled(name)), analyzed(converted(bundled(name)))
    assert not any(row.step.kind == "fc" for row in new.rows)
    for before, after in zip(old.rows, new.rows, strict=True):
        assert before.step.name == after.step.name or before.step.kind == "flatten"
        assert (before.parameters, before.macs) == (after.parameters, after.macs)


LAYOUT = """\
# a net of mine
input: 8x6x4   # not square
layers:
  - conv: {filters: 4, kernel: 3, pad: 1}
  - flatten
  - fc:                  # the first
      units: 10          # ten of them
      bias: false
    expect: 10
  - relu
  - fc-7                 # the second
  - {fc: {units: 3}, name: scores, expect: 3}   # the last
expect: {output: 3}
"""

CONVERTED = """\
# a net of mine
input: 8x6x4   # not square
layers:
  - conv: {filters: 4, kernel: 3, pad: 1}
  - identity
  - conv:                  # the first
      filters: 10          # ten of them
      bias: false
      kernel: [8, 6]
    expect: 1x1x10
    name: fc1
  - relu
  - {conv: {filters: 7, kernel: 1}, name: fc2}                 # the second
  - {conv: {filters: 3, kernel: 1}, name: scores, expect: 1x1x3}   # the last
expect: {output: 1x1x3}
"""


def test_comments_and_layout_stay() -> None:
    assert converted(LAYOUT) == CONVERTED


def test_line_breaks_of_windows_stay() -> None:
    crlf = LAYOUT.replace("\n", "\r\n")
    assert converted(crlf) == CONVERTED.replace("\n", "\r\n")


def test_an_fc_repeated_with_different_inputs_is_written_out() -> None:
    spec = fc_to_conv(
        load_pattern("[conv3-8 pool2]*2 [fc-16 relu]*2 fc-10", Overrides((16, 16, 3)))
    )
    net = analyzed(spec, (32, 32, 3))
    assert net.output == (5, 5, 10)
    kernels = [row.step.layer.kernel for row in net.rows if row.step.name.startswith("fc")]
    assert kernels == [(4,), (1,), (1,)]


def test_what_is_written_out_is_the_same_net() -> None:
    spec = (
        "input: 16x16x3\nrounding: floor\n"
        "blocks: {b: {args: {n: }, layers: [{add: {branches: [[{conv: {filters: =n, kernel: 3, "
        "pad: 1}}, relu], identity]}}]}}\n"
        "layers:\n  - conv3-8s2\n  - b: {n: 8}\n  - upsample: {like: input}\n"
        "  - max_pool: {kernel: 3, stride: 2, rounding: ceil}\n"
        "  - repeat: {times: 2, layers: [{fc: {units: 12, bias: false}}, relu]}\n"
        "budget: {params: 100K}\n"
    )
    old, new = analyzed(spec), analyzed(converted(spec))
    assert [r.step.name for r in old.rows] == [r.step.name for r in new.rows]
    assert [r.receptive_field for r in old.rows] == [r.receptive_field for r in new.rows]
    assert [(r.parameters, r.macs) for r in old.rows] == [(r.parameters, r.macs) for r in new.rows]
    assert new.network.budget[0].value == 100_000


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("input: 8x8x3\nlayers: [conv3-4]", "there is no fc to convert"),
        ("input: 784\nlayers: [fc-10]", "fc1 does not read one volume: the net's input"),
        (
            "input: 8x8x3\nlayers: [{concat: {branches: [[pool2, flatten], [flatten]]}}, fc-10]",
            "fc1 does not read one volume: concat1 joins several volumes to a vector of 240",
        ),
        (
            "input: 8x8x3\nlayers: [flatten, {slice: {stop: 7}}, fc-10]",
            "fc1 does not read one volume: slice1 makes a vector of 7",
        ),
        (
            "input: 8x8x3\nlayers: [{concat: {branches: [[fc-4], [flatten]]}}, fc-10]",
            "fc2 does not read one volume: concat1 joins several volumes",
        ),
        (
            "input: 10x10x3\nlayers: [conv3-4s2p0, fc-10]",
            "the spec has errors: output size is not an integer",
        ),
        (
            "input: 8x8x3\nlayers: [flatten, batch_norm, fc-10]",
            "fc1 does not read one volume: batch_norm1",
        ),
    ],
)
def test_what_cannot_be_converted(spec: str, message: str) -> None:
    with pytest.raises(CannotConvertError, match=message.replace("(", "\\(")):
        converted(spec)


def test_the_command_writes_a_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "conv.yaml"
    assert run(["convert", "vgg16", "--fc-to-conv", "-o", str(target)]) == 0
    assert run(["analyze", str(target), "--input", "384x384x3"]) == 0
    assert "6x6x1000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vgg16"], "say what to convert: --fc-to-conv"),
        (["squeezenet1_1", "--fc-to-conv"], "there is no fc to convert"),
        (["vgg16", "--fc-to-conv", "--input", "32x32x3"], "change them there"),
    ],
)
def test_clear_errors(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", *words]) == 2
    assert message in capsys.readouterr().err


def test_reshaped_weights_make_the_same_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CS231n notes, Converting FC layers to CONV layers: W reshaped into filters (net surgery)."""
    np = pytest.importorskip("numpy")
    draw = np.random.default_rng(231).standard_normal
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 8x6x3\nlayers: 'conv3-4 relu pool2 flatten fc-5 relu fc-3'\n")
    shapes = {"conv1.weight": (4, 3, 3, 3), "conv1.bias": (4,), "fc1.weight": (5, 48),
              "fc1.bias": (5,), "fc2.weight": (3, 5), "fc2.bias": (3,)}  # fmt: skip
    given = {name: draw(shape).astype("float32") for name, shape in shapes.items()}
    np.savez(tmp_path / "in.npz", **given)
    np.save(tmp_path / "x.npy", draw((2, 8, 6, 3)).astype("float32"))
    out = str(tmp_path / "out.npz")
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(tmp_path / "in.npz")]
    assert run([*words, "-o", out]) == 0
    told = capsys.readouterr()
    assert "fc1.weight: 5x48 becomes 5x4x4x3" in told.err
    conv = tmp_path / "conv.yaml"
    conv.write_text(told.out)
    scores = []
    for net, weights, kept in ((spec, tmp_path / "in.npz", "a"), (conv, out, "b")):
        saved = str(tmp_path / f"{kept}.npz")
        asked = ["--weights", str(weights), "--array", str(tmp_path / "x.npy"), "--save", saved]
        assert run(["verify", str(net), *asked]) == 0
        with np.load(saved) as arrays:
            scores.append(arrays[arrays.files[-1]].reshape(2, 3))
    assert np.allclose(*scores, rtol=1e-5, atol=1e-5)
    again = str(tmp_path / "again.npz")
    given_file = str(tmp_path / "in.npz")
    text = convcalc.convert(str(spec), fc_to_conv=True, weights=given_file, output=again)
    assert text == told.out
    with np.load(out) as one, np.load(again) as other:
        assert one.files == other.files
    with pytest.raises(convcalc.RequestError, match="go together"):
        convcalc.convert(str(spec), fc_to_conv=True, weights=given_file)
    assert run([*words, "-o", str(tmp_path / "out.yaml")]) == 2
    np.savez(tmp_path / "in.npz", **{"conv1.weight": given["conv1.weight"]})
    capsys.readouterr()
    assert run([*words, "-o", out]) == 2
    assert "has no fc1.weight" in capsys.readouterr().err


def test_a_norm_over_all_of_a_vector_has_its_arrays_reshaped_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np = pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.npz", tmp_path / "out.npz"
    layers = "".join(f"  - {norm}\n" for norm in NORMS)
    spec.write_text(f"input: 6x6x3\nlayers:\n  - fc-4\n{layers}  - fc-3\n")
    draw = np.random.default_rng(231).uniform
    shapes = {"fc1.weight": (4, 108), "fc1.bias": (4,), "fc2.weight": (3, 4), "fc2.bias": (3,)}
    names = ("layer_norm1", "layer_norm2", "group_norm1", "batch_norm1", "scale1", "prelu1")
    shapes |= {f"{name}.weight": (4,) for name in names}
    shapes |= {f"{name}.bias": (4,) for name in names[:4]}
    shapes |= {f"batch_norm1.running_{what}": (4,) for what in ("mean", "var")}
    np.savez(given, **{name: draw(1, 2, shape) for name, shape in shapes.items()})
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(given), "-o", str(out)]
    assert run(words) == 0
    told = capsys.readouterr()
    assert "layer_norm1.bias: 4 becomes 4x1x1\n" in told.err
    (tmp_path / "conv.yaml").write_text(told.out)
    made = []
    for net, weights in ((spec, given), (tmp_path / "conv.yaml", out)):
        saved = tmp_path / "y.npz"
        words = ["verify", str(net), "--weights", str(weights), "--save", str(saved)]
        assert run(words) == 0
        with np.load(saved) as arrays:
            made.append(arrays["fc2"].reshape(3))
    assert np.allclose(*made, rtol=1e-5, atol=1e-5)


#: kinds with arrays, which take a vector and a volume of one position
NORMS = ("layer_norm: {axes: all}", "layer_norm", "group_norm: {groups: 2}", "batch_norm", "scale",
         "prelu: {parameters: channel}")  # fmt: skip


def test_weights_that_several_fc_share_are_reshaped_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np = pytest.importorskip("numpy")
    spec, given, out = tmp_path / "net.yaml", tmp_path / "in.npz", tmp_path / "out.npz"
    spec.write_text(
        "inputs: {l: 4x4x3, r: 4x4x3}\n"
        "layers:\n  - {fc-5: , from: l, name: a}\n  - {fc-5: , from: r, name: b, weights: a}\n"
        "  - add:\n    from: [a, b]\n"
    )
    draw = np.random.default_rng(231).standard_normal
    np.savez(given, **{"a.weight": draw((5, 48)), "a.bias": draw(5)})
    words = ["convert", str(spec), "--fc-to-conv", "--weights", str(given), "-o", str(out)]
    assert run(words) == 0
    told = capsys.readouterr()
    assert told.err.endswith("a.weight: 5x48 becomes 5x3x4x4\n")
    (tmp_path / "conv.yaml").write_text(told.out)
    made = []
    for net, weights in ((spec, given), (tmp_path / "conv.yaml", out)):
        saved = tmp_path / "y.npz"
        words = ["verify", str(net), "--weights", str(weights), "--save", str(saved)]
        assert run(words) == 0
        with np.load(saved) as arrays:
            made.append(arrays["add1"].reshape(5))
    assert np.allclose(*made, rtol=1e-5, atol=1e-5)


def test_what_a_net_that_is_written_out_loses_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, other = tmp_path / "net.yaml", tmp_path / "conv.yaml"
    head = "input: 16x16x3  # mine\nblocks: {head: {args: {n: 10}, layers: [{fc: {units: =n}}]}}\n"
    path.write_text(f"{head}layers: [conv3-8, head: 32, fc-10]\n", encoding="utf-8")
    assert run(["convert", str(path), "--fc-to-conv", "-o", str(other)]) == 0
    assert "comments, blocks and what layers `expect` are left out" in capsys.readouterr().err
    path.write_text("input: 16x16x3  # mine\nlayers: [conv3-8, fc-10]\n", encoding="utf-8")
    assert run(["convert", str(path), "--fc-to-conv", "-o", str(other)]) == 0
    assert capsys.readouterr().err == "" and "# mine" in other.read_text(encoding="utf-8")
