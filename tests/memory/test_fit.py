"""The largest batch: bisection against trying every batch."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.allocator import Reserved
from convcalc.memory.device import CONTEXT, CUBLAS, Range, Verdict, device_range, verdict
from convcalc.memory.devices import DEVICES, find
from convcalc.memory.fit import Simulation, fit, largest
from convcalc.memory.placement import place
from convcalc.spec.load import load_pattern

MIB = 1 << 20
NET = load_pattern("input-32x32x3 [conv3-16 relu pool2]*2 fc-10")


@pytest.mark.parametrize("learning", [True, False])
@pytest.mark.parametrize("memory", [1 * MIB, 3 * MIB, 10 * MIB, 25 * MIB])
def test_it_finds_what_trying_every_batch_finds(learning: bool, memory: int) -> None:
    run = Simulation(analyze(NET), learning)
    found = fit(run, memory, 0)
    batches = range(1, 300)
    assert found.batch_logical == max((b for b in batches if run.peak(b) <= memory), default=0)
    low = [b for b in batches if run.needs(b, 0).low <= memory]
    assert found.batch_possible == max(low, default=0)
    high = [b for b in batches if run.needs(b, 0).high <= memory]
    assert found.batch_sure == max(high, default=0)
    assert found.peak == run.peak(max(found.batch_logical, 1))


@pytest.mark.parametrize("learning", [True, False])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_the_highest_lines_do_not_depend_on_how_many_are_kept(
    learning: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Simulation(analyze(NET), learning).lines(2)
    monkeypatch.setattr("convcalc.memory.fit._MOST_LINES", most)
    assert Simulation(analyze(NET), learning).lines(2) == whole


def test_bisection() -> None:
    for most in (0, 1, 2, 3, 7, 8, 1000):
        assert largest(lambda batch: batch <= most) == most  # noqa: B023


def test_the_range_of_a_device() -> None:
    extra = CONTEXT + CUBLAS
    assert device_range(Reserved(90, 100, 120)) == Range(100 + extra, 130 + extra, CONTEXT)
    assert device_range(Reserved(90, 100, 150)).high == 150 + extra
    assert device_range(Reserved(90, 100, 120), 0) == Range(100, 130, 0)
    needs = Range(100, 130, 0)
    assert [verdict(needs, memory) for memory in (99, 100, 129, 130)] == [
        Verdict.DOES_NOT_FIT, Verdict.MAY_FIT, Verdict.MAY_FIT, Verdict.FITS,
    ]  # fmt: skip


def test_devices_have_sources_and_are_found_as_people_write_them() -> None:
    for device in DEVICES:
        assert find(device.name) is device
        assert device.memory > 0
        assert device.source
        assert bool(device.flash) == (device.context == 0)
    assert find("NVIDIA GeForce RTX 4090") is find("rtx-4090")
    assert find("rtx_4090") is find("rtx-4090")
    assert find("rtx-4091") is None
    assert {2 << 30, 320 << 10, 141 << 30} <= {device.memory for device in DEVICES}


def test_a_microcontroller_takes_volumes_in_sram_and_weights_in_flash() -> None:
    device = find("nrf52840")
    assert device is not None
    found = place(analyze(NET, Settings(dtype="int8")), device, 3, lambda shape: None)
    assert found.training is None
    volume = 32 * 32 * 16 + 32 * 32 * 3  # conv1 reads the input
    assert found.inference.batch_sure == (256 << 10) // max(volume, 32 * 32 * 16 + 16 * 16 * 16)
    assert [asked.verdict for asked in found.asked] == [Verdict.FITS]
    heavy = analyze(load_pattern("input-64x64x3 fc-100"), Settings(dtype="int8"))
    none = place(heavy, device, None, lambda shape: None)
    assert none.inference.batch_logical == 0  # 1,228,900 bytes of weights


def test_what_would_fit_is_tried() -> None:
    device = find("rtx-4090")
    assert device is not None
    small = device._replace(memory=55 * MIB, context=0)
    net = load_pattern("input-32x32x3 conv3-8 relu pool2 fc-1000")
    big = analyze(net, Settings(1, "float64", "adam"))
    found = place(big, small, None, lambda shape: None)
    assert [(remedy.option, remedy.run) for remedy in found.remedies] == [
        ("--optimizer sgd", "training")
    ]
    other = big._replace(settings=big.settings._replace(optimizer="sgd"))
    assert found.remedies[0].batch == fit(Simulation(other, True), 55 * MIB, 0).batch_sure > 0
    roomy = place(big, small._replace(memory=75 * MIB), None, lambda shape: None)
    assert roomy.remedies[0].option == "--optimizer sgd-momentum"  # the mildest change
    heavier = big._replace(settings=big.settings._replace(optimizer="sgd-momentum"))
    assert fit(Simulation(heavier, True), 55 * MIB, 0).batch_sure == 0


def test_a_smaller_input_is_tried_from_large_to_small() -> None:
    device = find("rtx-4090")
    assert device is not None
    tried = []

    def resize(shape: tuple[int, ...]) -> object:
        tried.append(shape)
        sides = "x".join(map(str, shape))
        return analyze(load_pattern(f"input-{sides} conv3-64 relu conv3-64 relu fc-10"))

    big = analyze(load_pattern("input-256x256x3 conv3-64 relu conv3-64 relu fc-10"))
    found = place(big, device._replace(memory=150 * MIB, context=0), None, resize)  # type: ignore[arg-type]
    assert found.training is not None
    assert found.training.batch_sure == 0
    assert tried[0] == (224, 224, 3)
    assert any(remedy.option.startswith("--input ") for remedy in found.remedies)


@pytest.mark.parametrize(
    ("pattern", "learning", "most_replayed"),
    [
        # every excess is less than an image, and a batch that fits 1,024 images away
        ("input-8x8x4 relu relu", True, 80),
        # half an excess is too little and all of it too much, batch after batch
        (f"input-32x32x4 {' '.join(f'conv3-{i}p1' for i in range(1, 11))}", False, 80),
        # volumes all unlike: the allocator reserves four times the peak, whatever the batch
        (f"input-64x64x4 {' '.join(f'conv3-{i * 37 % 59 + 3}p1' for i in range(60))}", False, 16),
    ],
)
def test_few_batches_are_replayed(pattern: str, learning: bool, most_replayed: int) -> None:
    replayed: list[int] = []
    run = Simulation(analyze(load_pattern(pattern)), learning, replayed.append)
    found = fit(run, 8192 * MIB, 400 * MIB)
    assert len(replayed) < most_replayed
    for batch, most in ((found.batch_possible, True), (found.batch_possible + 1, False)):
        assert (run.needs(batch, 400 * MIB).low <= 8192 * MIB) is most
    for batch, most in ((found.batch_sure, True), (found.batch_sure + 1, False)):
        assert (run.needs(batch, 400 * MIB).high <= 8192 * MIB) is most
