"""`check --fix` on one file: offer repairs, show the first as a diff, write it if asked."""

import os
import stat
from pathlib import Path

import click

from convcalc.cli.output import Output, failed, palette, write
from convcalc.files import read_at_most
from convcalc.findings import Severity, plain
from convcalc.fix.record import Offer
from convcalc.fix.search import offers
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.process import collect_seldom
from convcalc.quantity import counted
from convcalc.report.fixes.text import offers_text
from convcalc.rules.advise import Selection, not_turned_off
from convcalc.study.errors import LoadError
from convcalc.study.links import leads_out
from convcalc.study.outcome import Case, study
from convcalc.tree.decode import TRUSTED, Limits, decode

_WHICH = "only you know which edit is meant"


def fix_all(
    specs: list[str],
    trusted: bool,
    number: int | None,
    every: bool,
    selection: Selection,
    out: Output,
) -> Network | None:
    """Offer repairs of each spec, and write the one of that number; the check comes after.

    Number 0 is the first one, but none that changes only what the file expects. What a `selection`
    or the file's own `rules:` turn off is not repaired. Gives the net of a single spec that no
    repair is written to: reading it again for the check would take as long once more.

    Raises:
        click.ClickException: a file should be written and cannot be; it is not changed then.
    """
    most, least, asks = 0, False, False
    kept: Network | None = None
    collect_seldom()  # every repair that is tried is a net
    if out.format != "text":
        raise click.UsageError("--fix is for people: leave out --format")
    for spec in specs:
        if spec == "-":
            raise failed("--fix needs a file, not standard input")
        try:
            found = study(Case(spec, trusted=trusted, selection=selection))
        except LoadError:
            continue  # the check that follows says so, and goes on with the others
        repairs = _fixed(spec, found.network, number, every, selection, trusted, out)
        if len(specs) == 1 and number is None and not found.remark:
            kept = found.network
        most = max(most, len(repairs))
        least = least or any(not offer.restates for offer in repairs)
        asks = asks or any(offer.asks for offer in repairs)
    if number is None and most and not least:
        out.tell("`--write 1` makes this edit: `--write` alone changes no expectation")
    elif number is None and asks:
        out.tell(f"{_WHICH}: `--write 1` makes the first edit, `--write 2` the second")
    elif number is None and most:
        other = ", `--write 2` the second" if most > 1 else ""
        out.tell(f"`--write` makes {'the first edit' if other else 'this edit'}{other}")
    return kept


def _fixed(
    spec: str,
    network: Network,
    number: int | None,
    every: bool,
    selection: Selection,
    trusted: bool,
    out: Output,
) -> list[Offer]:
    """Show the repairs of a spec, and write one; gives them all."""
    work = Work(selection=selection, limits=TRUSTED if trusted else Limits())
    found = network._replace(findings=not_turned_off(network.findings, network, selection))
    repairs = offers(found, work)
    if not repairs and all(f.severity is Severity.NOTE for f in found.findings):
        return []
    if number is not None and repairs and number > len(repairs):
        count = counted(len(repairs), "repair")
        raise failed(f"{plain(spec)} has {count}, none of number {number}: nothing was changed")
    chosen = (number or 1) - 1
    kept = number == 0 and bool(repairs) and (repairs[0].restates or repairs[0].asks)
    if not out.quiet:
        writes = number is not None and not kept
        style, untried = palette(out.color, None), tuple(work.untried)
        text = offers_text(found, repairs, style, chosen, every, writes, untried, (*work.broken,))
        write(f"{text}\n", None)
    if kept and repairs[0].asks:
        out.tell(f"{plain(spec)} is as it was: {_WHICH}, `--write 1` or `--write 2`")
    elif kept:
        out.tell(f"{plain(spec)} is as it was: `--write 1` changes what it expects")
    elif number is not None and repairs:
        path = _writable(spec)
        _unchanged(path, found.source.text)
        bom = "\ufeff" if read_at_most(str(path), 3) == b"\xef\xbb\xbf" else ""
        write(bom + repairs[chosen].text, str(path))
        out.tell(f"wrote {plain(spec)}")
    return repairs


def _writable(spec: str) -> Path:
    """The file that a spec names, links followed, if it may be written."""
    if not Path(spec).is_file():
        raise failed(
            f"{spec} is bundled: copy it with `convcalc show {spec} -o FILE`, then repair that"
        )
    wrong = leads_out(spec)
    if wrong:
        raise failed(wrong)
    path = Path(os.path.realpath(spec))
    if not stat.S_IMODE(path.stat().st_mode) & 0o222 or not os.access(path, os.W_OK):
        raise failed(f"{plain(spec)} is read-only: nothing was changed")
    return path


def _unchanged(path: Path, text: str) -> None:
    """Refuse a file that is no longer what was read."""
    try:
        data = read_at_most(str(path), 4 * len(text) + 8)  # UTF-8 takes no more
    except OSError as error:
        raise failed(f"cannot read {path} again: {error.strerror}") from error
    if decode(str(path), data, TRUSTED)[0].text != text:
        raise failed(f"{path} has changed meanwhile: nothing was written, check it again")
