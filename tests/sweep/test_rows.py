"""Rows of a sweep: the numbers that `analyze` gives for the same variant, wherever worked out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from small_sweep import SPEC, asked, rows

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.memory.settings import settings_from
from convcalc.spec.document import Overrides
from convcalc.study.errors import NetError, RequestError
from convcalc.study.load import Pattern, Text
from convcalc.study.outcome import Case, study
from convcalc.sweep.pareto import Front, Objective
from convcalc.sweep.request import Asked, request
from convcalc.sweep.where import ConditionError, condition


def test_a_condition_may_name_few_bytes_or_work_in_other_units() -> None:
    row = {"training_memory": 2**21, "macs": 4}
    for text in (
        "training_memory > 8B",
        "training_memory/1024/1024 < 8",
        "training_memory > 0",
        "macs < 8",
        "training_memory < 4000000",
    ):
        assert condition(text, row).holds(row)


def test_every_row_has_the_numbers_of_analyze() -> None:
    found = asked(
        variables=("width=8,16", "depth=0..3"),
        inputs=("32x32x3,33x33x3,48x48x1",),
        settings={"batch": "1,2,8", "dtype": "float32,float16", "optimizer": "adam"},
    )
    names = [axis.name for axis in found.plan.axes]
    seen = rows(found)
    assert len(seen) == found.grid.size == 2 * 4 * 3 * 3 * 2
    for row in seen:
        at = dict(zip(names, row.values, strict=True))
        settings = settings_from({n: at[n] for n in ("batch", "dtype", "optimizer")})
        variables = (("width", at["width"]), ("depth", at["depth"]))
        overrides = Overrides(at["input"], variables=variables)  # type: ignore[arg-type]
        outcome = study(Case(Text("net.yaml", SPEC), settings, overrides))
        memory = outcome.memory
        if memory is None or memory.training is None:
            # another number of channels is no input of this net: nothing is sized
            faults = {(48, 48, 1): "CC014 in line 1", (33, 33, 3): "CC101 at max_pool1"}
            assert row.fault == faults[at["input"]] and set(row.numbers.values()) == {None}
            assert row.findings == (row.fault[:5],)
            continue
        assert row.numbers == {
            "params": outcome.analysis.totals.params,
            "macs": outcome.analysis.totals.macs,
            "activations": outcome.analysis.totals.activations,
            "inference_memory": memory.inference.peak,
            "training_memory": memory.training.peak,
        }


FREE = {
    "batch": (1, 2, 4, 8), "dtype": ("float32", "float64", "float16"),
    "optimizer": ("sgd", "adam", "adagrad"), "accumulate": (1, 2, 4),
    "optimizer_impl": ("foreach", "loop"), "precision": ("amp-fp16", "amp-bf16"),
    "checkpoint": ("seq:2", "every-block"), "clip_grad": ("norm",), "ema": (True, False),
    "keep_grads": (True, False), "gpus": (2, 4), "shard": ("ddp", "zero3"), "weight_decay": (0.1,),
}  # fmt: skip


@hypothesis_settings(max_examples=15)
@given(st.data())
def test_rows_of_any_axes_are_those_of_fresh_runs(data: st.DataObject) -> None:
    """Whatever is reused from row to row: every number of a row is that of a run of its own."""
    from convcalc.study import fit as study_fit

    net = data.draw(st.sampled_from(("wrn", "resnet", "net")))
    subject = Text("net.yaml", SPEC) if net == "net" else net
    names = data.draw(st.lists(st.sampled_from(sorted(FREE)), max_size=3, unique=True))
    if ("gpus" in names) is not ("shard" in names):
        names = [name for name in names if name not in {"gpus", "shard"}]
    chosen = {
        name: data.draw(st.lists(st.sampled_from(FREE[name]), min_size=1, max_size=2, unique=True))
        for name in names
    }
    own = {"wrn": ("width=1,2", "depth=10,16"), "resnet": ("conv3=1,2", "width=8,16"),
           "net": ("depth=1,2", "width=8,9")}[net]  # fmt: skip
    sizes = data.draw(st.lists(st.sampled_from(("32x32x3", "48x64x3")), max_size=2, unique=True))
    device = study_fit.device(2**30, None)
    words = {
        name: ",".join(str(value).lower() if isinstance(value, bool) else str(value) for value in v)
        for name, v in chosen.items()
    }
    try:
        wanted = request(
            subject,
            Asked(own, tuple(sizes), words, columns="macs,inference_memory,training_memory,"
                  "training_batch,inference_batch", sample=8, seed=data.draw(st.integers(0, 99))),
            device,
        )  # fmt: skip
    except RequestError:
        return
    axes = [(axis.role, axis.name) for axis in wanted.plan.axes]
    for row in rows(wanted):
        at = dict(zip(axes, row.values, strict=True))
        setting = {name: value for (role, name), value in at.items() if role == "setting"}
        try:
            settings = settings_from(setting)
        except ValueError as error:
            assert row.fault == f"settings: {error}"
            continue
        variables = tuple((name, v) for (role, name), v in at.items() if role == "variable")
        overrides = Overrides(at.get(("input", "input")), variables=variables)  # type: ignore[arg-type]
        case = Case(subject, settings, overrides)
        memory = study(case).memory
        assert memory is not None and memory.training is not None
        assert row.numbers["inference_memory"] == memory.inference.peak
        assert row.numbers["training_memory"] == memory.training.peak
        fitted = study_fit.fit(case, device, None)
        assert row.numbers["training_batch"] == fitted.placement.training.batch_sure
        assert row.numbers["inference_batch"] == fitted.placement.inference.batch_sure


def test_a_bundled_net_and_a_pattern_can_be_swept() -> None:
    found = request("densenet121", Asked(("growth=16,32",), columns="params"))
    assert [row.numbers["params"] for row in rows(found)] == [2_274_728, 7_978_856]
    found = request(Pattern("conv3-8 fc-10"), Asked(inputs=("8x8x3,16x16x3",), columns="macs"))
    assert [row.numbers["macs"] for row in rows(found)] == [
        64 * 216 + 64 * 8 * 10,
        256 * 216 + 256 * 8 * 10,
    ]


def test_a_key_that_is_nearly_one_is_the_same_finding_in_every_variant() -> None:
    spec = SPEC.replace("layers:", "layer:")
    with pytest.raises(NetError, match="layer"):
        request(Text("net.yaml", spec), Asked(("width=8,16",)))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"variables": ("widht=8,16",)}, "did you mean width"),
        ({"variables": ("width=8", "width=9")}, "width is given 2 times"),
        ({"variables": ("width=1..1000000000",)}, "1,000,000,000 variants: .* --sample"),
        ({"columns": "parms"}, "did you mean params"),
        ({"columns": "training_batch"}, "needs --device or --memory"),
        ({"sort": "nothing"}, "no number 'nothing'"),
        ({"variables": ("width=8,16",), "sort": "-widht"}, "'widht': did you mean width"),
        ({"settings": {"dtype": "float16,float32"}, "sort": "dtype"}, "dtype are not numbers"),
        ({"variables": ("width=8,16",), "pareto": "-width"}, "width is varied and no number of"),
        ({"pareto": "params,mcs"}, "did you mean macs"),
        ({"where": "mcas < 3"}, "did you mean macs"),
        ({"where": "params>3 && macs < 3K"}, "write `params>3 and macs < 3K`"),
        ({"where": "params < 3 | macs = 3K"}, "write `params < 3 or macs == 3K`"),
        ({"where": "params < 2e6"}, "write `params < 2000000`"),
        ({"where": "macs <"}, "--where"),
        ({"where": "1 < 2"}, "asks for no number"),
        ({"where": "macs < 3Q"}, "not a quantity"),
        ({"where": "macs % 0 == 1"}, "division by zero"),
        ({"where": "1M < macs < 2M"}, "write `1000000 < macs and macs < 2000000`"),
        (
            {"where": "macs < 2G and training_memory < 8"},
            "8 is 8 bytes: write 8GiB, or 8B if bytes are meant",
        ),
        ({"where": "1.5 >= inference_memory"}, "1.5 is 1.5 bytes: write 1.5GiB"),
        ({"settings": {"batch": "0"}}, "batch"),
        ({"settings": {"dtype": "float31"}}, "float31"),
    ],
)
def test_requests_that_cannot_be(words: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        asked(**words)


def test_what_only_some_values_make_wrong_is_counted() -> None:
    found = asked(variables=("width=-8..8/8",), columns="params")
    assert [row.fault for row in rows(found)] == ["CC014 in line 4", "CC014 in line 4", ""]
    found = request("wrn", Asked(("depth=9..16",), columns="params"))
    assert [row.fault == "" for row in rows(found)] == [False, True, *[False] * 5, True]
    with pytest.raises(NetError, match="-8"):
        asked(variables=("width=-8",))
    with pytest.raises(NetError, match="colour"):
        request(Text("net.yaml", f"{SPEC}colour: red\n"), Asked(("width=8,16",)))


def test_settings_that_exclude_each_other_are_a_reason_not_a_crash() -> None:
    found = asked(settings={"dtype": "float32,int8", "precision": "amp-fp16"})
    good, bad = rows(found)
    assert good.fault == "" and bad.fault.startswith("settings: precision amp-fp16")


def test_settings_that_no_variant_can_have_are_refused() -> None:
    for settings in ({"batch": "10", "accumulate": "4"}, {"checkpoint": "conv1..fc9"}):
        with pytest.raises(RequestError, match=r"accumulate|fc9"):
            asked(settings=settings)


def test_segments_that_only_some_variants_have_are_a_reason() -> None:
    found = asked(variables=("depth=1,2",), settings={"checkpoint": "conv1..conv2"})
    missing, sound = rows(found)
    assert missing.fault == "settings: no layer 'conv2' to checkpoint: did you mean conv1?"
    assert set(missing.numbers.values()) == {None} and sound.fault == ""


def test_rules_of_checkpointing_are_values_and_segments_are_one() -> None:
    found = asked(settings={"checkpoint": "pools, sqrt,seq:2"}, columns="training_memory")
    assert [row.values for row in rows(found)] == [("pools",), ("sqrt",), ("seq:2",)]
    found = asked(settings={"checkpoint": "conv1..conv1,fc1..fc1"}, columns="training_memory")
    assert [row.values for row in rows(found)] == [("conv1..conv1,fc1..fc1",)]


def test_conditions() -> None:
    met = condition("macs < 2G and training_memory <= 1GiB", ["macs", "training_memory"])
    assert met.holds({"macs": 10**9, "training_memory": 2**30})
    assert not met.holds({"macs": 2 * 10**9, "training_memory": 2**30})
    assert not met.holds({"macs": None, "training_memory": 2**30})
    ratio = condition("macs / params < 3", ["macs", "params"])
    assert ratio.holds({"macs": 8, "params": 3})  # 8/3, no integer
    assert not ratio.holds({"macs": 1, "params": 0})  # which has no quotient
    assert ratio.violation({"macs": 1, "params": 0}) > ratio.violation({"macs": 10, "params": 3})
    with pytest.raises(ConditionError, match="beyond"):
        condition("macs * macs > 3", ["macs"]).holds({"macs": 2**62})


def test_rows_can_be_chosen_by_a_ratio() -> None:
    found = asked(variables=("width=7,8",), columns="macs,params", where="macs / params > 1.5")
    assert found.where is not None and len([*rows(found)]) == 2


@hypothesis_settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_the_front_is_what_brute_force_finds(points: list[tuple[int, int]]) -> None:
    front = Front((Objective("a"), Objective("b", largest=True)))
    for number, point in enumerate(points):
        front.add(number, point)

    def betters(p: tuple[int, int], q: tuple[int, int]) -> bool:
        return p != q and p[0] <= q[0] and p[1] >= q[1]

    expected = {i for i, q in enumerate(points) if not any(betters(p, q) for p in points)}
    assert set(front.rows) == expected


def test_defaults_are_those_of_settings() -> None:
    (row,) = rows(asked(columns="training_memory"))
    outcome = study(Case(Text("net.yaml", SPEC), Settings()))
    assert outcome.memory is not None and outcome.memory.training is not None
    assert row.numbers == {"training_memory": outcome.memory.training.peak}


def test_the_bundled_text_is_what_is_sent_to_workers() -> None:
    found = request("alexnet", Asked(settings={"batch": "1,2"}))
    assert isinstance(found.plan.case.subject, Text)
    assert str(found.plan.case.subject.data).encode() == zoo.read("alexnet")


def test_stages_are_resolutions_of_blocks() -> None:
    counts = {"resnet": 4, "wrn": 3, "regnet_x": 4, "vgg16": 5}
    for net, stages in counts.items():
        found = request(net, Asked(columns="stages"))
        assert [row.numbers["stages"] for row in rows(found)] == [stages]
    shallow = asked(variables=("depth=1,3",), columns="stages")
    assert [row.numbers["stages"] for row in rows(shallow)] == [1, 1]


def test_a_batch_in_micro_batches_is_that_of_analyze_and_fit() -> None:
    from convcalc.study import fit as study_fit

    device = study_fit.device(2**30, None)
    axes = {"batch": "8,32", "accumulate": "1,4"}
    columns = "training_memory,training_batch"
    net = Text("net.yaml", SPEC)
    wanted = request(net, Asked(settings=axes, columns=columns), device)
    seen = [(row.numbers["training_memory"], row.numbers["training_batch"]) for row in rows(wanted)]
    expected = []
    for batch in (8, 32):
        for accumulate in (1, 4):
            case = Case(net, Settings(batch=batch, accumulate=accumulate))
            memory, fitted = study(case).memory, study_fit.fit(case, device)
            assert memory is not None and memory.training is not None
            assert fitted.placement.training is not None
            expected.append((memory.training.peak, fitted.placement.training.batch_sure))
    assert seen == expected and len(set(seen)) == 4
