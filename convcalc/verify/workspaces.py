"""What the layers of a run work in, asked of the kernels before anything is allocated."""

from convcalc.analysis.record import Analysis
from convcalc.backend.weights import kernel_shape
from convcalc.backend.workspace import workspace
from convcalc.shapes import Shape
from convcalc.verify.plan import Plan
from convcalc.verify.weights import wanted


def workspaces(analysis: Analysis, run: Plan, exact: bool = False) -> dict[int, int]:
    """Bytes of working memory of every step of a run; alike layers are asked once."""
    steps, settings = analysis.network.steps, analysis.settings
    arrays: dict[int, dict[str, Shape]] = {}
    for one in wanted(analysis, run):
        arrays.setdefault(one.step, {})[one.learned.name] = kernel_shape(one.learned)
    known: dict[object, int] = {}
    found = {}
    for index in run.steps:
        step = steps[index]
        assert step.layer is not None, "only sized nets run"
        like = () if step.like is None else (step.like,)
        inputs = [(settings.batch, *(steps[i].output or ())) for i in (*step.inputs, *like)]
        in_place = analysis.rows[index].in_place
        made = () if in_place else (settings.batch, *(step.output or ()))
        own = arrays.get(run.owners[index], {})
        alike = (step.layer, *inputs, made, *own.items())
        if alike not in known:
            known[alike] = workspace(
                step.layer, analysis.network.roundings, inputs, made, own, settings.dtype, exact
            )
        found[index] = known[alike]
    return found
