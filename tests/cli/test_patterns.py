"""PyYAML's regular expressions: compiled by no quick run, and the same for whoever uses them."""

import pytest

#: every pattern of PyYAML at work: times, numbers, merges, and a character that YAML forbids
USE = r"""
import copy, pickle, re, yaml
text = "[2001-12-14t21:59:43.10-05:00, 2001-12-14, 0x1F, 1_000, 1:30, 1.5e3, .inf, yes, ~, a]"
copies = copy.deepcopy(yaml.SafeLoader.yaml_implicit_resolvers)
assert copies.keys() == yaml.SafeLoader.yaml_implicit_resolvers.keys()
assert pickle.loads(pickle.dumps(yaml.reader.Reader.NON_PRINTABLE)).search("a\x01")
print(yaml.load(text, yaml.SafeLoader), yaml.dump(["2001-12-14", "1:30", "yes", "a", 1.5]))
try:
    yaml.load("a: \x01", yaml.SafeLoader)
except yaml.YAMLError as error:
    print(error)
assert isinstance(re.compile("a+"), re.Pattern)
"""


@pytest.mark.parametrize("args", [["analyze", "vgg16"], ["check", "vgg16"]], ids=" ".join)
def test_a_quick_run_compiles_none_of_them(process, args) -> None:
    code = (
        "import contextlib, io\nfrom convcalc import process\nprocess.is_ours = True\n"
        "from convcalc.cli import run\n"
        f"with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())): assert not run({args!r})"
        "\nimport yaml\n"
        "for pattern in (yaml.reader.Reader.NON_PRINTABLE,\n"
        "                yaml.constructor.SafeConstructor.timestamp_regexp,\n"
        "                *(p for _, p in yaml.SafeLoader.yaml_implicit_resolvers['1'])):\n"
        "    print(type(pattern).__module__, len(vars(pattern)))"
    )
    assert set(process(code=code).stdout.split("\n")) == {"convcalc.tree.libyaml 1", ""}


def test_they_match_as_ever_for_others_in_the_same_process(process) -> None:
    usual = process(code=USE)
    assert usual.returncode == 0, usual.stderr
    assert "special characters are not allowed" in usual.stdout
    ours = "from convcalc import process\nprocess.is_ours = True\n"
    later = process(code=f"{ours}from convcalc.tree.libyaml import yaml\n{USE}")
    assert (later.stdout, later.stderr) == (usual.stdout, usual.stderr)


def test_a_program_that_imports_convcalc_has_the_usual_pyyaml(process) -> None:
    code = (
        "import re, convcalc\nconvcalc.analyze('lenet5')\nimport yaml\n"
        "assert isinstance(yaml.reader.Reader.NON_PRINTABLE, re.Pattern)"
    )
    assert process(code=code).stderr == ""
