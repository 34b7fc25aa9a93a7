"""Operations that are no kind are never mended into one that their letters are like."""

import pytest

from convcalc import dialects
from convcalc.dialects.kinds import KINDS
from convcalc.fix.suggested import names_edit
from convcalc.layers import BY_NAME
from convcalc.spec.load import load
from tests.fix.repairs import first, offered


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HEAD = "input: 32x32x8\nlayers:\n  - conv3-8\n"
ABSENT = dialects.ABSENT[0]
IN_ITS_PLACE = "`identity` in its place keeps the sizes, but has none of its parameters and work"

#: norms and functions of each number, whose sizes are those of what arrives
SAME_SIZE = words(
    """
    grn global_response_norm GlobalResponseNormalization frn lcn ghost_norm ghost_batch_norm ibn
    switch_norm switchable_norm SwitchNorm2d instance_batch_norm batch_instance_norm evo_norm
    instance_group_norm cross_norm local_contrast_norm scale_norm RMSNorm positional_norm power_norm
    tlu telu frelu acon serf pelu sin cos tan atan atanh exp log log10 Sqrt pow erf sign and or not
    softplus softsign hard_mish hardshrink repu requ resu golu solu
    """
)
#: other layers of papers and frameworks
OTHERS = words(
    """
    min_pool global_min_pool GlobalMinPool2d soft_pool blur_pool median_pool sum_pool roi_pool
    MaxRoiPool roi_align stochastic_pool mixed_pool mix_pool gem_pool rank_pool adaptive_min_pool
    deform_conv deformable_conv DeformConv2d dynamic_conv cond_conv gated_conv graph_conv
    sparse_conv involution octave_conv x_conv kp_conv attention lstm gru embedding max_unpool fold
    spp
    """
)
#: words of no table that are near a kind by their letters alone
NEAR = words(
    """
    cond conj conx dense_conv sparse_sigmoid grouped_mm brn trn wish dish mint_pool gang_norm
    global_mid_pool fringe_norm switchnorm2 lager_pool avocado_pool avid_pool melu rexu salu eru
    alu
    """
)


@pytest.mark.parametrize("word", [*SAME_SIZE, *OTHERS, *NEAR])
def test_no_edit_makes_another_layer_of_it(word: str) -> None:
    spec = f"{HEAD}  - {word}\n  - fc-3\n"
    found = load("net.yaml", spec.encode()).findings
    assert [f.code for f in found][:1] == ["CC011"]
    assert not any(map(names_edit, found)) and not offered(spec)


@pytest.mark.parametrize("word", [*SAME_SIZE, *OTHERS])
def test_what_no_kind_does_is_named_as_that(word: str) -> None:
    (found,) = load("net.yaml", f"{HEAD}  - {word}\n  - fc-3\n".encode()).findings
    assert found.help == (ABSENT, *[IN_ITS_PLACE] * (word in SAME_SIZE))


def test_no_kind_and_no_name_of_one_counts_as_absent() -> None:
    assert [word for word in (*BY_NAME, *KINDS) if dialects.absent(word)] == []


@pytest.mark.parametrize(
    ("slip", "kind"),
    [
        ("bacth_norm", "batch_norm"),
        ("batch_nrom", "batch_norm"),
        ("batchnrm", "batch_norm"),
        ("globl_avg_pool", "global_avg_pool"),
        ("global_avgpol", "global_avg_pool"),
        ("global_maxx_pool", "global_max_pool"),
        ("instance_nomr", "instance_norm"),
        ("hard_siwsh", "hard_swish"),
        ("leaky_rleu", "leaky_relu"),
        ("reku", "relu"),
        ("rleu", "relu"),
        ("reluu", "relu"),
        ("sigmod", "sigmoid"),
        ("lnr", "lrn"),
        ("lrnn", "lrn"),
        ("tahn", "tanh"),
        ("relo", "relu"),
        ("rulu", "relu"),
        ("tenh", "tanh"),
    ],
)
def test_slips_of_the_keys_are_still_mended(slip: str, kind: str) -> None:
    options = ": {size: 5}" if kind == "lrn" else ""
    assert first(f"{HEAD}  - {slip}{options}\n") == f"{HEAD}  - {kind}{options}\n"


@pytest.mark.parametrize("word", ["group_conv", "grouped_conv", "GroupConv2d", "group_convolution"])
def test_a_grouped_convolution_is_a_conv_with_groups(word: str) -> None:
    options = "{filters: 8, kernel: 3, groups: 2}"
    assert first(f"{HEAD}  - {word}: {options}\n") == f"{HEAD}  - conv: {options}\n"
    found, *_ = load("n", f"{HEAD}  - {word}: {{filters: 8, kernel: 3}}\n".encode()).findings
    sample = "`conv: {filters: 64, kernel: 3, groups: 2}`"
    assert found.help == (f"here it is a conv with groups: {sample}",)


@pytest.mark.parametrize(
    ("word", "value"),
    [("trainable", "false"), ("requires_grad", "False"), ("frozen", "true"), ("freeze", "true")],
)
def test_a_frozen_layer_counts_as_trained(layers, word: str, value: str) -> None:
    said = f"every layer counts as trained: remove `{word}` if that will do"
    for entry in (
        f"conv: {{filters: 8, kernel: 3, {word}: {value}}}",
        f"conv: {{filters: 8, kernel: 3}}\n  {word}: {value}",
    ):
        assert layers(f"- {entry}").help.splitlines()[0] == said
    trained = "false" if value == "true" else "true"
    entry = f"conv: {{filters: 8, kernel: 3, {word}: {trained}}}"
    assert layers(f"- {entry}").help.startswith(f"leave out `{word}`")
