"""What a file's name promises: a name that ends as another format's is refused before any work.

Names without an ending, and those that promise nothing in particular (.txt, .out), take any format.
"""

import os
from collections.abc import Iterable

import click

#: endings of names, with the formats that they may hold
_ENDINGS = {
    ".json": ("json", "gitlab", "sarif"),
    ".jsonl": ("json",),
    ".sarif": ("sarif",),
    ".csv": ("csv",),
    ".parquet": ("parquet",),
    ".md": ("markdown",),
    ".markdown": ("markdown",),
    ".html": ("html",),
    ".htm": ("html",),
    ".svg": ("svg",),
    ".xml": ("junit",),
    ".yaml": ("yaml",),
    ".yml": ("yaml",),
    ".py": ("pytorch", "keras"),
    ".onnx": ("onnx",),
    ".npz": ("npz",),
}
#: endings that people try, of formats that nothing here writes
_FOREIGN = (
    " .pdf .ps .eps .doc .docx .odt .rtf .tex .ppt .pptx .odp .xls .xlsx .ods .tsv .png .jpg .jpeg"
    " .gif .webp .bmp .tif .tiff .ipynb .zip .gz .h5 .pt .pth .pt2 .keras .tflite .pb "
)


def endings_of(form: str) -> tuple[str, ...]:
    """The endings of names that promise a format; () for text, which no ending promises."""
    return tuple(ending for ending, forms in _ENDINGS.items() if form in forms)


def suited(file: str | None, form: str, option: str = "-o", others: Iterable[str] = ()) -> None:
    """Refuse a name that ends as another format's.

    Args:
        file: what is to be written; None for standard output.
        form: the format that is written.
        option: how the file was asked for.
        others: what else `--format` can write.

    Raises:
        click.UsageError: names the format that is meant, or an ending for the one that is written.
    """
    if file is None:
        return
    stem, ending = os.path.splitext(file)
    holds = _ENDINGS.get(ending.lower(), ())
    if form in holds or not (holds or (ending and f" {ending.lower()} " in _FOREIGN)):
        return
    said = f"{option} {file}: {form} is written"
    meant = [other for other in others if other in holds]
    if meant:
        raise click.UsageError(f"{said}: add --format {' or '.join(meant)}")
    own = next(iter(endings_of(form)), ".txt")
    known = [other for other in others if other != form]
    also = f", or choose --format: {', '.join(known)}" if known else ""
    raise click.UsageError(f"{said}: name it {stem}{own}{also}")
