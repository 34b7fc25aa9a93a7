"""What `check` says of an `expect` that no case of its file was held against."""

from collections.abc import Iterable


def left_aside(cases: Iterable[tuple[str, bool]]) -> list[str]:
    """A remark about nets that expect something, none of whose cases is the file as written.

    `cases`: what each net is called, and whether what it expects was left aside.
    """
    aside: dict[str, bool] = {}
    for path, left in cases:
        aside[path] = left and aside.get(path, True)
    named = [path for path, left in aside.items() if left]
    if not named:
        return []
    first, *more = named
    which = f"{first} and {len(more):,} more" if more else first
    return [
        f"Note: {which}: `expect` holds for the file as it is written, it was not compared under "
        "--input, --set or --rounding"
    ]
