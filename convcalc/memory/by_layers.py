"""What is said of training where inference is counted call by call, from a program's file."""

from itertools import islice

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.findings import brief
from convcalc.memory.beforehand import as_recorded
from convcalc.memory.columns import LONG
from convcalc.memory.forward import inference
from convcalc.quantity import counted


def training_by_layers(analysis: Analysis) -> str:
    """That the layers are counted in training; '' where the program's calls make the same.

    A file says of the run in use what each call copies or overwrites, and nothing of a step of
    training. Of nets of more than 20,000 layers it is not asked.
    """
    network, settings = analysis.network, analysis.settings
    if network.run is None or len(analysis.rows) > LONG:
        return ""
    if settings.dtype in INFERENCE_ONLY:
        return ""
    if not as_recorded(settings):  # no program says what autocast makes of it: its own does
        analysis = analysis._replace(settings=settings._replace(precision=""))
    layers = analysis._replace(network=network._replace(run=None))
    program, by_layers = (_made(one) for one in (analysis, layers))
    estimate = "training is an estimate, counted by the layers:"
    if not as_recorded(settings):
        estimate += " without autocast,"
    here, there = sum(by_layers.values()), sum(program.values())
    if here != there:
        return (
            f"{estimate} in inference they make {here:,} bytes in all, "
            f"the program's calls {there:,}"
        )
    for node, here in by_layers.items():  # what one makes more another may make less
        if here != (there := program.get(node, 0)):
            name = brief(next(step.name for step in network.steps if step.place.node == node))
            return (
                f"{estimate} in inference {name} makes {here:,} bytes, the program there {there:,}"
            )
    run = network.run
    for tensor, width in run.inputs:
        name = next((s.name for s in network.steps if s.place.tensor == tensor), tensor)
        return f"{estimate} a number of {brief(name)} takes {counted(width, 'byte')} in the program"
    others = (
        (run.turned, "the gradient of {} lies in another order in the program, and is copied"),
        (run.keeps, "{} keeps what it reads in the program, its layer what it makes"),
    )
    for node, text in others:
        steps = (s for call, s in zip(run.calls, run.steps, strict=True) if call.node == node)
        step = next(steps, -1)
        if node and step >= 0:
            return f"{estimate} {text.format(brief(network.steps[step].name))}"
    return ""


def _made(analysis: Analysis) -> dict[str, int]:
    """All bytes of a run in use, whenever they are made, by the node of the layer."""
    trace, steps = inference(analysis), analysis.network.steps
    sizes = trace.sizes(analysis.settings.batch)
    found: dict[str, int] = {}
    for tensor in islice(trace.events, trace.begin, None):
        if tensor >= 0:
            node = steps[trace.steps[tensor]].place.node
            found[node] = found.get(node, 0) + sizes[trace.of[tensor]]
    return found
