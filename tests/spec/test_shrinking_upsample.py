"""An upsample that makes maps smaller: mostly `size` in Keras's sense, a factor."""

import pytest


def shrinking(layers, entries: str, shape: str = "32x32x3") -> list:
    findings = layers(entries, shape=shape).analysis.findings
    return [finding for finding in findings if finding.code == "CC114"]


def test_size_as_a_factor_is_told_scale(layers) -> None:
    (finding,) = shrinking(layers, "- upsample: {size: 2}")
    assert (finding.severity, finding.line, finding.column) == ("warning", 3, 20)
    assert finding.message == "upsample makes 32x32 smaller: 2x2"
    assert finding.help == (
        "`scale: 2` is a factor, `size` is what comes out",
        "`ignore: [CC114]` beside it, where that is meant",
    )
    assert layers("- upsample: {scale: 2}", shape="32x32x3").output == (64, 64, 3)


@pytest.mark.parametrize(
    ("entries", "help"),
    [
        ("- upsample: {size: [2, 3]}", "`scale: [2, 3]` is a factor, `size` is what comes out"),
        ("- upsample: {size: 16}", "a pool or a stride makes volumes smaller"),
        ("- upsample: {size: [64, 31]}", "a pool or a stride makes volumes smaller"),
        (
            "- {relu: , name: wide}\n- {pool2: , name: small}\n"
            "- {upsample: {like: small}, from: wide}",
            "a pool or a stride makes volumes smaller",
        ),
    ],
)
def test_any_axis_that_becomes_smaller(layers, entries: str, help: str) -> None:
    (finding,) = shrinking(layers, entries)
    assert finding.help[0] == help


@pytest.mark.parametrize(
    "entry",
    [
        "upsample: {size: 32}",
        "upsample: {size: [32, 33]}",
        "upsample: {scale: 1}",
        "{upsample: {size: 2}, ignore: [CC114]}",
    ],
)
def test_what_is_meant_is_left_alone(layers, entry: str) -> None:
    assert not shrinking(layers, f"- {entry}")


def test_one_position_has_nothing_to_lose(layers) -> None:
    assert not shrinking(layers, "- upsample: {size: 2}", "1x1x3")
