"""VGG-16's bytes, phase by phase and part by part."""

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.layers.norm import InstanceNorm
from convcalc.layers.saved import Bytes
from convcalc.memory.account import Account, Moment
from convcalc.memory.forward import inference
from convcalc.memory.notes_rule import naive_bytes
from convcalc.memory.summary import memory_of
from convcalc.memory.trace import KEPT, PARAMETER, STATE
from convcalc.memory.training import training
from convcalc.spec.load import load, load_pattern

PARAMETERS = 553_430_176


def _vgg16(**settings: object) -> Analysis:
    net = load("vgg16.yaml", zoo.read("vgg16"))
    return analyze(net, Settings()._replace(**settings))  # type: ignore[arg-type]


def test_vgg16_inference() -> None:
    analysis = _vgg16()
    account = Account(inference(analysis), 1)
    assert account.peak == 579_722_400
    at = account.at
    assert (at.phase, analysis.rows[at.step].step.name) == ("forward", "conv1_2")
    parts = account.breakdown()
    assert (parts.parameters, parts.input, parts.transient) == (PARAMETERS, 602_112, 25_690_112)
    two_volumes = 2 * 224 * 224 * 64 * 4
    assert parts.transient == two_volumes


def test_vgg16_training_with_adam() -> None:
    analysis = _vgg16(optimizer="adam")
    account = Account(training(analysis, 1), 1)
    assert account.peak == account.phase("step") == 2_767_757_132
    assert account.phase("backward") == 2_276_427_184
    assert account.at == Moment("step", -1, 2_767_757_132)
    assert account.total(STATE) == 2 * PARAMETERS + 4 * 32  # 16 layers with weights and biases
    assert account.total(PARAMETER) == PARAMETERS


def test_vgg16_at_batch_32_with_sgd() -> None:
    account = Account(training(_vgg16(batch=32, optimizer="sgd"), 32), 32)
    assert f"{account.peak / 2**20:.1f}" == "3274.5"


def test_a_loop_names_the_layer_of_its_peak() -> None:
    analysis = _vgg16(optimizer="adam", optimizer_impl="loop")
    at = Account(training(analysis, 1), 1).at
    assert (at.phase, analysis.rows[at.step].step.name) == ("step", "fc1")


def test_the_timeline_runs_forward_and_back_and_ends_with_the_step() -> None:
    analysis = analyze(load_pattern("input-8x8x3 conv3-4 relu fc-2"))
    account = Account(training(analysis, 1), 1)
    steps = [(moment.phase, moment.step) for moment in account.timeline()]
    assert steps == [
        *(("forward", step) for step in (1, 2, 3, -1)),
        *(("backward", step) for step in (-1, 3, 2, 1)),
        ("step", -1),
    ]


def test_what_a_relu_in_place_keeps_is_alive_once() -> None:
    analysis = analyze(load_pattern("input-8x8x3 conv3-4 relu conv3-4 fc-2"))
    account = Account(training(analysis, 1), 1)
    kept = [tensor for tensor in account.alive_at_peak() if tensor.keepers]
    volume = 8 * 8 * 4 * 4
    relu, second = 2, 3
    assert [(t.step, t.bytes, t.keepers) for t in kept if t.step == 1] == [
        (1, volume, (relu, second))
    ]


def test_a_copy_is_kept_where_the_input_is_overwritten() -> None:
    spec = "input: 4x4x2\nlayers: [conv1-2, relu6: {in_place: true}, fc-2]\n"
    spec = spec.replace("relu6: {in_place: true}", "{relu6: {in_place: true}}")
    trace = training(analyze(load("net.yaml", spec.encode())), 1)
    copies = [t for t, role in enumerate(trace.roles) if role == KEPT and trace.steps[t] == 2]
    assert [trace.alike[trace.of[copy]].each for copy in copies] == [4 * 4 * 2 * 4]


def test_a_broken_net_and_whole_numbers() -> None:
    broken = analyze(load_pattern("input-5x5x3 conv3-4s3p0"))
    assert memory_of(broken) is None
    assert naive_bytes(broken) is None
    whole = memory_of(_vgg16(dtype="int8"))
    assert whole is not None
    assert whole.training is None
    assert whole.inference.breakdown().parameters == PARAMETERS // 4


def test_layers_that_lead_nowhere_keep_nothing() -> None:
    spec = "input: 4x4x2\nlayers:\n- conv1-2\n- conv3-64\n- sigmoid: {}\n- fc-2:\n  from: conv1\n"
    spec = spec.replace("- fc-2:\n  from: conv1", "- fc: {units: 2}\n  from: conv1")
    analysis = analyze(load("net.yaml", spec.encode()))
    account = Account(training(analysis, 1), 1)
    assert not analysis.broken
    assert all(tensor.step != 3 for tensor in account.alive_at_peak() if tensor.keepers)
    learned = {step for step in account.trace.steps if step == 2}
    assert learned
    gradients = [
        step
        for step, role in zip(account.trace.steps, account.trace.roles, strict=True)
        if role == "gradient of a parameter"
    ]
    assert gradients == [4, 4, 1, 1]
    states = [
        step
        for step, role in zip(account.trace.steps, account.trace.roles, strict=True)
        if role == STATE
    ]
    assert states == [1, 1, 4, 4]  # frameworks make no state for what has no gradient


def test_a_net_without_parameters_has_no_gradients() -> None:
    account = Account(training(analyze(load_pattern("input-4x4x2 pool2 relu flatten")), 1), 1)
    assert account.breakdown().gradients == 0
    assert account.phase("backward") > 0


def test_affine_instance_norm_repeats_its_factors_for_every_image() -> None:
    layer = InstanceNorm(affine=True)
    saved = layer.saved_for_backward(((8, 8, 16),), (8, 8, 16), False, 4)
    assert saved.kept == (Bytes(64), Bytes(64), Bytes(64))
    # of one image the gradients of the factors are their sums already
    assert (saved.forward, saved.backward) == (Bytes(64), Bytes(2 * 64, -2 * 64))
    assert layer.saved_for_backward(((8, 8, 16),), (8, 8, 16), False, 2).kept[0] == Bytes(32)
