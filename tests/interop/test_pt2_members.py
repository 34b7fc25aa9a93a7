"""Archives of several programs: what PyTorch may load in place of the one read here is refused."""

from pathlib import Path

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read
from convcalc.interop.read.pt2.members import of_program
from tests.interop.stated_programs import CONV, FORMAT, SHAPES, packed, program

NAMES = {"w": "c.weight"}
MODEL = "a/models/model.json"
ONE = {**FORMAT, MODEL: "{}"}
ALONE = r"save the program alone: `torch\.export\.save\(program, 'net\.pt2'\)`"


def refused(members: dict[str, str]) -> str:
    with pytest.raises(UnreadableError) as error:
        of_program(packed(members))
    return str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        *("models/model.blob", "models/model.JSONX", "models/model/abcd", "models/x/model.json"),
        *("Models/model.json", "models/other.json", "models/"),
    ],
)
def test_a_second_member_among_the_programs_is_refused(name: str) -> None:
    """PyTorch makes a program of each, cuts five letters off its name and keeps the last."""
    beside = {f"a/{name}": "{}"}
    for members in ({**ONE, **beside}, {**beside, **ONE}):
        assert "the archive has 2 members like models/model.json, and" in refused(members)


@pytest.mark.parametrize("name", ["models/model.blob", "models/model/abcd", "models/x/model.json"])
def test_one_that_is_not_named_as_torch_export_does_is_refused(name: str) -> None:
    said = refused({**FORMAT, f"a/{name}": "{}", "a/extra/models/model.json": "{}"})
    assert f"the archive has {name}, no models/model.json: save the program alone" in said


@pytest.mark.parametrize("name", ["version", "serialized_exported_program.json", "b/x", "A/x"])
def test_a_member_outside_of_the_folder_is_refused(name: str) -> None:
    """PyTorch then opens no such archive and takes the members of its older format."""
    said = refused({**ONE, name: "8.20"})
    assert f"PyTorch may load another program, since {name} is not in a/, the folder of" in said
    assert "is in no folder" in refused({"x": "", **ONE})
    assert "is not in b/" in refused({"b/archive_format": "pt2", **ONE})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"a/archive_format": None}, "has no archive_format, which torch.export.save writes"),
        ({"a/archive_version": None}, "has no archive_version, which torch.export.save writes"),
        ({"a/archive_format": "pt3"}, "archive_format is 'pt3': 'pt2' can be read"),
        ({"a/archive_version": "1\x1b"}, r"archive_version is '1\x1b': '0' can be read"),
        ({"a/Archive_Format": "pt2"}, "2 members like archive_format"),
        ({MODEL: None}, "has no models/model.json"),
        ({"a/data/aotinductor/model/x.so": ""}, "has a compiled program too"),
        (
            {"a/data/weights/model_weights_config.json": "{}", "a/data/weights/Model.pt": ""},
            "keeps arrays in data/weights/model.pt and beside it",
        ),
    ],
)
def test_what_torch_export_save_does_not_write_is_refused(
    changed: dict[str, str | None], why: str
) -> None:
    members = {**ONE, **changed}
    assert why in refused({name: text for name, text in members.items() if text is not None})


def test_the_lists_of_arrays_are_those_of_the_program() -> None:
    """One in `extra/`, which is its user's, says nothing of them."""
    beside = {"a/extra/model_weights_config.json": "[", "a/extra/models/model.json": "["}
    flat = program([CONV], SHAPES, "y0", NAMES, beside=beside)
    assert [item.kind for item in flat.items] == ["input", "conv"]
    found = of_program(packed({**FORMAT, "a/models/Net.json": "{}"}))
    assert found.lists[0] == "a/data/weights/net_weights_config.json"


def test_arrays_of_which_nothing_is_said_are_said() -> None:
    """PyTorch 2.8 pickles them."""
    flat = program([CONV], SHAPES, "y0", NAMES, beside={"a/data/weights/model.pt": ""})
    text = "sizes are as the file states them, not worked out: those of data/weights/model.pt"
    assert text in flat.uncounted


def test_an_archive_without_members_is_refused() -> None:
    assert "has no archive_format" in refused({})


def test_what_torch_export_saves_is_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Conv2d(3, 4, 3).eval()
    made = torch.export.export(module, (torch.zeros(1, 3, 8, 8),))
    file = tmp_path / "net.pt2"
    torch.export.save(made, file, extra_files={"models/model.json": "x", "note.txt": "y"})
    assert of_program(file.read_bytes()).program == "net/models/model.json"
    with file.open("rb") as stream:
        assert [item.kind for item in read("net.pt2", stream).items] == ["input", "conv"]
