"""What holds for every network: parts add up, the batch scales, plans do not overlap."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import DTYPES, Precision, Settings, Shard
from convcalc.analysis.walk import analyze
from convcalc.memory import allocator
from convcalc.memory import trace as kind_of
from convcalc.memory.account import Account
from convcalc.memory.allocator import replay
from convcalc.memory.arena import plan
from convcalc.memory.device import device_range
from convcalc.memory.forward import inference
from convcalc.memory.optimizers import NAMES
from convcalc.memory.precisions import NAMES as PRECISIONS
from convcalc.memory.precisions import with_precision
from convcalc.memory.segments_named import fault
from convcalc.memory.trace import Trace
from convcalc.memory.training import training
from convcalc.spec.load import load

_SOME = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


_PLAIN = ("relu", "relu6", "elu", "sigmoid", "silu", "batch_norm", "dropout", "lrn", "identity",
          "max_pool: {kernel: 3, stride: 1, pad: 1}", "avg_pool: {kernel: 3, stride: 1, pad: 1}",
          "conv: {filters: 4, kernel: 3, pad: 1}", "conv: {filters: 4, kernel: 1, bias: false}",
          "prelu", "group_norm: {groups: 2}", "tanh")  # fmt: skip


@st.composite
def specs(draw: st.DrawFn) -> str:
    """The text of a spec whose layers all make 6x6x4."""
    lines = ["input: 6x6x4", "layers:", "- conv: {filters: 4, kernel: 3, pad: 1}", "  name: l0"]
    count = draw(st.integers(1, 12))
    for number in range(1, count + 1):
        merge = draw(st.sampled_from(("", "", "", "add", "multiply", "concat")))
        if merge:
            sources = draw(st.lists(st.integers(0, number - 1), min_size=2, max_size=2))
            lines.append(f"- {merge}: {{{'in_place: false' if merge == 'add' else ''}}}")
            lines.append(f"  from: [{', '.join(f'l{source}' for source in sources)}]")
            if merge == "concat":
                lines += [f"  name: c{number}", "- conv: {filters: 4, kernel: 1}"]
        else:
            kind, _, options = draw(st.sampled_from(_PLAIN)).partition(": ")
            lines.append(f"- {kind}: {options}")
            lines.append(f"  from: l{draw(st.integers(max(number - 3, 0), number - 1))}")
        lines.append(f"  name: l{number}")
    return "\n".join([*lines, "- fc: {units: 5}", ""])


def _analysis(spec: str, batch: int = 1, optimizer: str = "sgd-momentum") -> Analysis:
    found = analyze(load("random.yaml", spec.encode()), Settings(batch, "float32", optimizer))
    assert not found.broken, [finding.message for finding in found.findings]
    return found


def _traces(analysis: Analysis) -> tuple[Trace, Trace]:
    return inference(analysis), training(analysis, analysis.settings.batch)


@_SOME
@given(specs(), st.integers(1, 9), st.sampled_from(NAMES))
def test_what_is_alive_at_the_peak_adds_up_to_it(spec: str, batch: int, optimizer: str) -> None:
    for trace in _traces(_analysis(spec, batch, optimizer)):
        account = Account(trace, batch)
        assert sum(tensor.bytes for tensor in account.alive_at_peak()) == account.peak
        assert sum(account.breakdown()) == account.peak
        assert max(moment.live for moment in account.timeline()) == account.peak
        assert account.at in account.timeline()
        assert account.resident <= account.peak


@_SOME
@given(specs(), st.integers(1, 4))
def test_every_tensor_goes_once_or_stays(spec: str, batch: int) -> None:
    for trace in _traces(_analysis(spec, batch)):
        made = [event for event in trace.events if event >= 0]
        gone = [~event for event in trace.events if event < 0]
        assert made == list(range(len(trace.of)))
        assert len(set(gone)) == len(gone)
        stay = {trace.role(tensor) for tensor in set(made) - set(gone)}
        assert stay <= {
            kind_of.PARAMETER, kind_of.BUFFER, kind_of.STATE, kind_of.INPUT, kind_of.LABELS,
            kind_of.VOLUME, kind_of.LOSS, kind_of.PARAMETER_GRADIENT,
        }  # fmt: skip
        left = [t for t in trace.leftovers() if trace.role(t) == kind_of.VOLUME]
        assert len(left) == 1  # the scores


@_SOME
@given(specs(), st.integers(2, 50))
def test_twice_the_batch_is_twice_what_grows_with_it(spec: str, batch: int) -> None:
    for trace in _traces(_analysis(spec, batch)):
        once, twice = trace.live(batch), trace.live(2 * batch)
        fixed = trace.live(0)
        assert [2 * live - still for live, still in zip(once, fixed, strict=True)] == twice
        assert Account(trace, batch).peak < Account(trace, 2 * batch).peak


@_SOME
@given(specs(), st.integers(1, 5), st.sampled_from(list(DTYPES)))
def test_volumes_in_an_arena_that_live_together_do_not_overlap(
    spec: str, batch: int, dtype: str
) -> None:
    found = analyze(load("random.yaml", spec.encode()), Settings(batch, dtype))
    assert not found.broken
    arena = plan(found)
    for place in arena.places:
        assert 0 <= place.offset <= arena.size - place.size
        for other in arena.places:
            together = place.first <= other.last and other.first <= place.last
            if other is not place and together:
                apart = place.offset + place.size <= other.offset
                assert apart or other.offset + other.size <= place.offset
    assert arena.bound <= arena.size <= arena.by_size
    volumes = {row.step.name: row for row in found.rows if not row.in_place}
    assert all(found.rows[place.step].step.name in volumes for place in arena.places)


@_SOME
@given(specs(), st.integers(1, 9))
def test_the_allocator_never_reserves_less_than_it_hands_out(spec: str, batch: int) -> None:
    for trace in _traces(_analysis(spec, batch)):
        run = replay(trace, batch)
        assert max(trace.live(batch)) <= run.rounded <= run.allocated <= run.reserved
        assert run.reserved % (2 << 20) == 0
        needs = device_range(run)
        assert run.allocated < needs.low <= needs.high


@_SOME
@given(specs(), st.integers(1, 4))
def test_training_needs_at_least_what_inference_keeps(spec: str, batch: int) -> None:
    analysis = _analysis(spec, batch, "none")
    trained = Account(training(analysis, batch), batch)
    both = trained.total(kind_of.PARAMETER) + trained.total(kind_of.PARAMETER_GRADIENT)
    assert trained.phase("step") >= both
    assert trained.saved <= trained.phase("backward")
    assert trained.peak == max(map(trained.phase, ("forward", "backward", "step")))


@given(
    specs(),
    st.integers(1, 5),
    st.sampled_from(PRECISIONS),
    st.sampled_from(("", "sqrt", "pools", "every-block", "seq:3")),
    st.sampled_from(("none", "ddp", "ddp-view", "zero1", "zero2", "zero3")),
    st.booleans(),
    st.sampled_from((1, 2)),
)
@_SOME
def test_every_way_of_training_frees_what_it_makes(
    spec: str,
    batch: int,
    precision: Precision,
    checkpoint: str,
    shard: Shard,
    keeps: bool,
    accumulate: int,
) -> None:
    chosen = with_precision(
        Settings(batch, optimizer="adam", checkpoint=checkpoint, keep_grads=keeps, shard=shard,
                 accumulate=accumulate, gpus=1 if shard == "none" else 3), precision
    )  # fmt: skip
    network = load("random.yaml", spec.encode())
    if fault(network, checkpoint):  # more segments than layers
        chosen = chosen._replace(checkpoint="")
    found = analyze(network, chosen)
    trace = training(found, batch)
    account = Account(trace, batch)
    assert min(trace.references) >= 0, "nothing is released twice"
    assert account.base <= account.end_forward <= account.phase("forward") <= account.peak
    assert sum(account.breakdown()) == account.peak
    scratch = {kind_of.SCRATCH, kind_of.CAST, kind_of.GRADIENT, kind_of.KEPT, kind_of.GATHERED}
    left = {trace.role(tensor) for tensor in trace.leftovers()}
    assert not left & scratch
    alive: set[int] = set()
    for event in allocator._whole(trace):  # the first step, and the second
        tensor = max(event, ~event)
        assert (tensor in alive) is (event < 0), trace.role(tensor)
        alive ^= {tensor}
    assert replay(trace, batch).allocated <= replay(trace, batch).reserved
