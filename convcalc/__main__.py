"""The command line's entry point."""

import gc
import io
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        _main()
    except KeyboardInterrupt:  # before the command line can take care of it, or after
        leave(130, remark="interrupted\n")


def _main() -> None:
    gc.disable()  # a short run of many small objects and no cycles worth a search
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        _take_text(getattr(sys, name))
    if sys.argv[1:] == ["--version"]:  # asked for by scripts, before every run: load nothing
        from convcalc import __version__

        return leave(0, f"convcalc {__version__}\n")
    if main.__doc__ is None:  # the pages of kinds and codes are docstrings
        text = (
            "Error: PYTHONOPTIMIZE=2 and `python -OO` take convcalc's pages away: 1, or -O, works\n"
        )
        return leave(2, remark=text)
    from convcalc import process

    process.is_ours = True
    from convcalc.cli import run

    return leave(run())


def _take_text(stream: io.TextIOWrapper) -> None:
    """UTF-8 where a stream's encoding is none of texts, as idna is none of two dots."""
    try:
        "..".encode(stream.encoding or "utf-8")
    except UnicodeError:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def leave(code: int, text: str = "", remark: str = "") -> None:
    """Print the text, and the remark on stderr, and end the process at once.

    Taking the interpreter apart, object by object, would be an eighth of a short run.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        remark = f"Error: cannot write: {error.strerror}\n"
        code = 2
    try:
        sys.stderr.write(remark)
        sys.stderr.flush()
    except (OSError, ValueError):  # who does not listen changes nothing
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.getprofile() or sys.gettrace():  # somebody watches, and writes down what was seen
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    main()
