"""Numbers for people: counts in K, M, G; bytes in KiB, MiB, GiB; shares in per cent."""

_COUNT_UNITS = ("", "K", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q")
_BYTE_UNITS = ("B", *(f"{letter}iB" for letter in "KMGTPEZYRQ"))


def count(number: int) -> str:
    """Three significant digits with a decimal unit.

    >>> count(138357544), count(999), count(86704128)
    ('138 M', '999', '86.7 M')
    >>> count(2**143)  # no unit is so large
    '1.12e+43'
    """
    return _scaled(number, 1000, _COUNT_UNITS)


def size(number: int) -> str:
    """Bytes with a binary unit, never a bare MB.

    >>> size(553430176), size(512)
    ('528 MiB', '512 B')
    """
    return _scaled(number, 1024, _BYTE_UNITS)


def _scaled(number: int, base: int, units: tuple[str, ...]) -> str:
    value, unit = float(number), 0
    while value >= 999.5 and unit < len(units) - 1:
        value /= base
        unit += 1
    if value >= 999.5:
        return f"{number:.2e} {units[0]}".rstrip()
    if not unit:
        return f"{number} {units[0]}".rstrip()
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{decimals}f} {units[unit]}"


def percent(part: int, whole: int) -> str:
    """A share, as ``74 %``; one decimal below 10.

    >>> percent(3, 4), percent(1, 30), percent(0, 0), percent(1, 9999)
    ('75 %', '3.3 %', '0 %', 'under 0.1 %')
    """
    if not whole or not part:
        return "0 %"
    share = 100 * part / whole
    if share < 0.05:
        return "under 0.1 %"
    return f"{share:.0f} %" if share >= 9.95 else f"{share:.1f} %"
