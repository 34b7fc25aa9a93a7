"""What tells the variants of a net apart, and so what a finding names: `with --set depth=3`."""

from convcalc.findings import Finding
from convcalc.study.outcome import WRITTEN

_NAMED = 3  #: variants that a finding names

#: What sets one case apart from the others of its net, axis by axis.
Variant = tuple[str, ...]


class Apart:
    """What tells the variants of a net apart."""

    def __init__(self, variants: list[Variant]) -> None:
        self._variants = variants
        self._axes, self._stated = telling(variants)
        self._alike: dict[tuple[int, ...], dict[Variant, list[Variant]]] = {}

    def axes(self, met: list[Variant]) -> tuple[int, ...]:
        """The axes that matter to what some variants have and the others have not."""
        have = set(met)
        kept = self._axes
        for axis in kept:
            rest = tuple(k for k in kept if k != axis)
            alike = self._alike_but_for(rest)
            own = {tuple([one[k] for k in rest]) for one in have}
            if all(one in have for values in own for one in alike[values]):
                kept = rest
        if not {*kept}.isdisjoint(self._stated):  # any of those of one value may be why
            kept = tuple(sorted({*kept, *self._stated}))
        return kept

    def _alike_but_for(self, rest: tuple[int, ...]) -> dict[Variant, list[Variant]]:
        """The variants by their values on some axes; thousands of findings may ask for them."""
        found = self._alike.get(rest)
        if found is None:
            found = self._alike[rest] = {}
            for one in self._variants:
                found.setdefault(tuple([one[k] for k in rest]), []).append(one)
        return found


def telling(variants: list[Variant]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes that may tell some variants apart, few of which have several values each.

    Stated ones of a single value, which are given too, all say whether it is the file as written:
    the last one does.
    """
    words = [{*column} - {WRITTEN} for column in zip(*variants, strict=True)]
    single = [axis for axis, own in enumerate(words) if len(own) < 2]
    kept = tuple(axis for axis, own in enumerate(words) if len(own) > 1 or axis == single[-1])
    return kept, tuple(single)


def named(finding: Finding, met: list[Variant], apart: Apart) -> Finding:
    """A finding with the variants that have it, where others of its net have it not.

    What makes no difference to it is left out: ``--set depth=3``, whatever the batch.
    """
    kept = apart.axes(met)
    if not kept:
        return finding
    words = [*dict.fromkeys(" ".join(dict.fromkeys([one[k] for k in kept])) for one in met)]
    more = f" and {len(words) - _NAMED:,} more" if len(words) > _NAMED else ""
    heads = [WRITTEN] if words[0] == WRITTEN else []  # it is the first of all variants
    others = " or ".join(words[len(heads) : _NAMED])
    named = " or ".join([*heads, *([f"with {others}"] if others else [])])
    return finding._replace(message=f"{finding.message} ({named}{more})")
