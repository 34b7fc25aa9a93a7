"""What `sizes` shows."""

from typing import NamedTuple

from convcalc.network.record import Network
from convcalc.sizes.legal import LegalSizes


class SizesView(NamedTuple):
    """A net, what was found of the sizes asked about, and that question in words."""

    network: Network
    found: LegalSizes
    asked: str
    square: bool
    """Whether every axis has the same size: sizes are numbers then."""
