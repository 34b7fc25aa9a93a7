"""The `output_pad` that a transposed conv lacks, where the output of a net is a little too small.

A conv of stride S makes one size of S inputs; which one was meant is for `output_pad` to say
(Dumoulin & Visin 2016, section 4.6). Imported only where an expectation does not hold.
"""

from convcalc.findings import Severity
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.network.record import Network
from convcalc.shapes import Shape


def lengthened(network: Network, end: int, wanted: Shape) -> tuple[int, Shape] | None:
    """The layer and its `output_pad` with which a volume has the wanted size; None for none.

    It is the last one that enlarges: behind it nothing changes the size.
    """
    steps, shape = network.steps, network.steps[end].output or ()
    at = end
    while len(steps[at].inputs) == 1 and not isinstance(steps[at].layer, ConvTranspose):
        (at,) = steps[at].inputs
        if (steps[at].output or ())[:-1] != shape[:-1]:
            return None
    layer = steps[at].layer
    if not isinstance(layer, ConvTranspose) or layer.pad == "same" or len(shape) != len(wanted):
        return None
    read, axes = steps[steps[at].inputs[0]].output, len(shape) - 1
    more = [a - b for a, b in zip(wanted[:-1], shape[:-1], strict=True)]
    given = layer.output_pad * axes if len(layer.output_pad) == 1 else layer.output_pad
    padded = tuple(a + b for a, b in zip(given, more, strict=True))
    if wanted[-1] != shape[-1] or read is None or not any(more) or min(padded, default=-1) < 0:
        return None
    value = padded[:1] if len({*padded}) == 1 else padded
    size = layer.replace(output_pad=value).sizing((read,), network.roundings)
    fine = all(finding.severity is Severity.NOTE for finding in size.findings)
    made = (size.output or ())[:-1]
    return (at, value) if fine and made == wanted[:-1] else None
