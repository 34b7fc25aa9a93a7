"""Which of the repairs that were found comes first."""

from convcalc.fix.record import Offer


def best_first(offers: list[Offer]) -> list[Offer]:
    """By rank, but rounding down alone that loses input is never first where anything repairs it.

    `--write` makes the first one: what puts up with lost input is for the author to choose. It
    comes next where the first makes the same sizes, and before what makes another net of several
    layers.
    """
    ranked = _usual_first(sorted(offers, key=lambda offer: offer.rank))
    downs = [offer for offer in ranked if offer.only_floors]
    if not downs:
        return ranked
    if ranked[0] is downs[0] and downs[0].warnings:
        for other in ranked:
            if not other.only_floors and other.left == downs[0].left:
                ranked.remove(other)
                ranked.insert(0, other)
                break
    place = ranked.index(downs[0])
    several = (at for at, offer in enumerate(ranked) if offer.reach > 2 and len(offer.changes) > 1)
    if ranked[0] is downs[0]:
        return ranked
    place = 1 if ranked[0].only_trims else min(place, max(1, next(several, place)))
    ranked.remove(downs[0])
    ranked.insert(place, downs[0])
    return ranked


def _usual_first(ranked: list[Offer]) -> list[Offer]:
    """The first that pads no layer by more than half of its window; none where all do."""
    usual = (offer for offer in ranked if not any(change.overpads for change in offer.changes))
    first = next(usual, None)
    return [] if first is None else [first, *(offer for offer in ranked if offer is not first)]
