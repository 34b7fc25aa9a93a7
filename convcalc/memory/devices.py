"""Devices by name, with the memory that their makers state.

Makers of GPUs count memory in powers of two under the name GB, so 24 GB is 24 GiB here. A driver
keeps one or two per cent of it for itself, ECC in GDDR memory a sixteenth more, and on a Jetson the
operating system has its part: ``--memory`` takes what is really free. A microcontroller has
no allocator and no context: all volumes lie in one planned block of its SRAM, the weights in its
flash.
"""

import re
from typing import NamedTuple

from convcalc.memory.device import CONTEXT

_GIB = 1 << 30
_KIB = 1 << 10
_MIB = 1 << 20


class Device(NamedTuple):
    """A device to fit into."""

    name: str
    memory: int
    """Bytes for tensors: of a GPU or a shared memory, or SRAM."""
    source: str
    """Where the number is stated."""
    flash: int = 0
    """Bytes for weights, of a microcontroller; 0 elsewhere."""
    context: int = CONTEXT
    """Bytes of a CUDA context; a microcontroller has none."""
    with_ecc: int = 0
    """What CUDA shows where ECC is on, as it comes, and takes memory: the least that out-of-memory
    messages of PyTorch name as the total capacity; 0 where none is known."""
    shared: bool = False
    """Whether the operating system has its part of the memory."""


def _geforce(name: str, gibibytes: int, kind: str) -> Device:
    title = name.upper().replace("-", " ").replace("SUPER", "Super").replace("TI", "Ti")
    return Device(
        name, gibibytes * _GIB, f"NVIDIA, GeForce {title} specifications: {gibibytes} GB {kind}"
    )


def _jetson(name: str, gibibytes: int, source: str) -> Device:
    return Device(name, gibibytes * _GIB, f"{source}, shared", shared=True)


def _micro(name: str, kibibytes: int, flash: int, source: str) -> Device:
    return Device(name, kibibytes * _KIB, source, flash * _MIB, context=0)


DEVICES = (
    _geforce("gtx-1060", 6, "GDDR5"),
    _geforce("gtx-1070", 8, "GDDR5"),
    _geforce("gtx-1080", 8, "GDDR5X"),
    _geforce("gtx-1080-ti", 11, "GDDR5X"),
    _geforce("rtx-2060", 6, "GDDR6"),
    _geforce("rtx-2070", 8, "GDDR6"),
    _geforce("rtx-2080", 8, "GDDR6"),
    _geforce("rtx-2080-ti", 11, "GDDR6"),
    _geforce("rtx-3060", 12, "GDDR6"),
    _geforce("rtx-3070", 8, "GDDR6"),
    _geforce("rtx-3080", 10, "GDDR6X"),
    _geforce("rtx-3090", 24, "GDDR6X"),
    _geforce("rtx-4060", 8, "GDDR6"),
    _geforce("rtx-4070", 12, "GDDR6X"),
    _geforce("rtx-4080", 16, "GDDR6X"),
    _geforce("rtx-4090", 24, "GDDR6X"),
    _geforce("rtx-5070", 12, "GDDR7"),
    _geforce("rtx-5080", 16, "GDDR7"),
    _geforce("rtx-5090", 32, "GDDR7"),
    Device("p100", 16 * _GIB, "NVIDIA, Tesla P100 data sheet: 16 GB HBM2"),
    Device(
        "t4",
        16 * _GIB,
        "NVIDIA, T4 data sheet: 16 GB GDDR6 (15 GiB with ECC on)",
        with_ecc=29 * _GIB // 2,
    ),
    Device("v100", 16 * _GIB, "NVIDIA, V100 data sheet: 16 GB HBM2"),
    Device("v100-32gb", 32 * _GIB, "NVIDIA, V100 data sheet: 32 GB HBM2"),
    Device("l4", 24 * _GIB, "NVIDIA, L4 data sheet: 24 GB GDDR6"),
    Device("a10", 24 * _GIB, "NVIDIA, A10 data sheet: 24 GB GDDR6", with_ecc=219 * _GIB // 10),
    Device("l40s", 48 * _GIB, "NVIDIA, L40S data sheet: 48 GB GDDR6", with_ecc=444 * _GIB // 10),
    Device("a100", 40 * _GIB, "NVIDIA, A100 data sheet: 40 GB HBM2"),
    Device("a100-80gb", 80 * _GIB, "NVIDIA, A100 data sheet: 80 GB HBM2e"),
    Device("h100", 80 * _GIB, "NVIDIA, H100 data sheet: 80 GB HBM3"),
    Device("h200", 141 * _GIB, "NVIDIA, H200 data sheet: 141 GB HBM3e"),
    _jetson("jetson-nano-2gb", 2, "NVIDIA, Jetson Nano 2GB: 2 GB LPDDR4"),
    _jetson("jetson-nano", 4, "NVIDIA, Jetson Nano module: 4 GB LPDDR4"),
    _jetson("jetson-orin-nano", 8, "NVIDIA, Jetson Orin Nano 8GB: 8 GB LPDDR5"),
    _jetson("jetson-orin-nx", 16, "NVIDIA, Jetson Orin NX 16GB: 16 GB LPDDR5"),
    _jetson("jetson-agx-orin", 64, "NVIDIA, Jetson AGX Orin 64GB: 64 GB LPDDR5"),
    _micro("nrf52840", 256, 1, "Nordic, nRF52840 specification: 256 KB RAM, 1 MB flash"),
    _micro("rp2040", 264, 2, "Raspberry Pi, Pico data sheet: 264 KB SRAM, 2 MB flash"),
    _micro("stm32f746", 320, 1, "ST, STM32F746xx data sheet: 320 KB SRAM, 1 MB flash"),
    _micro("esp32-s3", 512, 8, "Espressif, ESP32-S3 data sheet: 512 KB SRAM; 8 MB flash modules"),
    _micro("stm32h743", 1024, 2, "ST, STM32H743 data sheet: 1 MB SRAM, 2 MB flash"),
)

BY_NAME = {device.name: device for device in DEVICES}


_STATED = re.compile(r"(.+?)-?([0-9]{1,4})gi?b")


def same(name: str) -> str:
    """The device whose name differs in its dashes alone, or in the memory that it has; '' for none.

    >>> same("gtx1080ti"), same("A100-40GB"), same("a100-16gb")
    ('gtx-1080-ti', 'a100', '')
    """
    bare = re.sub(r"[\s_-]", "", name.lower())
    found = next((known for known in BY_NAME if known.replace("-", "") == bare), "")
    stated = _STATED.fullmatch(name.lower())
    device = find(stated[1]) if stated and not found else None
    if device is not None and stated and device.memory == int(stated[2]) * _GIB:
        return device.name
    return found


#: what makes another card of a name, of another memory
_SUFFIX = re.compile(r"(?i)(?:[\s_-]|(?<=[0-9]))(?:ti|super|laptop|mobile|max-?q|[0-9]+ ?gi?b)\b")
_GEFORCE = re.compile(r"[gr]tx[\s_-]*([0-9]{3,4})")
_MODEL = re.compile("[0-9]{3}0")  #: a number that some GeForce card may have
_TOO_SHORT = 3  #: letters that are rarely mistyped: of an ``a40``, and a ``b200``


def misspelt(name: str) -> str:
    """The device of whose name another is a slip of the keys; '' where it may be another card.

    >>> misspelt("rtx4091"), misspelt("jetsonnano"), misspelt("rtx-3050"), misspelt("b200")
    ('rtx-4090', 'jetson-nano', '', '')
    """
    from convcalc.suggest import Suggestions, nearest

    if _SUFFIX.search(name):
        return ""
    if (card := _GEFORCE.fullmatch(name.lower())) and not _MODEL.fullmatch(card[1]):
        return nearest(name, BY_NAME)
    letters = sum(map(str.isalpha, name[:_TOO_SHORT]))
    return Suggestions().nearest(name, tuple(BY_NAME), kinds=True) if letters == _TOO_SHORT else ""


_MOST = 3  #: devices that a part of a name may mean


def holding(name: str) -> tuple[str, ...]:
    """The devices of whose names this is a later part; () where they are many.

    The first part alone is mostly another device: an ESP32 is no ESP32-S3.

    >>> holding("3060"), holding("1080"), holding("1080ti"), holding("3060 ti"), holding("rtx")
    (('rtx-3060',), ('gtx-1080', 'gtx-1080-ti'), ('gtx-1080-ti',), (), ())
    """
    bare = _plain(name).replace("-", "")
    found = tuple(known for known in BY_NAME if bare in _stretches(known.split("-")))
    return found if len(found) <= _MOST else ()


def _stretches(parts: list[str]) -> set[str]:
    """Each stretch of parts that follow each other, without the first."""
    ends = range(1, len(parts) + 1)
    return {"".join(parts[start:end]) for end in ends for start in range(1, end)}


def find(name: str) -> Device | None:
    """A device by name; blanks, underscores and a maker's name in front do not matter."""
    return BY_NAME.get(_plain(name))


def _plain(name: str) -> str:
    plain = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    for maker in ("nvidia-", "geforce-", "tesla-"):
        plain = plain.removeprefix(maker)
    return plain
