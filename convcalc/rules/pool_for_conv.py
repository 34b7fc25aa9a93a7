"""
What it does
    Notes a pool that shrinks the volume and says what a convolution with the pool's window and
    stride in its place would cost. Off until asked for: `--select CC218`, or `rules:`.

Why it matters
    A pool's work can be learned: the All-CNN discards pools in favour of convolutions with a larger
    stride once in a while, and nets that generate images train better so (CS231n notes, Pooling
    Layer, Getting rid of pooling; Springenberg et al. 2014, arXiv:1412.6806). `strided-conv`
    advises the opposite.

Example that fires
    input: 32x32x3
    rules: {pool-for-conv: true}
    layers: "conv3-16 relu pool2 conv3-32 relu fc-10"

Example that does not
    input: 32x32x3
    rounding: floor
    rules: {pool-for-conv: true}
    layers: "conv3-16 relu conv3-32s2 relu fc-10"
"""

from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.layers.conv import Conv
from convcalc.layers.pool import Pool
from convcalc.rules.net import NetFacts, stride_of
from convcalc.rules.replacement import accepted
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    for row in net.pools:
        layer, output = row.step.layer, row.step.output
        if not isinstance(layer, Pool) or max(stride_of(row.step)) < 2 or output is None:
            continue
        conv = Conv(filters=output[-1], kernel=layer.kernel, stride=layer.steps, pad=layer.pad)
        made = conv.sizing(row.inputs, net.analysis.network.roundings).output
        if made != output or not accepted(net, row.step.name, conv):
            continue
        own = conv.parameters(row.inputs, made)
        cost = f"{own.learned:,} parameters and {conv.macs(row.inputs, made):,} MACs more"
        text = f"{row.step.name} could be a convolution of stride {max(conv.stride)}: {cost}"
        yield Remark(row.step, text, "", "a pool", (_entry(conv),))


def _entry(conv: Conv) -> str:
    """The convolution as an entry of a spec."""
    options = [f"filters: {conv.filters}"]
    for name in ("kernel", "stride", "pad"):
        value = getattr(conv, name)
        if value != (0,):
            plain = value if isinstance(value, str) or len(value) > 1 else value[0]
            options.append(f"{name}: {list(plain) if isinstance(plain, tuple) else plain}")
    return f"`{{conv: {{{', '.join(options)}}}}}, relu` in its place"


RULE = Rule("CC218", Severity.NOTE, check, __doc__, on=False)
