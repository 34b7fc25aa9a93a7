"""`relu6` where it is hardly the ReLU that ends at 6: the sixth of Caffe's numbered layers.

Caffe's files call the ReLU behind `fc6` so. Imported for the few files that may be meant so.
"""

import re

from convcalc.findings import Severity, plain
from convcalc.network.record import Step
from convcalc.network.remarks import Remarks

CODE = "CC133"
KIND = "relu6"
_OTHER = re.compile(r"unknown layer kind 'relu_?([02-57-9]|[1-9][0-9])'")
_SIXTH = re.compile(r"(?:\A|.*[^0-9])6\Z", re.S)
_BARE = re.compile(r"relu6_[0-9]+\Z")
_PLAIN = ("did you mean `relu`?",)
_MOST = 20  #: of them in one file


def report(steps: list[Step], remarks: Remarks) -> None:
    """Report each `relu6` that its neighbours show to be a name.

    Beside other numbered words (`relu5`, `relu7`), which are no kinds, it is an error as they are.
    Beside plain ReLUs, where every `relu6` follows a layer whose given name ends in 6, a warning:
    MobileNets have many, and behind any layer.
    """
    relus = [index for index, step in enumerate(steps) if step.kind == KIND]
    numbered = next(filter(None, map(_OTHER.match, (f.message for f in remarks.findings))), None)
    if numbered:
        text = f"`relu6` is a ReLU that ends at 6; beside `relu{numbered[1]}` it reads as a name"
        for index in relus[:_MOST]:
            place = steps[index].place
            remarks.error("CC011", text, place.kind, "ends at 6", _PLAIN, (), place.calls)
        return
    above = [steps[steps[index].inputs[0]] for index in relus]
    if not any(step.kind == "relu" for step in steps) or not all(
        _SIXTH.match(step.name) and _is_given(steps, step) for step in above
    ):
        return
    for index, before in zip(relus[:_MOST], above, strict=False):
        step = steps[index]
        if CODE in step.ignore or not _BARE.match(step.name.rpartition(".")[2]):
            continue
        text = (
            f"`relu6` is a ReLU that ends at 6; behind {plain(before.name)}, and beside plain "
            "ReLUs, it reads as a name"
        )
        help = (
            f"as a name it stands below its layer: `- relu:`, and `name: {KIND}`",
            f"`ignore: [{CODE}]` beside it, where it is to end at 6",
        )
        remarks.error(
            CODE,
            text,
            step.place.kind,
            "ends at 6",
            help,
            (),
            step.place.calls,
            step.name,
            Severity.WARNING,
        )


def _is_given(steps: list[Step], step: Step) -> bool:
    """Whether a name was given: automatic ones have the kind and count its layers."""
    own = step.name.rpartition(".")[2]
    if own != f"{step.kind}6":
        return True
    count = 0
    for other in steps:
        count += other.kind == step.kind
        if other is step:
            break
    return count != 6
