"""`[tool.convcalc]` of pyproject.toml."""

from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.config import Config, load_config
from convcalc.pyproject import ConfigError


def configured(tmp_path: Path, text: str) -> Config:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return load_config(str(tmp_path))


def test_everything_can_be_said(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        """
        [tool.convcalc]
        select = ["CC2", "input-lost"]
        ignore = ["CC210"]
        advice = false
        fail-on = "warning"
        include = ["*.convcalc.yaml"]
        max-params = "5M"
        max-macs = 1000
        [tool.convcalc.rules]
        large-kernel = {largest = 7, severity = "warning"}
        CC204 = false
        """,
    )
    assert config.select is not None and "CC103" in config.select and "CC216" in config.select
    assert config.ignore == {"CC210"} and not config.advice and config.fail_on == "warning"
    assert config.limits == {"params": 5_000_000, "macs": 1000}
    assert config.tuning["CC202"].values == {"largest": 7}
    assert config.tuning["CC204"].on is False


def test_patterns_begin_at_the_folder_of_the_file_whatever_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(
        tmp_path,
        """
        [tool.convcalc]
        include = ["nets/*.yaml"]
        [[tool.convcalc.matrix]]
        files = ["nets/m*.yaml"]
        input = ["8x8x3", "9x9x3"]
        """,
    )
    (tmp_path / "nets").mkdir()
    for name in ("nets/mb.yaml", "nets/other.yaml", "settings.yaml"):
        (tmp_path / name).write_text("input: 8x8x3\nlayers: [conv3-4]\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path)
    absolute = str(tmp_path / "nets")
    for folder, named in (
        (".", "."), (".", "nets/"), ("nets", "."), ("nets", ".."), ("nets", absolute),
        ("link", "nets"),
    ):  # fmt: skip
        monkeypatch.chdir(tmp_path / folder)
        assert run(["check", named]) == 0
        assert "checked 2 specs" in capsys.readouterr().out
    for folder, named in ((".", "nets/mb.yaml"), ("nets", "mb.yaml"), ("nets", "../nets/mb.yaml")):
        monkeypatch.chdir(tmp_path / folder)
        assert run(["check", named]) == 0
        assert "3 variants" in capsys.readouterr().out  # and as it is written


def test_it_is_found_upward_past_files_without_a_section(tmp_path: Path) -> None:
    configured(tmp_path, '[tool.convcalc]\nfail-on = "never"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[project]\nname = "uses-convcalc"\n', encoding="utf-8")
    assert load_config(str(inner)).fail_on == "never"


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert load_config(str(tmp_path)) == Config()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[tool.convcalc]\nignor = []",
            "ignor: no such key in [tool.convcalc]: did you mean ignore",
        ),
        (
            "[tool.convcalc]\nbatch = 8",
            "write it below `[[tool.convcalc.matrix]]`, or as an option: `convcalc check --batch`",
        ),
        ('[tool.convcalc]\nclip-grad = "norm"', "or as an option: `convcalc check --clip-grad`"),
        ("[tool.convcalc]\nset = {w = 1}", "`convcalc check --set NAME=VALUE`"),
        ('[tool.convcalc]\nfiles = ["a"]', "`include` names the specs of folders"),
        ("[tool.convcalc]\nmax-parms = 5", "did you mean max-params?"),
        ('[tool.convcalc]\nignore = ["CC9"]', "no code 'CC9'"),
        ('[tool.convcalc]\nignore = "CC202"', "expected a list of texts"),
        ('[tool.convcalc]\nselect = ["large-kernal"]', "did you mean `large-kernel`?"),
        ('[tool.convcalc]\nmax-params = "5MB"', "expected a quantity such as 5M, got '5MB'"),
        ("[tool.convcalc]\nmax-params = true", "expected a quantity"),
        (
            '[tool.convcalc]\nmax-training-memory = "8G"',
            "max-training-memory: '8G' is not a number of bytes: did you mean 8GiB or 8GB?",
        ),
        (
            "[tool.convcalc]\nmax-inference-memory = 40",
            "max-inference-memory: 40 is 40 bytes: write 40GiB, or 40B if bytes are meant",
        ),
        ("[tool.convcalc]\nmax-inference-memory = true", "'True' is not a number of bytes"),
        ('[tool.convcalc]\nfail-on = "worse"', "expected one of error, warning, note, never"),
        ("[tool.convcalc]\nadvice = 1", "expected true or false"),
        ("[tool.convcalc.rules]\nlarge-kernal = false", "did you mean `large-kernel`?"),
        (
            "[tool.convcalc]\nrules = {CC202 = true, large-kernel = false}",
            "CC202 and large-kernel are one rule; leave",
        ),
        ("[tool.convcalc.rules]\nCC202 = {bigest = 3}", "no threshold 'bigest'"),
        ('[tool.convcalc]\ninclude = ["' + "[" * 301 + '"]', "up to 300 characters"),
        ("[tool.convcalc]\ninclude = [" + '"a",' * 1001 + "]", "up to 1,000 patterns"),
        ('[[tool.convcalc.matrix]]\nfiles = ["' + "[" * 301 + '"]', "up to 300 characters"),
        (
            ("[[tool.convcalc.matrix]]\nfiles = [" + '"a",' * 501 + "]\n") * 2,
            "1,002 patterns in `files`: up to 1,000 are read",
        ),
        (
            "[tool.convcalc]\nmatrix = [{set = {" + ",".join(f"w{n}=1" for n in range(33)) + "}}]",
            "set: 33 variables: up to 32 are read",
        ),
        ("[[tool.convcalc.matrix]]\n" * 101, "101 of them: up to 100 are read"),
        ("[tool]\nconvcalc = 3", "must be a table"),
        ("[tool.convcalc", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_the_key(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, text)
    assert told in str(error.value) and "pyproject.toml" in str(error.value)


SECTION = '[tool.convcalc]\nfail-on = "warning"  # caf\xe9\n'


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-16", "is UTF-16"),
        ("utf-16-le", "is UTF-16"),
        ("utf-16-be", "is UTF-16"),
        ("utf-32", "is UTF-16 or UTF-32"),
        ("latin-1", "is not UTF-8"),
        ("utf-8-sig", "begins with a byte order mark"),
    ],
)
def test_a_file_that_is_no_utf_8_is_refused_though_its_section_is_not_seen(
    tmp_path: Path, encoding: str, told: str
) -> None:
    (tmp_path / "pyproject.toml").write_bytes(SECTION.encode(encoding))
    with pytest.raises(ConfigError, match=f"{told}.*: save it as UTF-8"):
        load_config(str(tmp_path))


@pytest.mark.parametrize("name", [r"conv\u0063alc", r"\U00000063onvcalc", r"convcal\u0063"])
def test_a_section_whose_name_is_written_with_escapes_is_one(tmp_path: Path, name: str) -> None:
    assert configured(tmp_path, f'[tool."{name}"]\nfail-on = "never"\n').fail_on == "never"


def test_another_file_in_another_encoding_is_passed_over(tmp_path: Path) -> None:
    configured(tmp_path, '[tool.convcalc]\nfail-on = "never"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    for encoding in ("latin-1", "utf-16"):
        (inner / "pyproject.toml").write_bytes("[project] # caf\xe9".encode(encoding))
        assert load_config(str(inner)).fail_on == "never"


@pytest.mark.parametrize(
    "line",
    ['ignore = ["{0}"]', 'max-params = "{0}"', 'advice = "{0}"', 'fail-on = "{0}"', "{0} = 1",
     "rules = {{{0} = false}}", "matrix = [{{{0} = 1}}]", "matrix = [{{set = {{{0} = []}}}}]",
     'select = "{0}"', "rules = {{large-kernel = {{{0} = 1}}}}", '{0} = "'],
)  # fmt: skip
def test_messages_do_not_repeat_a_long_text(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, "[tool.convcalc]\n" + line.format("x" * 50_000))
    assert len(str(caught.value)) < 2000


LARGE = "input: 64x64x3\nlayers: [conv3-8, relu, conv7-8, relu, fc-10]\n"


@pytest.mark.parametrize(
    ("section", "words", "shown"),
    [
        ("advice = false", "--select CC2", True),
        ("advice = false", "--select CC1,large-kernel", True),
        ("advice = false", "--select CC1", False),
        ("advice = false", "", False),
        ('ignore = ["CC2"]', "--select CC202", True),
        ('ignore = ["CC202"]', "--select CC202", True),
        ('ignore = ["CC202"]', "--select CC2", True),
        ('ignore = ["CC202"]', "--select CC1", False),
        ('ignore = ["CC20", "CC21"]', "--select CC", True),
        ('ignore = ["CC210"]', "--select CC2 --ignore CC202", False),
        ('select = ["CC1"]', "--select CC202", True),
        ("rules = {CC202 = false}", "--select CC202", True),
        ("rules = {large-kernel = false}", "--select CC", True),
        ("rules = {CC202 = false}", "--select CC1", False),
        ("rules = {CC202 = false}", "", False),
        ("rules = {CC202 = true}", "--select CC2 --ignore CC202", False),
        ("rules = {CC202 = {largest = 7}}", "--select CC202", False),  # no option says it
    ],
)
def test_what_select_names_is_shown_though_the_file_leaves_it_out(
    section: str,
    words: str,
    shown: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(f"[tool.convcalc]\n{section}\n")
    Path("net.yaml").write_text(LARGE)
    run(["check", "net.yaml", "--notes", *words.split()])
    assert ("[CC202]" in capsys.readouterr().out) == shown


@pytest.mark.parametrize("digits", ["0x" + "f" * 6000, "9" * 6000])
@pytest.mark.parametrize(
    "line",
    ["max-params = {}", "fail-on = {}", "select = [{}]", "rules.large-kernel.largest = {}",
     "matrix = [{{batch = [{}]}}]"],
)  # fmt: skip
def test_a_number_that_python_does_not_print_is_refused(
    tmp_path: Path, line: str, digits: str
) -> None:
    with pytest.raises(ConfigError, match=r"a number of thousands of digits$"):
        configured(tmp_path, f"[tool.convcalc]\n{line.format(digits)}\n")


@pytest.mark.parametrize("ignored", ["CC103", "CC1", "input-lost"])
def test_what_is_set_to_an_error_is_not_left_out_in_the_same_file(
    tmp_path: Path, ignored: str
) -> None:
    text = f"[tool.convcalc]\nignore = ['{ignored}']\n[tool.convcalc.rules]\n"
    (tmp_path / "pyproject.toml").write_text(f"{text}CC103 = {{severity = 'warning'}}\n")
    assert load_config(str(tmp_path)).ignore
    (tmp_path / "pyproject.toml").write_text(f"{text}CC103 = {{severity = 'error'}}\n")
    said = r"`ignore` leaves out CC103 \(input-lost\), which `rules` sets to an error: leave one"
    with pytest.raises(ConfigError, match=said):
        load_config(str(tmp_path))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("exclude", "`include` lists the specs that are checked"),
        ("max-flops", "max-macs limits them, of which each is two FLOPs"),
        ("max-param", "did you mean max-params?"),
        ("max-memory", "max-training-memory"),
    ],
)
def test_a_key_of_other_tools_is_told_what_is_here(tmp_path: Path, key: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[tool.convcalc]\n{key} = "1G"\n')
    with pytest.raises(ConfigError) as told:
        load_config(str(tmp_path))
    assert said in str(told.value)
