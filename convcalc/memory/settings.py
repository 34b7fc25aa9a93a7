"""How each setting is given: the options of every command and the arguments of every function.

To add a setting, add its field to `Settings` and to `convcalc.api.settings` (type checkers cannot
derive one from the other) and its entry to `SETTINGS`; what it contradicts goes into
`contradiction`. A test holds the three against each other.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any

from convcalc.analysis.settings import DTYPES, INFERENCE_ONLY, Settings
from convcalc.escape import shown
from convcalc.memory import parallel, precisions
from convcalc.memory.optimizers import BY_NAME, FUSED, IMPLEMENTATIONS, NAMES
from convcalc.quantity import many_digits, not_whole
from convcalc.records import NamedTuple


class Setting(NamedTuple):
    """How a setting is given. Its type is that of its default.

    True and False are a flag, integers count from `least`, other numbers from 0, texts are one of
    `choices` or whatever `check` has no complaint about.
    """

    name: str
    flag: str
    """The option on the command line, as ``--batch`` or ``--foreach/--loop``."""
    help: str = ""
    choices: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None
    """What is wrong with a text, '' for nothing."""

    @property
    def default(self) -> int | float | str | bool | None:
        """What it is where nothing is given."""
        found: int | float | str | bool | None = Settings._field_defaults[self.name]
        return found

    @property
    def least(self) -> int:
        """The smallest integer: 1, or 0 where that is the default."""
        return min(self.default, 1) if isinstance(self.default, int) else 1

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it is given by: its choices, and what turns it off where it may be off."""
        return (*self.choices, OFF) if self.name == "clip_grad" else self.choices


#: What clips no gradients, as `none` checkpoints no layers.
OFF = "none"
#: The settings that reports state as null where nothing is given.
NULL = ("checkpoint", "clip_grad")


def _malformed(text: str) -> str:
    from convcalc.memory.segments_named import malformed  # for few runs

    return malformed(text)


SETTINGS = (
    Setting("batch", "--batch", "Batch size."),
    Setting("dtype", "--dtype", "The numbers' type.", tuple(DTYPES)),
    Setting("optimizer", "--optimizer", "The optimizer of training.", NAMES),
    Setting("weight_decay", "--weight-decay", "Weight decay of the optimizer."),
    Setting("optimizer_impl", "--optimizer-impl", "The optimizer's implementation in PyTorch.",
            IMPLEMENTATIONS),
    Setting("precision", "--precision", "Mixed or half precision (see `explain precision`).",
            precisions.NAMES),
    Setting("checkpoint", "--checkpoint",
            "Layers to checkpoint: every-block, pools, sqrt, none, seq:K or FIRST..LAST,...",
            check=_malformed),
    Setting("accumulate", "--accumulate",
            "Micro-batches a batch is split into; without --batch, each of one image."),
    Setting("clip_grad", "--clip-grad", "Clip gradients by norm or value.", ("norm", "value")),
    Setting("ema", "--ema", "Keep a moving average of the parameters."),
    Setting("keep_grads", "--keep-grads",
            "Keep gradients between steps (set_to_none=False of zero_grad)."),
    Setting("gpus", "--gpus", "GPUs of data-parallel training; --batch is for each."),
    Setting("shard", "--shard", "What the GPUs share (see `explain data-parallel`).",
            parallel.NAMES),
    Setting("augmented", "--augmented",
            "Augmented copies of the batch, in the notes' rule of thumb alone (`analyze`)."),
    Setting("prefetch", "--prefetch", "Batches loaded ahead, in that rule of thumb alone."),
)  # fmt: skip
#: What only the notes' rule of thumb counts: where the images wait is up to the input pipeline.
BY_RULE = ("augmented", "prefetch")


class SettingError(ValueError):
    """A setting that cannot be; the message names it."""


def settings_from(given: Mapping[str, object]) -> Settings:
    """The settings that keyword arguments ask for.

    Raises:
        SettingError: a value that cannot be, or two that exclude each other.
        TypeError: there is no such setting.
    """
    asked = dict(given)
    if "foreach" in asked:
        flag = asked.pop("foreach")
        if not isinstance(flag, bool):
            raise SettingError(f"foreach: expected True or False, got {shown(flag)}")
        named = "foreach" if flag else "loop"
        if asked.setdefault("optimizer_impl", named) != named:
            raise SettingError(f"optimizer_impl {asked['optimizer_impl']!r} is not foreach={flag}")
    known_only(asked)
    for setting in SETTINGS:
        if setting.name in asked:
            wrong = complaint(setting, asked[setting.name])
            if wrong:
                raise SettingError(f"{setting.name}: {wrong}")
    settings = Settings(**asked)  # type: ignore[arg-type]
    settings, conflict = completed(settings, asked)
    if conflict:
        raise SettingError(conflict)
    return settings


def known_only(given: Iterable[str], others: Mapping[str, str] = MappingProxyType({})) -> None:
    """Refuse names that are no settings; `others` says of some what is meant.

    Raises:
        TypeError: there is no such setting.
    """
    unknown = set(given) - set(Settings._fields)
    if unknown:
        from convcalc.suggest import nearest  # for few runs

        wrong = min(unknown)
        close = nearest(wrong, Settings._fields)
        hint = f"did you mean {close}?" if close else ", ".join(Settings._fields)
        hint = others.get(wrong, hint)
        if wrong in _VARIABLES:
            hint = "variables of a net are given as `variables={'width': 16}`"
        if wrong.startswith("max_"):
            hint = f"limits are given as `check(net, limits={{{wrong[4:]!r}: ...}})`"
        raise TypeError(f"no setting {wrong!r}: {hint}")


#: what others call the values of names under `vars`; the command line's is `--set`
_VARIABLES = frozenset({"set", "vars", "var", "variable", "overrides", "values"})


def completed(settings: Settings, given: Container[str]) -> tuple[Settings, str]:
    """The settings with what follows from those that were asked for, and their contradiction."""
    if settings.clip_grad in {OFF, None}:
        settings = settings._replace(clip_grad="")
    if settings.checkpoint is None:  # as reports state it
        settings = settings._replace(checkpoint="")
    if "dtype" not in given:
        settings = precisions.with_precision(settings, settings.precision)
    if "batch" not in given:
        settings = settings._replace(batch=settings.accumulate)
    return settings, contradiction(settings, given)


def complaint(setting: Setting, value: object) -> str:
    """Why a value cannot be a setting's, '' where it can.

    >>> complaint(SETTINGS[0], 0)
    'expected a positive integer, got 0'
    """
    default = setting.default
    is_off = isinstance(value, str) and value == OFF and OFF in setting.words
    if is_off or (value is None and setting.name in NULL):
        return ""
    number = "expected a finite number from 0 on, got {}"
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else f"expected True or False, got {shown(value)}"
    if isinstance(default, int):
        return not_whole(value, setting.least) or many_digits(value)
    if isinstance(default, float):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"expected a number, got {shown(value)}"
        if isinstance(value, int):
            return many_digits(value) or ("" if value >= 0 else number.format(shown(value)))
        return "" if isfinite(value) and value >= 0 else number.format(shown(value))
    if setting.choices:
        if isinstance(value, str) and value in setting.choices:
            return ""
        from convcalc.choices import expected_one_of  # for few runs

        return expected_one_of(setting.words, value)
    if not isinstance(value, str):
        return f"expected text, got {shown(value)}"
    return setting.check(value) if setting.check else ""


def described(settings: Settings) -> dict[str, Any]:
    """The settings as reports state them: the precision by its name, null for what is not set."""
    found = settings._asdict()
    found["precision"] = precisions.mode_of(settings).name or settings.dtype
    found["checkpoint"] = settings.checkpoint or None
    found["clip_grad"] = settings.clip_grad or None
    return found


def without_effect(given: Container[str], where: str) -> str:
    """Why a setting does nothing where only exact numbers are shown; '' for nothing of that sort.

    `given` are those that were asked for, `where` is what shows exact numbers.
    """
    flags = {setting.name: setting.flag for setting in SETTINGS}
    idle = [name for name in BY_RULE if name in given]
    if not idle:
        return ""
    return (
        f"{flags[idle[0]]} changes nothing in {where}: only the notes' rule of thumb counts it, "
        "which `convcalc analyze` shows"
    )


def asked_of(settings: Settings) -> frozenset[str]:
    """The settings that are not as they are where nothing is given."""
    pairs = zip(settings._asdict().items(), Settings(), strict=True)
    asked = {name for (name, value), default in pairs if value != default}
    mode = precisions.BY_NAME.get(settings.precision)
    if settings.batch == settings.accumulate:
        asked.discard("batch")  # it follows from the micro-batches
    if mode is not None and mode.dtype == settings.dtype:
        asked.discard("dtype")
    return frozenset(asked)


def contradiction(settings: Settings, given: Container[str]) -> str:
    """Why these settings cannot be together, and what can; '' where they can.

    `given` are those that were asked for: a default never contradicts.
    """
    if settings.optimizer_impl == "fused" and not BY_NAME[settings.optimizer].fused:
        return (
            f"{settings.optimizer} has no fused implementation: choose foreach or loop, "
            f"or one of {', '.join(FUSED)}"
        )
    mode = precisions.BY_NAME.get(settings.precision)
    if mode and mode.dtype != settings.dtype:
        return (
            f"precision {mode.name} keeps its numbers in {mode.dtype}, not in {settings.dtype}: "
            "leave the dtype out"
        )
    if settings.shard == "none" and settings.gpus > 1:
        return f"{settings.gpus} gpus: say how they share the work, such as shard ddp"
    if settings.shard != "none" and settings.gpus == 1:
        return f"shard {settings.shard} needs more than one GPU: gpus 2 or more"
    if settings.batch % settings.accumulate:
        return (
            f"a batch of {settings.batch} is not divisible by {settings.accumulate}: "
            f"accumulate needs equal micro-batches"
        )
    if settings.dtype in INFERENCE_ONLY and settings.checkpoint:
        return f"{settings.dtype} is for inference, which saves nothing to checkpoint"
    if settings.dtype in INFERENCE_ONLY and "optimizer" in given and settings.optimizer != "none":
        return (
            f"{settings.dtype} is for inference, an optimizer for training: "
            "leave the optimizer out, or choose float16"
        )
    return _idle(settings)


#: What changes a step of the optimizer alone, and what training alone.
_OF_STEP = ("weight_decay", "optimizer_impl", "clip_grad")
_OF_TRAINING = (*_OF_STEP, "accumulate", "ema", "keep_grads", "gpus", "shard")


def _idle(settings: Settings) -> str:
    """Which setting does nothing beside others, '' for none."""
    asked = asked_of(settings)
    if settings.dtype in INFERENCE_ONLY:
        idle = [name for name in _OF_TRAINING if name in asked]
        if idle:
            return (
                f"{settings.dtype} is for inference, {idle[0]} for training: leave one of them out"
            )
    idle = [name for name in _OF_STEP if name in asked]
    if settings.optimizer == "none" and idle:
        return f"without an optimizer {idle[0]} changes nothing: leave it out, or choose one"
    return ""
