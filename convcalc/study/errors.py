"""Why a question has no answer: it could not be asked, or the net has errors."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convcalc.findings import Finding
    from convcalc.study.outcome import Outcome
    from convcalc.verify.checks import Shortage


class RequestError(ValueError):
    """A request that cannot be answered as it was made; the message says what to do instead."""


class LoadError(RequestError):
    """There is nothing to read: no such file or net, or an invalid argument."""


class NoInputError(LoadError):
    """A net that states no size of its input: it is one with `--input` alone."""


class HungGitError(LoadError):
    """Git gave no answer and was stopped: another would wait as long, and none is started."""


class ShortageError(RequestError):
    """A run that this machine's memory does not hold; `shortage` has the bytes."""

    def __init__(self, shortage: "Shortage") -> None:
        self.shortage = shortage
        needs, free = shortage.needs, shortage.free
        super().__init__(f"the run needs {needs:,} bytes, {free:,} are free")


class NetError(ValueError):
    """A net has errors, and the question needs a net without: `findings` are all that it has."""

    def __init__(self, outcome: "Outcome", findings: "tuple[Finding, ...]" = ()) -> None:
        self.outcome = outcome
        self.findings = findings or outcome.findings
        super().__init__(outcome, findings)

    def __str__(self) -> str:
        from convcalc.findings import Severity

        return "\n".join(str(f) for f in self.findings if f.severity is Severity.ERROR)


class AnsweredError(NetError):
    """The same of a net about which all is said that can be: the answer is there."""
