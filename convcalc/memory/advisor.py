"""Which layers to checkpoint so that a batch fits: plans that were simulated, cheapest first.

The search plans on the costs of one plain step (`segment_search`); every plan in the answer was
then simulated whole, and what it needs is that simulation's.
"""

from collections.abc import Iterator

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.memory.allocator import replay
from convcalc.memory.beforehand import TakenApart
from convcalc.memory.device import device_range, extra_bytes
from convcalc.memory.fit import Simulation
from convcalc.memory.plans import Advice, Checkpoints, undominated
from convcalc.memory.precisions import numbers, with_precision
from convcalc.memory.remedies import MOST_TRIED, work_of
from convcalc.memory.segment_blocks import Blocks
from convcalc.memory.segment_costs import costs
from convcalc.memory.segment_search import Search
from convcalc.memory.segments import Span, segments_of
from convcalc.memory.segments_named import fault
from convcalc.memory.segments_named import spans as spans_by_rule
from convcalc.memory.trace import Trace
from convcalc.memory.training import trained
from convcalc.memory.work import PLANNED, RECORDED, REPLAYED, Work
from convcalc.progress import Parts
from convcalc.quantity import counted

#: Plans between the least memory and no checkpointing that make up the list.
_STEPS = 8
#: Times that a plan which turned out too large is made anew under a lower limit.
_TRIES = 5
#: Segments that are tried to be left out of a plan.
_PRUNED = 6
#: Rules that are tried where no searched plan surely fits.
_RULES = ("seq:4", "seq:6", "seq:8", "seq:16", "every-block")
#: Sizes of micro-batches that are tried, from the largest that fits down, before single images.
_SIZES = 100_000
#: Layers that all plans together go through: nets of a thousand layers have them all.
_MOST_WORK = 600_000

#: What may be left untried of a long net.
BY_RULE, SEGMENTS = "plans by rule", "segments"


def advise(
    analysis: Analysis,
    memory: int,
    context: int,
    most: float | None = None,
    parts: Parts | None = None,
) -> Advice:
    """Plans for the batch of the settings on a device; `most` bounds the extra compute."""
    parts = parts or Parts()
    layers = work_of(analysis)
    work = Work(_MOST_WORK + (RECORDED + REPLAYED) * layers, layers)  # the plain step in any case
    advisor = _Advisor(analysis, context, parts, work)
    parts.expect(1)
    parts.begin("without checkpointing")
    plain = advisor.simulated(())
    chosen = plain if plain.needs.high <= memory else advisor.within(memory)
    plans = list(advisor.curve())
    if chosen is not None and chosen.segments:
        plans.append(chosen)
    if most is not None:
        macs = analysis.totals.macs or 0
        plans = [plan for plan in plans if plan.extra_compute(macs) <= most]
        if chosen is not None and chosen.extra_compute(macs) > most:
            chosen = None
    listed = undominated(plain, plans)
    fitting = [plan for plan in (plain, *plans) if plan.needs.high <= memory]
    if plain in fitting:
        chosen = plain
    elif fitting:
        chosen = min(fitting, key=lambda plan: (plan.recomputed_macs, plan.peak))
        if chosen.segments and chosen not in listed:
            by_compute = sorted((*listed, chosen), key=lambda plan: plan.recomputed_macs)
            listed = tuple(by_compute)
    others = () if plain.needs.high <= memory else tuple(_others(advisor, memory))
    return Advice(
        analysis.settings.batch, memory, plain, listed, chosen, others,
        *advisor.looked_at, work.untried,
    )  # fmt: skip


class _Advisor:
    """Plans for one network and one batch."""

    def __init__(
        self,
        analysis: Analysis,
        context: int,
        parts: Parts,
        work: Work,
        taking_apart: TakenApart | None = None,
        beside: str = "",
    ) -> None:
        self.analysis = analysis
        self.context = context
        self.parts = parts
        self.work = work
        self.taking_apart = taking_apart or TakenApart()
        self.beside = beside
        self.batch = analysis.settings.micro_batch
        self._searches: tuple[Search, Search] | None = None

    @property
    def searches(self) -> tuple[Search, Search]:
        """For many segments and for few, made when they are first asked for."""
        if self._searches is None:
            self.work.spend(RECORDED + PLANNED)
            self.parts.expect(2)
            self.parts.begin("costs of a step")
            found = costs(self.analysis, self.batch, self.taking_apart)
            self.parts.begin("segments")
            blocks = Blocks(found, lambda done, cuts: self.parts.at(f"cut {done} of {cuts}"))
            self._searches = (Search(blocks, sharing=False), Search(blocks, sharing=True))
        return self._searches

    @property
    def looked_at(self) -> tuple[int, int]:
        """Positions where segments were tried to begin and end, of how many."""
        search = None if self._searches is None else self._searches[0]
        return (0, 0) if search is None else (len(search.cuts) - 2, search.positions)

    def with_settings(self, settings: Settings, beside: str) -> "_Advisor":
        """The same for other settings of the network."""
        analysis = self.analysis._replace(settings=settings)
        return _Advisor(analysis, self.context, self.parts, self.work, self.taking_apart, beside)

    def traced(self, spans: tuple[Span, ...]) -> Trace:
        """A step with these segments."""
        if spans:
            self.parts.at(f"a plan of {counted(len(spans), 'segment')}")
        self.work.spend(RECORDED)
        segments = segments_of(self.analysis.rows, spans)
        return trained(self.analysis, self.batch, segments, self.taking_apart)

    def simulated(self, spans: tuple[Span, ...], trace: Trace | None = None) -> Checkpoints:
        """A plan with these segments, from the trace of a step where there is one."""
        rows, trace = self.analysis.rows, trace or self.traced(spans)
        self.work.spend(REPLAYED)
        again = sum(rows[step].macs or 0 for step in trace.recomputed)
        needs = device_range(replay(trace, self.batch), self.context)
        return Checkpoints(spans, max(trace.live(self.batch)), needs, again, self.analysis.settings)

    def curve(self) -> Iterator[Checkpoints]:
        """Plans from the least memory up."""
        with self.work.trying(f"all lines of the list{self.beside}"):
            yield from self._curve()

    def _curve(self) -> Iterator[Checkpoints]:
        many, few = self.searches
        least, peak = many.least(), many.peak
        seen = set()
        self.parts.expect(_STEPS)
        for number in range(_STEPS):
            self.parts.begin("plans")
            search = many if number < _STEPS // 2 else few
            spans = search.best(round(least * (peak / least) ** (number / _STEPS)))
            if spans and spans not in seen:
                seen.add(spans)
                yield self.simulated(spans)

    def within(self, memory: int) -> Checkpoints | None:
        """The plan that computes least of those that surely fit, as far as the searches see."""
        found: list[Checkpoints] = []
        with self.work.trying(SEGMENTS + self.beside):
            for search in self.searches:
                found += filter(None, [self._within(search, memory)])
        if not found:
            with self.work.trying(BY_RULE + self.beside):
                found.extend(self._by_rule(memory))
        if not found:
            return None
        return self._pruned(min(found, key=lambda plan: plan.recomputed_macs), memory)

    def _by_rule(self, memory: int) -> Iterator[Checkpoints]:
        """Plans by rule that surely fit: what is lost between blocks is not in the searches."""
        if work_of(self.analysis) > MOST_TRIED:
            return
        rules = [rule for rule in _RULES if not fault(self.analysis.network, rule)]
        self.parts.expect(len(rules))
        for rule in rules:
            self.parts.begin(rule)
            plan, _ = self._tried(spans_by_rule(self.analysis.network, rule), memory)
            if plan is not None:
                yield plan

    def _within(self, search: Search, memory: int) -> Checkpoints | None:
        limit = (memory - extra_bytes(self.context)) * 10 // 13
        limit += limit // 32  # costs overlap a little: a plan often needs less than was planned
        self.parts.expect(1)
        self.parts.begin("the cheapest that fits")
        for _ in range(_TRIES):
            spans = search.best(limit)
            if spans is None:
                return None
            plan, over = self._tried(spans, memory)
            if plan is not None:
                return plan
            limit -= max(over * 10 // 13, limit // 64)
        return None

    def _tried(self, spans: tuple[Span, ...], memory: int) -> tuple[Checkpoints | None, int]:
        """A plan with these segments if it surely fits, else the bytes that are missing.

        Where the exact peak is too large already no allocator is asked.
        """
        trace = self.traced(spans)
        over = 13 * max(trace.live(self.batch)) // 10 + extra_bytes(self.context) - memory
        if over > 0:
            return None, over
        plan = self.simulated(spans, trace)
        over = plan.needs.high - memory
        return (plan if over <= 0 else None), over

    def _pruned(self, plan: Checkpoints, memory: int) -> Checkpoints:
        """The plan without the segments that it does not need to fit, the dearest first."""
        rows = self.analysis.rows
        dearest = sorted(
            plan.segments, key=lambda span: -sum(row.macs or 0 for row in rows[span[0] : span[1]])
        )
        tried = dearest[:_PRUNED]
        self.parts.expect(len(tried))
        with self.work.trying(f"fewer segments{self.beside}"):
            for span in tried:
                self.parts.begin("fewer segments")
                rest = tuple(kept for kept in plan.segments if kept != span)
                plan = self._tried(rest, memory)[0] or plan
        return plan


def _others(plain: _Advisor, memory: int) -> Iterator[Checkpoints]:
    """Mixed precision alone and with segments; the fewest micro-batches that fit."""
    settings, parts, work = plain.analysis.settings, plain.parts, plain.work
    if numbers(settings) in {"float32", "fp32"}:
        half = with_precision(settings, "amp-bf16")
        advisor = plain.with_settings(half, " in mixed precision")
        parts.expect(1)
        parts.begin("mixed precision")
        with work.trying("mixed precision"):
            alone = advisor.simulated(())
            yield alone
            if alone.needs.high > memory:
                plan = advisor.within(memory)
                if plan is not None:
                    yield plan
    parts.expect(1)
    parts.begin("micro-batches")
    with work.trying("micro-batches"):
        number = _micro_batches(plain, memory)
        if number:
            yield plain.with_settings(settings._replace(accumulate=number), "").simulated(())


def _micro_batches(plain: _Advisor, memory: int) -> int:
    """The fewest equal parts of a batch that surely fit one by one; 0 where none does.

    None is smaller than what the net is trained with.
    """
    settings, work = plain.analysis.settings, plain.work
    least = settings.accumulate + 1
    added = plain.analysis._replace(settings=settings._replace(accumulate=least))
    work.spend(RECORDED)
    run = Simulation(added, True, lambda batch: work.spend(REPLAYED), plain.taking_apart)
    most = run.largest_sure(memory, plain.context)
    if settings.batch < least or not most:
        return 0
    most = min(most, settings.batch // least)
    sizes = range(most, max(most - _SIZES, run.least - 1), -1)
    found = next((size for size in sizes if not settings.batch % size), 0)
    if not found and run.least == 1:
        found = 1
    return settings.batch // found if found else 0
