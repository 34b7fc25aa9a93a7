from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load


def test_every_bundled_net_is_analyzed_as_its_file_expects() -> None:
    for name in zoo.names():
        analysis = analyze(load(name, zoo.read(name)))
        assert analysis.totals.params, name
        assert not [f for f in analysis.findings if f.severity == "error"], name
