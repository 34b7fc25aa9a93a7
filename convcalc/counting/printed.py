"""How tools print their figures: a few digits and a unit."""

from convcalc.counting.record import Memory, Printed

_SCALES = (("T", 10**12), ("G", 10**9), ("M", 10**6), ("K", 10**3))
_BINARY = ("B", "KB", "MB", "GB", "TB")  #: as Keras writes powers of 1024
#: how tools write digits: always so many; as Python's `round` leaves them (4.1, 40.0; ptflops); as
#: few as there are (4.1, 40; calflops and DeepSpeed); whole where the number of units is whole
#: (4.10, 40; torchinfo); so many of what is above a unit, and what is not above 1,000 too (thop)
STYLES = ("fixed", "rounded", "short", "whole", "above")


def printed(number: int, form: Printed) -> str:
    """A number of operations as a tool prints it.

    >>> printed(4132436968, Printed(2, "GMac")), printed(40551040, Printed(2, "GMac"))
    ('4.13 GMac', '40.55 MMac')
    >>> printed(423038, Printed(2, "(G)", "GM")), printed(960, Printed(2, "GMac"))
    ('0.42 (M)', '960 Mac')
    >>> printed(9895604649984, Printed(2)), printed(9895604649984, Printed(2, largest="T"))
    ('9895.60 G', '9.90 T')
    """
    letters = form.scale or "GMK"
    for letter, scale in _SCALES if form.largest == "T" else _SCALES[1:]:
        fits = number > scale if form.style == "above" else number >= scale
        fits = fits or (form.scale != "" and letter == letters[-1])
        if letter in letters + form.largest and fits:
            return f"{_digits(number, scale, form)} {form.unit.replace('G', letter, 1)}"
    if form.style == "above":
        return f"{number:.{form.digits}f} {form.unit.replace('G', 'B', 1)}"
    return f"{number} {form.unit.replace('G', '', 1)}".rstrip(" ()")


def _digits(number: int, scale: int, form: Printed) -> str:
    """How many units a number is, in the digits of the tool."""
    units = number / float(scale)  # in floating point, as the tools divide
    if form.style == "rounded":
        return str(round(units, form.digits))
    if form.style == "short":
        return f"{round(units, form.digits):g}"
    if form.style == "whole" and units.is_integer():
        return f"{int(units):,}"
    return f"{units:{',' if form.style == 'whole' else ''}.{form.digits}f}"


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
