"""`check --fix` at the command line: what is shown, what `--write` writes, what is left alone."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import fixing, run
from convcalc.fix.record import Change, Offer
from convcalc.fix.search import offers
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.report.drawing.palette import Palette
from convcalc.report.fixes.text import offers_text
from convcalc.spec.load import load

SPEC = """\
# a net of mine
input: 10x10x3     # small
layers:
  - conv: {filters: 5, kernel: 3, stride: 2}   # the first
  - relu
  - fc-10
"""


def offered(spec: str) -> list[Offer]:
    return offers(load("net.yaml", spec.encode()))


def first(spec: str) -> str:
    return offered(spec)[0].text


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8", newline="")
    return path


def test_fix_shows_offers_and_a_diff_and_changes_nothing(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--fix", str(net)]) == 1
    out = capsys.readouterr().out
    assert "  1. line 4: conv1: pad 0 -> [0, 1, 0, 1], conv1 makes 5x5x5" in out
    assert "+  - conv: {filters: 5, kernel: 3, stride: 2, pad: [0, 1, 0, 1]}   # the first" in out
    assert net.read_text(encoding="utf-8") == SPEC


def test_write_makes_the_first_of_them(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.chmod(0o640)
    assert run(["check", "--fix", "--write", str(net)]) == 0
    assert net.read_text(encoding="utf-8") == first(SPEC)
    assert net.stat().st_mode & 0o777 == 0o640
    shown = capsys.readouterr()
    assert "+  - conv:" in shown.out and "error" not in shown.out
    assert [path.name for path in net.parent.iterdir()] == ["net.yaml"]


def test_write_makes_the_one_of_that_number(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--fix", "--write", "4", str(net)]) == 0
    assert net.read_text(encoding="utf-8") == offered(SPEC)[3].text
    assert "+  - conv: {filters: 5, kernel: 4, stride: 2}" in capsys.readouterr().out


@pytest.mark.parametrize("number", range(1, 4))
def test_lines_that_an_edit_moves_are_said_to_be_those_before(
    net: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    run(["check", "--fix", str(net)])
    said = "  lines are numbered as before the edit\n"
    assert said not in capsys.readouterr().out
    moved = offered(SPEC)[number - 1].text.count("\n") != SPEC.count("\n")
    run(["check", "--fix", "--write", str(number), str(net)])
    assert (said in capsys.readouterr().out) is moved


def test_all_lists_all_of_them(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = (
        "input: 32x32x3\nlayers:\n  - conv3-32\n  - max_pool: {kernel: 2}\n"
        "  - conv: {filters: 64, kernel: 3, stride: 2, pad: 1}\n"
    )
    net.write_text(spec, encoding="utf-8")
    count = len(offered(spec))
    assert count > 8
    assert run(["check", "--fix", str(net)]) == 1
    assert f"... and {count - 8} more: --all lists them" in capsys.readouterr().out
    assert run(["check", "--fix", "--all", str(net)]) == 1
    out = capsys.readouterr().out
    assert f"\n  {count}. " in out and "--all lists" not in out


def test_words_that_are_mended_in_each_are_an_offer_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.yaml"
    layers = "[{conv: {filters: 8, kernal: 3, pad: 1}}, reluu, pool3s2]"
    path.write_text(f"input: 32x32x3\nrounding: floor\nlayers: {layers}\n")
    run(["check", "--fix", str(path)])
    told = capsys.readouterr().out
    assert told.count("reluu -> relu") == told.count("in each: line 3: reluu -> relu") == 1
    assert "  1. nothing more\n     leaves 1 layer that loses input\n  2. line 3: max_pool1" in told


def test_a_layer_that_loses_rows_and_columns_is_one_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, layers = tmp_path / "net.yaml", "[{slice: {start: 1, stop: 6}}, {avg_pool: {kernel: 3}}]"
    path.write_text(f"input: 4x11x4\nrounding: floor\nlayers: {layers}\n")
    run(["check", "--fix", str(path)])  # 1 row and 2 columns of the pool's input
    assert "\n     leaves 1 layer that loses input\n" in capsys.readouterr().out
    assert [repair.warnings for repair in convcalc.load(path).repairs] == [1]


def test_a_number_that_is_none_changes_nothing(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--fix", "--write", "99", str(net)]) == 2
    assert "has 9 repairs, none of number 99: nothing was changed" in capsys.readouterr().err
    assert net.read_text(encoding="utf-8") == SPEC


def test_a_byte_order_mark_stays(net: Path) -> None:
    net.write_bytes(b"\xef\xbb\xbf" + SPEC.encode())
    assert run(["check", "--fix", "--write", str(net)]) == 0
    assert net.read_bytes() == b"\xef\xbb\xbf" + first(SPEC).encode()


def test_a_link_stays_a_link(net: Path) -> None:
    link = net.parent / "link.yaml"
    link.symlink_to(net)
    assert run(["check", "--fix", "--write", str(link)]) == 0
    assert link.is_symlink()
    assert net.read_text(encoding="utf-8") == first(SPEC)


def test_a_read_only_file_is_left_alone(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.chmod(0o444)
    assert run(["check", "--fix", "--write", str(net)]) == 2
    assert "is read-only: nothing was changed" in capsys.readouterr().err
    assert net.read_text(encoding="utf-8") == SPEC


def test_a_file_changed_meanwhile_is_left_alone(
    net: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    search = fixing.offers

    def slow(network: Network, work: Work) -> list[Offer]:
        found = search(network, work)
        net.write_text(SPEC + "# saved by an editor\n", encoding="utf-8")
        return found

    monkeypatch.setattr(fixing, "offers", slow)
    assert run(["check", "--fix", "--write", str(net)]) == 2
    assert "has changed meanwhile" in capsys.readouterr().err
    assert net.read_text(encoding="utf-8").endswith("# saved by an editor\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--write", "vgg16"], "--write goes with --fix"),
        (["--all", "vgg16"], "--all goes with --fix"),
        (["--fix", "--write", "0", "vgg16"], "expected a positive integer, got 0"),
        (["--fix", "--write", "2", "vgg16", "vgg19"], "--write N goes with one spec"),
        (["--fix", "--format", "json", "vgg16"], "leave out --format"),
        (["--fix", "--input", "64x64x3", "vgg16"], "--fix repairs a file as it is written"),
        (["--fix", "--set", "a=1,2", "vgg16"], "--fix repairs a file as it is written"),
        (["--fix", "--batch", "1,2", "vgg16"], "--fix repairs a file as it is written"),
        (["--fix", "--rounding", "ceil", "vgg16"], "--fix repairs a file as it is written"),
        (["--fix", "--net", "conv3-8", "--input", "8x8x3"], "--fix repairs a file as it is"),
    ],
)
def test_clear_errors(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *words]) == 2
    assert message in capsys.readouterr().err


def test_what_no_edit_repairs_is_left_to_the_help(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net.write_text("input: 8x8x3\nlayers: [florp]\n", encoding="utf-8")
    assert run(["check", "--fix", str(net)]) == 1
    assert "net.yaml: no single edit repairs it: see the help below" in capsys.readouterr().out


UNHELPED = """\
inputs: {image: 16x16x3, meta: 12}
layers:
  - add:
    from: [image, meta]
"""


def test_no_help_is_announced_where_there_is_none(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net.write_text(UNHELPED, encoding="utf-8")
    assert run(["check", "--fix", str(net)]) == 1
    out = capsys.readouterr().out
    assert "net.yaml: no single edit repairs it\n" in out and "help:" not in out


def test_what_makes_the_edit_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text(SPEC)
    names = [str(path) for path in paths]
    said = "`--write` makes the first edit, `--write 2` the second\n"
    run(["check", "--fix", *names])
    assert capsys.readouterr().err == said
    run(["check", "--fix", "--quiet", *names])
    assert capsys.readouterr().err == ""
    run(["check", "--fix", "--write", *names])
    assert said not in capsys.readouterr().err


def test_a_line_names_what_of_the_file_every_edit_would_break(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("squeezenet1_0", str(net)):
        net.write_text(
            "input: 32x32x16\nlayers:\n  - upsample: {size: 2}\nexpect: {output: 2x2x16}\n"
        )
        run(["check", "--fix", name])
        out = capsys.readouterr().out
        assert "no single edit repairs it without breaking its `expect`: see the help" in out


def test_what_every_repair_begins_with_is_broken_to_the_width() -> None:
    """An edit of a block in a line of 146 columns ran over the edge of the terminal."""
    network = load("net.yaml", SPEC.encode())
    long = Change("block1.a_long_name", "from", "[input, x]", "[start, x]", 4, "", (), ())
    long = long._replace(effect="start is what arrives at the block, " * 3)
    own = [long._replace(layer=f"conv{n}", effect="") for n in (1, 2)]
    both = [Offer((long, one), SPEC, (), 0) for one in own]
    lines = offers_text(network, both, Palette(width=80)).splitlines()
    begun = next(n for n, line in enumerate(lines) if line.startswith("  in each: "))
    assert max(map(len, lines)) <= 80
    assert lines[begun + 1].startswith(" " * len("  in each: ") + "what")


def test_one_more_size_is_one() -> None:
    """Of four calls of a block whose layer is edited three are named."""
    block = "blocks:\n  b: {layers: [{conv: {filters: 8, kernel: 4, stride: 2}}]}\n"
    spec = f"input: 64x64x3\n{block}layers:\n" + "  - b\n" * 4
    effects = [change.effect for offer in offered(spec) for change in offer.changes]
    assert any(effect.endswith("b3.conv1 makes 55x55x8, 1 more size") for effect in effects)
