"""What the protocol's library logs, on standard error: a line each, as editors show it."""

import logging

from convcalc.escape import plain_line

_MOST = 300  #: letters of a line


class _Line(logging.Formatter):
    """A record as a line: its message and the exception, without the stack."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage().strip().splitlines() or [""]
        lines = [*said[:1], *(line.strip(" |") for line in said[1:] if "---" not in line)]
        parts = [
            lines[0],
            *lines[-1:][: len(lines) - 1],
        ]  # the last line of a stack names the error
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            text = str(error).partition("\n")[0]
            parts.append(f"{type(error).__name__}: {text}" if text else type(error).__name__)
        return plain_line(f"convcalc lsp: {': '.join(parts)}"[:_MOST])


def log_in_lines() -> None:
    """Log what goes wrong in the library so; a message that is no request is no reason for more."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    logger = logging.getLogger("pygls")
    logger.addHandler(handler)
    logger.propagate = False
