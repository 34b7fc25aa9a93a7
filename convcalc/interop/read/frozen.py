"""What a file keeps out of training, which the memory model and the backward pass do not know."""


def of_frozen(count: int, among: int, what: str, how: str) -> str:
    """What to say of a file that freezes parameters; '' where all are trained.

    Args:
        count: how many are frozen.
        among: of how many.
        what: what is counted, in the plural.
        how: how the file writes it.
    """
    if not count:
        return ""
    which = f"{count:,} of {among:,} {what}" if count < among else f"all {what}"
    return f"{which} are frozen in the file ({how}): training counts them as trained, as all others"
