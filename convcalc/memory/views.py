"""Layers that overwrite a view: what autograd copies of their gradients."""

from convcalc.layers.traits import Family
from convcalc.memory.forward import Forward


def overwriting_views(forward: Forward) -> dict[int, bool]:
    """The layers that overwrite a view of another volume, and which are the last to do so.

    Views are flattened volumes, an instance norm's output and that of a pool of one axis. The last
    one's gradient is brought into the shape of what it is a view of: it is copied. A cut of
    one axis is a view that overwrites nothing.
    """
    views: set[int] = set()
    found: dict[int, bool] = {}
    by: dict[int, int] = {}
    for step, row in enumerate(forward.rows):
        layer, tensors = row.step.layer, forward.layers[step]
        if layer is None or tensors is None:
            continue
        source = row.step.inputs[0]
        view = tensors.view and source in views
        if view and source in by:
            by[step] = by[source]
        if view and not layer.is_view and layer.family is not Family.REARRANGEMENT:
            if step in by:
                found[by[step]] = False
            found[step], by[step] = True, step
        if view or tensors.saved.output_is_view or (tensors.view and tensors.saved.handed_as_view):
            views.add(step)
    return found
