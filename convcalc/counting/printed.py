"""How tools print their figures: a few digits and a unit."""

from convcalc.counting.record import Memory, Printed

_SCALES = (("G", 10**9), ("M", 10**6), ("K", 10**3))
_BINARY = ("B", "KB", "MB", "GB", "TB")  #: as Keras writes powers of 1024


def printed(number: int, form: Printed) -> str:
    """A number of operations as a tool prints it.

    >>> printed(4132436968, Printed(2, "GMac")), printed(40551040, Printed(2, "GMac"))
    ('4.13 GMac', '40.55 MMac')
    >>> printed(423038, Printed(2, "(G)", "GM")), printed(960, Printed(2, "GMac"))
    ('0.42 (M)', '960 Mac')
    """
    letters = form.scale or "GMK"
    for letter, scale in _SCALES:
        fits = number >= scale or (form.scale and letter == letters[-1])
        if letter in letters and fits:
            return f"{number / scale:.{form.digits}f} {form.unit.replace('G', letter, 1)}"
    return f"{number} {form.unit.replace('G', '', 1)}".rstrip(" ()")


def printed_bytes(number: int, memory: Memory) -> str:
    """Bytes as a tool prints them: in MB of 10^6, or in the unit of 1024s that fits.

    >>> from convcalc.counting.record import Table
    >>> printed_bytes(177831744, Memory("", "", Table({}), "MB"))
    '177.83 MB'
    """
    if memory.unit == "MB":
        return f"{number / 10**6:.2f} MB"
    value, unit = float(number), 0
    while value >= 1024 and unit < len(_BINARY) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.2f} {_BINARY[unit]}"
