"""Budgets of memory in a spec: `inference_memory`, `training_memory`, `device_memory`.

They are checked for the budget's own `batch`, `dtype` and `optimizer`, else for the settings of the
analysis. A network is simulated only if its file asks for it.
"""

from convcalc.analysis.claims import over_budget
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import DTYPES, INFERENCE_ONLY, Settings
from convcalc.findings import Finding, Severity, order, plain
from convcalc.memory.optimizers import NAMES
from convcalc.memory.precisions import numbers
from convcalc.network.claims import MEMORIES
from convcalc.network.record import Claim
from convcalc.suggest import nearest


def with_budgets(analysis: Analysis) -> Analysis:
    """The analysis with the findings of its memory budgets."""
    claims = {claim.key: claim for claim in analysis.network.budget}
    if analysis.broken or not any(key in claims for key in MEMORIES):
        return analysis
    findings = _unknown_words(analysis, claims)
    if not findings:
        weighed = analysis._replace(settings=_settings(analysis.settings, claims))
        for key in MEMORIES:
            if key in claims:
                findings += _judged(weighed, claims[key])
    return analysis._replace(findings=order((*analysis.findings, *findings)))


def _unknown_words(analysis: Analysis, claims: dict[str, Claim]) -> list[Finding]:
    """A dtype, an optimizer or a batch that there is not."""
    found = []
    for key, known in (("dtype", tuple(DTYPES)), ("optimizer", NAMES)):
        claim = claims.get(key)
        if claim is not None and claim.value not in known:
            word = plain(str(claim.value))
            close = nearest(word, known)
            help = f"did you mean `{close}`?" if close else f"known: {', '.join(known)}"
            found.append(_bad(analysis, claim, f"no {key} {word!r}", help))
    batch = claims.get("batch")
    if batch is not None and not batch.value:
        found.append(_bad(analysis, batch, "batch: expected a positive count, got 0", "`batch: 1`"))
    training = claims.get("training_memory")
    dtype = claims["dtype"].value if "dtype" in claims else analysis.settings.dtype
    if training is not None and dtype in INFERENCE_ONLY:
        text = f"{dtype} is for inference: there is no training to budget"
        found.append(_bad(analysis, training, text, "`inference_memory` takes it"))
    return found


def _bad(analysis: Analysis, claim: Claim, message: str, help: str) -> Finding:
    path, span = analysis.network.source.path, claim.span
    return Finding("CC014", Severity.ERROR, message, path, span, "", help=(help,))


def _settings(given: Settings, claims: dict[str, Claim]) -> Settings:
    """The budget's settings over the given ones."""
    own = {key: claims[key].value for key in ("batch", "dtype", "optimizer") if key in claims}
    return given._replace(**own)  # type: ignore[arg-type]


def _judged(analysis: Analysis, claim: Claim) -> list[Finding]:
    """The finding that a peak, or what a device will show, is over its budget."""
    from convcalc.memory.device import CONTEXT  # what follows is needed for few files
    from convcalc.memory.fit import Run

    assert isinstance(claim.value, int), "a budget of memory is in bytes"
    settings, limit = analysis.settings, claim.value
    learning = claim.key != "inference_memory" and settings.dtype not in INFERENCE_ONLY
    run = Run(analysis, learning)
    parts = settings.accumulate if learning else 1
    batch = settings.batch // parts
    how = f"batch {settings.batch}, {numbers(settings)}"
    how += f", {settings.optimizer}" if learning else ""
    if claim.key != "device_memory":
        actual = run.peak(batch)
        if actual <= limit:
            return []
        most = run.largest_logical(limit) * parts
        help = f"batch {most} is the largest within it" if most else "not even batch 1 is within it"
        return [over_budget(analysis.network, claim, actual, f" bytes with {how}", (help,))]
    needs = run.needs(batch, CONTEXT)
    if needs.high <= limit:
        return []
    most = run.largest_sure(limit, CONTEXT) * parts
    help = f"batch {most} surely fits" if most else "not even batch 1 surely fits"
    surely = needs.low > limit
    found = over_budget(
        analysis.network,
        claim,
        needs.low if surely else needs.high,
        f" bytes {'or more' if surely else 'at worst'} with {how}",
        (help,),
    )
    return [found if surely else found._replace(severity=Severity.WARNING)]
