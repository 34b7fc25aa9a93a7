"""Training of a .pt2 is counted by its layers: said wherever its program holds other bytes."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run
from convcalc.memory.segments_named import spans

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

SAID = "training is an estimate, counted by the layers: in inference they make "


class Parts(nn.Module):  # type: ignore[misc, name-defined]
    """A net whose channels are cut into views."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Any) -> Any:
        left, right = self.a(x).chunk(2, 1)
        return torch.cat([left, self.b(right)], 1)


def saved(net: Any, folder: Path) -> Path:
    file = folder / "net.pt2"
    torch.export.save(torch.export.export(net.eval(), (torch.zeros(1, 3, 16, 16),)), file)
    return file


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(list(words)) == 0
    return " ".join(capsys.readouterr().out.split())


def test_views_are_copies_in_training_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(Parts(), tmp_path)
    # conv 16 KiB, b 8 KiB and the join 16 KiB; layers copy both halves of 8 KiB
    said = f"{SAID}57,344 bytes in all, the program's calls 40,960"
    assert said in shown(capsys, "analyze", str(file))
    assert said in shown(capsys, "fit", str(file), "--memory", "1GiB")
    assert said in json.loads(convcalc.analyze(file).to_json())["sentences"]
    cast = said.replace("layers: in", "layers: without autocast, in")
    assert cast in shown(capsys, "analyze", str(file), "--precision", "amp-bf16")
    assert SAID not in shown(capsys, "analyze", str(file), "--dtype", "int8")  # no training


def test_a_program_that_makes_what_its_layers_do_has_no_such_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2))
    file = str(saved(net, tmp_path))
    for words in (["analyze", file], ["fit", file, "--memory", "1GiB"], ["analyze", "alexnet"]):
        assert SAID not in shown(capsys, *words)


class Cancelling(nn.Module):  # type: ignore[misc, name-defined]
    """A product that is read as a silu, and two views that are read as copies of half a volume."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Any) -> Any:
        x = self.a(x)
        left, right = (x * torch.sigmoid(x)).chunk(2, 1)
        return self.b(torch.cat([right, left], 1))


def test_what_one_layer_makes_more_and_others_less_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both make 40 KiB in all: the program the sigmoid, too, the layers the two halves."""
    said = "counted by the layers: in inference mul makes 8,192 bytes, the program there 16,384"
    assert said in shown(capsys, "analyze", str(saved(Cancelling(), tmp_path)))


class Several(nn.Module):  # type: ignore[misc, name-defined]
    """Outputs of which one is flattened last, when all calls are done."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 8, 3), nn.Conv2d(3, 4, 3), nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        y = self.a(x)
        return self.b(x).mean((2, 3)), self.c(y.mean((2, 3)))


def test_a_call_of_several_layers_belongs_to_the_one_that_it_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "estimate" not in shown(capsys, "analyze", str(saved(Several(), tmp_path)))


def test_limits_of_training_and_differences_say_so_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(saved(Parts(), tmp_path))

    def told(*words: str) -> bool:
        assert run(list(words)) == 0
        return SAID in " ".join(capsys.readouterr().err.split())

    assert told("check", file, "--max-training-memory", "1GiB")
    assert told("diff", file, "alexnet")
    assert not told("check", file)
    assert not told("check", file, "--max-inference-memory", "1GiB")
    assert not told("diff", "lenet5", "alexnet")


def test_sweeps_of_training_and_the_object_of_fit_say_so_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(saved(Parts(), tmp_path))
    for form in ("text", "json", "csv"):
        assert run(["sweep", file, "--batch", "1,2", "--format", form]) == 0
        out, err = capsys.readouterr()
        assert " ".join(err.split()).count(SAID) == 1 and SAID not in out
        estimated = '"estimated": ["training_memory"]'  # in each of the two rows
        assert out.count(estimated) == (2 if form == "json" else 0)
    for words in (["sweep", file, "--columns", "params,inference_memory"], ["sweep", "lenet5"]):
        assert run([*words, "--batch", "1,2"]) == 0
        out, err = capsys.readouterr()
        assert SAID not in err and "estimated" not in out
    fitted = convcalc.fit(file, memory="1GiB")
    (note,) = json.loads(fitted.rendered("json"))["notes"]
    assert note.startswith(SAID)
    assert json.loads(convcalc.fit("lenet5", memory="1GiB").rendered("json"))["notes"] == []


def test_every_object_of_python_says_so(tmp_path: Path) -> None:
    file = saved(Parts(), tmp_path)
    assert any(text.startswith(SAID) for text in convcalc.analyze(file).sentences)
    (note,) = convcalc.fit(file, memory="1GiB").notes
    assert note.startswith(SAID)
    said = f"{file}: {SAID}57,344 bytes in all, the program's calls 40,960"
    compared = convcalc.diff(file, "alexnet")
    swept = convcalc.sweep(file, batch=[1, 2])
    checked = convcalc.check(file, limits={"training_memory": 2**30})
    assert compared.notes == swept.notes == checked.notes == (said,)
    assert compared.to_dict()["notes"] == [said]
    assert convcalc.check(file).notes == convcalc.diff("lenet5", "alexnet").notes == ()
    assert convcalc.sweep("lenet5").notes == convcalc.fit("lenet5", memory="1GiB").notes == ()
    columns = convcalc.sweep(file, columns="params,inference_memory")
    assert columns.notes == () and "estimated" not in columns.to_json()


def test_changes_since_a_revision_say_so_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lenet.yaml").write_text("input: 8x8x3\nlayers: [conv3-8]\n")
    saved(Parts(), tmp_path)
    given = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "."), (*given, "commit", "-qm", "first")):
        subprocess.run(("git", *words), check=True)
    wider = Parts()
    wider.b = nn.Conv2d(8, 12, 3, padding=1)
    saved(wider, tmp_path)
    (tmp_path / "lenet.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    files = ["net.pt2", "lenet.yaml"]
    for form in ("text", "markdown", "json"):
        assert run(["diff", "--base", "HEAD", *files, "--format", form]) == 0
        found = " ".join(capsys.readouterr().out.replace("\\", "").split())
        assert f"net.pt2@HEAD: {SAID}57,344" in found and f"net.pt2: {SAID}65,536" in found
        assert f"lenet.yaml: {SAID}" not in found
    changes = convcalc.diff(*files, base="HEAD")
    assert [note.partition(": ")[0] for note in changes.notes] == ["net.pt2@HEAD", "net.pt2"]
    assert changes.changed["net.pt2"].notes == changes.notes


class Turned(nn.Module):  # type: ignore[misc, name-defined]
    """A matrix product of all positions, channels last, and back, as in ConvNeXt."""

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.mix = nn.LayerNorm(3), nn.Linear(3, 8)

    def forward(self, x: Any) -> Any:
        return self.mix(self.norm(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)


def test_a_product_whose_gradient_is_turned_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = shown(capsys, "analyze", str(saved(Turned(), tmp_path)))
    said = "the gradient of mix lies in another order in the program, and is copied"
    assert f"training is an estimate, counted by the layers: {said}" in told


class Clamped(nn.Module):  # type: ignore[misc, name-defined]
    """A ReLU by another name: autograd keeps what it reads, of a ReLU what it makes."""

    def __init__(self, high: float | None = None) -> None:
        super().__init__()
        self.a, self.b, self.high = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 4, 1), high

    def forward(self, x: Any) -> Any:
        return self.b(self.a(x).clamp(0, self.high))


def test_a_clamp_that_is_a_relu_keeps_what_it_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = shown(capsys, "analyze", str(saved(Clamped(), tmp_path)))
    said = "clamp keeps what it reads in the program, its layer what it makes"
    assert f"training is an estimate, counted by the layers: {said}" in told
    assert "estimate" not in shown(capsys, "analyze", str(saved(Clamped(6.0), tmp_path)))


def test_a_product_of_vectors_is_none_of_these(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
    assert "estimate" not in shown(capsys, "analyze", str(saved(net, tmp_path)))


class Pooled(nn.Module):  # type: ignore[misc, name-defined]
    """A convolution and one pool of all of its positions."""

    def __init__(self, pool: Any) -> None:
        super().__init__()
        self.a, self.pool, self.b = nn.Conv2d(3, 8, 3, padding=1), pool, nn.Linear(8, 4)

    def forward(self, x: Any) -> Any:
        return self.b(self.pool(self.a(x)).flatten(1))


@pytest.mark.parametrize(
    ("pool", "kind"),
    [
        (nn.AvgPool2d(16), "{avg_pool: {kernel: 16}}"),
        (nn.MaxPool2d(16), "{max_pool: {kernel: 16}}"),
        (nn.AdaptiveAvgPool2d(1), "global_avg_pool"),
    ],
)
def test_a_pool_of_all_positions_keeps_its_input_as_its_operator_does(
    tmp_path: Path, pool: Any, kind: str
) -> None:
    """`AvgPool2d(16)` keeps what it reads; `AdaptiveAvgPool2d(1)` runs a mean, which need not."""
    spec = f"input: 16x16x3\nlayers: [conv3-8, {kind}, flatten, fc-4]\n"
    read, expected = (
        convcalc.analyze(net, batch=2, optimizer="sgd").memory.training
        for net in (saved(Pooled(pool), tmp_path), spec)
    )
    assert read is not None and expected is not None
    assert (read.saved, read.peak) == (expected.saved, expected.peak)


def test_an_input_of_another_type_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mask of bytes that multiplies: the layers count floats."""

    class Masked(Parts):
        def forward(self, x: Any, mask: Any) -> Any:  # type: ignore[override]
            return self.a(x) * mask

    file = tmp_path / "net.pt2"
    given = torch.zeros(1, 3, 16, 16), torch.ones(1, 16, 16, 16, dtype=torch.bool)
    torch.export.save(torch.export.export(Masked().eval(), given), file)
    said = "by the layers: a number of mask takes 1 byte in the program"
    assert said in shown(capsys, "analyze", str(file))


def test_blocks_of_a_program_are_its_modules_that_merge(tmp_path: Path) -> None:
    """Not every module of one layer, nor the two layers of a block's shortcut."""

    class Block(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.norm = nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3)
            self.short = nn.Sequential(nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3))

        def forward(self, x: Any) -> Any:
            return torch.relu(self.norm(self.conv(x)) + self.short(x))

    net = nn.Sequential(nn.Conv2d(3, 3, 1), nn.Sequential(Block(), Block()), nn.Conv2d(3, 3, 1))
    network = convcalc.analyze(saved(net, tmp_path)).analysis.network
    named = [
        (network.steps[a].name, network.steps[b].name) for a, b in spans(network, "every-block")
    ]
    assert named == [("1.0.conv", "1.0.relu"), ("1.1.conv", "1.1.relu")]
