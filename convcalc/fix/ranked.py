"""Which of the repairs that were found comes first."""

from convcalc.fix.record import Offer


def best_first(offers: list[Offer]) -> list[Offer]:
    """By rank, but rounding down alone that loses input is never first where anything repairs it.

    `--write` makes the first one: what puts up with lost input is for the author to choose. It
    comes next where the first makes the same sizes, and before what makes another net of several
    layers.
    """
    ranked = sorted(offers, key=lambda offer: offer.rank)
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
