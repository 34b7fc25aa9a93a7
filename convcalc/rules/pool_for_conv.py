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
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts, stride_of
from convcalc.rules.replacement import accepted
from convcalc.rules.rule import Remark, Rule, Values


def check(net: NetFacts, values: Values) -> Iterator[Remark]:
    fits: dict[tuple[int, Conv], bool] = {}  # an entry may be thousands of pools
    for step in net.pools:
        layer, output = step.layer, step.output
        if not isinstance(layer, Pool) or max(stride_of(step)) < 2 or output is None:
            continue
        conv = _in_place_of(layer, output[-1])
        made = conv.sizing(net.read_by(step), net.analysis.network.roundings).output
        if made != output:
            continue
        written = net.written_alike(step)[0], conv
        if written not in fits:
            fits[written] = _fits_all_calls(net, step, conv)
        if not fits[written]:
            continue
        own = conv.parameters(net.read_by(step), made)
        cost = f"{own.learned:,} parameters and {conv.macs(net.read_by(step), made):,} MACs more"
        text = f"{step.name} could be a convolution of stride {max(conv.stride)}: {cost}"
        yield Remark(step, text, "", "a pool", (_entry(conv),))


def _in_place_of(pool: Pool, channels: int) -> Conv:
    return Conv(filters=channels, kernel=pool.kernel, stride=pool.steps, pad=pool.pad)


def _fits_all_calls(net: NetFacts, step: Step, conv: Conv) -> bool:
    """Whether the same convolution can stand in every call of a block that the pool is in."""
    for index in net.written_alike(step):
        pool, output = net.steps[index].layer, net.steps[index].output or (0,)
        if not isinstance(pool, Pool) or _in_place_of(pool, output[-1]) != conv:
            return False
    return accepted(net, step, lambda pool: conv)


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
