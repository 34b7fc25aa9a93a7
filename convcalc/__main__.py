"""The command line's entry point."""

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    gc.disable()  # a short run of many small objects and no cycles worth a search
    if sys.argv[1:] == ["--version"]:  # asked for by scripts, before every run: load nothing
        from convcalc import __version__

        print(f"convcalc {__version__}")
        sys.exit(0)
    from convcalc.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
