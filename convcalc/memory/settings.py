"""Settings that contradict each other, in one sentence: what every command refuses."""

from convcalc.analysis.record import Settings
from convcalc.memory.optimizers import BY_NAME, FUSED


def contradiction(settings: Settings) -> str | None:
    """Why these settings cannot be together, and what can; None where they can."""
    if settings.optimizer_impl == "fused" and not BY_NAME[settings.optimizer].fused:
        return (
            f"{settings.optimizer} has no fused implementation: choose foreach or loop, "
            f"or one of {', '.join(FUSED)}"
        )
    return None
