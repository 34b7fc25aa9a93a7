"""Text of `verify --equivalence`: what is the same, what is not and why."""

from convcalc.report.drawing.columns import Column, hung, lay_out, titled, wrapped
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import count
from convcalc.shapes import elements, written
from convcalc.verify.equivalence import Equivalence
from convcalc.verify.slide import Comparison

_COLUMNS = (
    Column("stride"),
    Column("map"),
    Column("passes", right=True),
    Column("differ", right=True),
    Column("mean", right=True, rank=5),
    Column("same best", right=True, rank=1),
    Column("MACs", right=True),
    Column("crop MACs", right=True),
    Column("fewer", right=True),
    Column("ms", right=True, rank=3),
    Column("crop ms", right=True, rank=4),
    Column("faster", right=True, rank=2),
)


_TIME = 6  #: columns of a time, so that a slower machine shows the same columns


def render(found: Equivalence, palette: Palette = PLAIN) -> str:
    """What is the same, what is not and why, and what one pass saves."""
    forms, borders = found.forms, found.forms.borders
    network = forms.analysis.network
    name = network.name or network.source.path
    own, image = (a.network.steps[0].output or () for a in (forms.analysis, forms.larger))
    output = forms.larger.output or ()
    slid = f"{written(own)} slid over {written(image)}"
    parts = [f"{slid}, fc as convs: map {written(output)}", *found.origin.parts]
    lines = [
        *titled(name, ", ".join(parts), palette),
        "",
    ]
    if found.maps:
        lines += [*_maps(found, palette), ""]
    lines += _same("own input", found.form_error, found, palette, "conv form, fc form")
    if forms.stays:
        lines += _line("map", "one position", _whole(found), palette)
    elif borders.identical:
        worst = max(one.error for one in found.maps)
        lines += _same("map", worst, found, palette, "every position, its crop")
    else:
        lines += _line("map", "differs", f"{_cause(found)}", palette)
    if found.inner_error is not None and not borders.identical:
        text = f"{network.steps[borders.source].name} where it sees no padding: "
        text += f"{len(borders.inner)} of {elements(borders.volume)} positions"
        lines += _same("inside", found.inner_error, found, palette, text)
    lines += [line for one in found.maps for line in _average(one, palette)]
    text = f"Shares of the largest number compared; rounding stays below {found.tolerance:.0e}."
    lines += ["", *wrapped([text], palette, 0)]
    if not borders.identical and found.maps:
        lines += wrapped(_why(found), palette, 0)
    return "\n".join(lines) + "\n"


def _maps(found: Equivalence, palette: Palette) -> list[str]:
    rows = [
        (
            _steps(one.stride),
            written(one.map),
            str(one.passes),
            f"{one.error:.1g}",
            f"{one.mean_error:.1g}",
            f"{one.same_best}/{one.positions}",
            count(one.pass_macs),
            count(one.crop_macs),
            _times(one.crop_macs, one.pass_macs),
            f"{one.pass_seconds * 1e3:{_TIME}.1f}",
            f"{one.crop_seconds * 1e3:{_TIME}.1f}",
            _times(one.crop_seconds, one.pass_seconds),
        )
        for one in found.maps
    ]
    return lay_out(_COLUMNS, rows, palette)


def _times(crops: float, passes: float) -> str:
    return f"{crops / passes:.1f}x" if passes else ""


def _same(name: str, error: float, found: Equivalence, palette: Palette, what: str) -> list[str]:
    same = error <= found.tolerance
    value = "identical" if same else palette.paint(f"{'differs':12}", "error")
    bound = f"{error:.1g} {'<=' if same else '>'} {found.tolerance:.0e}"
    return _line(name, value, f"{what}: {bound}", palette)


def _line(name: str, value: str, remark: str, palette: Palette) -> list[str]:
    label = f"{name:10} {'':12} "
    painted = f"{palette.paint(f'{name:10}', 'bold')} {value:12} "
    return hung(label, remark, palette.width, painted=painted)


def _average(one: Comparison, palette: Palette) -> list[str]:
    """The scores averaged over the map's positions, as the notes do at test time."""
    mean = one.average
    beside = "the crops' too" if mean.crops_best == mean.best else f"the crops' {mean.crops_best}"
    text = f"scores over {one.positions} positions; {beside}, {mean.error:.1g} off"
    return _line("average", f"best {mean.best}", text, palette)


def _cause(found: Equivalence) -> str:
    borders = found.forms.borders
    if borders.elsewhere:
        return f"{_names(borders.elsewhere)}: not made from windows alone"
    return f"padding, of {_names(borders.padded)}"


def _why(found: Equivalence) -> list[str]:
    if found.forms.borders.elsewhere:
        return [
            "Some numbers depend on the size of the image, or on all of it: a crop alone makes "
            "others than the same place of a larger image."
        ]
    return [
        "At its border a crop alone reads zeros where the pass reads the crop's neighbours. Map "
        "and crops are identical only without padding before the fc."
    ]


def _whole(found: Equivalence) -> str:
    if not found.forms.borders.elsewhere:
        return "at this --input: a larger one makes more"
    return f"{_names(found.forms.borders.elsewhere)}: one position of an image of any size"


def _names(names: tuple[str, ...]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more layers"
    return " and ".join(names)


def _steps(stride: tuple[int, ...]) -> str:
    return str(stride[0]) if len(set(stride)) == 1 else written(stride)
