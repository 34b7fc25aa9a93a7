"""Words with numbers that are nearly a short form: ``fc10``, ``conv-64-3``, ``deconv4-32s2p1``.

Every number of the word is in what is offered: a suggestion is an edit that `--fix` makes. Imported
only where something is wrong.
"""

import re
from typing import Any

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Option
from convcalc.shapes import Shape
from convcalc.spec.counts_behind import behind
from convcalc.spec.foreign.asked import NotCertainError
from convcalc.spec.foreign.meanings import meant as keras
from convcalc.spec.foreign.ours import kind_named
from convcalc.spec.letters import alone, in_place, lacking
from convcalc.spec.shortforms import Options, expand
from convcalc.suggest import Suggestions

_FC = r"(?:fc|dense|linear)[-_ ]?([1-9][0-9]*)\Z"
_CONV = r"conv[-_]?([0-9]+(?:x[0-9]+)*)(?:[-_]([0-9]+))?(.*)\Z"
_NAME = r"(?:conv[1-9]_[1-9]|skip_?[0-9]+)\Z"  #: as VGG's layers are called, and what merges read
_POOL = r"((?:max|avg)?)[-_]?pool[-_]?([1-9][0-9]*(?:x[0-9]+)*)(.*)\Z"
_RANK = re.compile(r"(?<=[a-z])[123]d(?=[-_]?[0-9])")  #: of ``conv2d-64``
_LETTERED = re.compile(r"(?:conv|pool)[123]d[0-9]")  #: a kernel and its dilation, perhaps
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
LARGEST_KERNEL = 11  #: ``conv64`` means 64 filters, ``conv7`` a kernel
#: the words that short forms begin with
HEADS = ("conv", "pool", "maxpool", "avgpool", "fc")
#: depthwise and pointwise in one layer of other tools
_SEPARABLE = re.compile(r"(?:sep(?:arable)?|ds|dwsep)_?conv(?:olution)?(?:[123]d)?[-_]?")
_BEFORE_NUMBER = re.compile(r"[a-z][-_]?(?=[0-9])")
_CHANNELS = re.compile(r"[-_][0-9]+\Z|[1-9][0-9]+\Z")  #: bn1 is the first, bn-32 and bn32 have 32
_SIZES = r"\A[0-9]+(?:x[0-9]+)*"


def meant(
    word: str,
    suggest: Suggestions,
    given: bool = False,
    below: dict[str, str] | None = None,
    shape: Shape | None = None,
) -> tuple[str, ...]:
    """What to type for a word that nearly is a short form; () where it is like none.

    `given` says that a value follows the word; `below` are its options, where it is a mapping;
    `shape` is what arrives.
    """
    if word != word.lower() and expand(word.lower()):
        return (f"did you mean `{word.lower()}`?",)
    lowered = _LEADING_ZEROS.sub("", word.lower())
    if not _LETTERED.match(lowered):
        lowered = _RANK.sub("", lowered)
    lowered = in_place(lowered, shape)
    if lowered != word.lower() and expand(lowered):
        return (f"did you mean `{lowered}`?",)
    separable = _SEPARABLE.match(lowered)
    if separable and below and below.get("filters", "").isdigit() and "-" not in lowered:
        strided = f"s{below['stride']}" if below.get("stride", "").isdigit() else ""
        kernel = lowered[separable.end() :] or below.get("kernel", "3")
        lowered = f"{separable[0]}{kernel}-{below['filters']}{strided}"
    if word[:5] == "Dense" and (units := re.match(_FC, lowered)):
        try:
            keras("Dense", {"units": int(units[1])}, shape)
        except NotCertainError as error:
            return (str(error),)
    help = _form(lowered, shape) or _of_a_kind(lowered, suggest) or _mistyped(word.lower(), suggest)
    if given and ": {" in "".join(help):
        lines = (line.replace("did you mean", "write").rstrip("?") for line in help)
        return tuple(with_options(line, word, below or {}) for line in lines)
    return help


def spaced(text: str, shape: Shape | None) -> tuple[str, ...]:
    """What to type for ``conv 3 64`` and ``batch norm``; () where not all numbers fit a word."""
    words = text.lower().split()
    numbers = [word for word in words if word.isdigit()]
    head = "".join(word for word in words if not word.isdigit())
    if numbers:
        help = _form(f"{head}{'-'.join(numbers)}", shape)
        if sorted(re.findall("[0-9]+", "".join(help))) == sorted(numbers):
            return help
        return ("`conv3-64` is 3x3 with 64 filters",) if head == "conv" else ()
    if kind := dialects.kind(head, BY_NAME):
        from convcalc.spec.typed import needed

        return needed(kind) or (f"did you mean `{kind}`?",)
    return ()


_WRITE = re.compile(r"write `(\w+): \{(.*)\}`\Z")
_PAIR = re.compile(r"(\w+): (\[[^\]]*\]|[^,]+)")


def with_options(line: str, word: str, below: dict[str, str]) -> str:
    """The help that names an entry, with the options that the file has below the word too."""
    match = _WRITE.match(line)
    if match is None:
        return line
    stated = dict(_PAIR.findall(match[2]))
    for key, text in below.items():
        implied = key == "pad" and not re.search("p[0-9]", word)  # half a window
        if stated.get(key, text) != text and not implied:
            own = stated[key]
            return f"`{plain(word)}` says {key} {own}, the option below it {text}: leave one out"
    every = {**stated, **{plain(key): text for key, text in below.items()}}
    order = [option.key for option in BY_NAME[match[1]].options()]
    known = [key for key in order if key in every]
    pairs = (f"{key}: {every[key]}" for key in (*known, *(k for k in every if k not in order)))
    return f"write `{match[1]}: {{{', '.join(pairs)}}}`"


def in_pattern(word: str, help: tuple[str, ...], suggest: Suggestions) -> tuple[str, ...]:
    """The help for a word of a pattern, where no layer has options: ``linear:10`` is a word too."""
    name, colon, number = word[:100].partition(":")
    if colon and name[-1:].isalpha() and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", number):
        help = meant(f"{name}{number}", suggest) or help
    elif colon and not number:
        return ("a pattern has words only: options stand in a list of layers",)
    if help == (_IDENTITY,):  # behind an arrow it is the name of the layer before it
        return (
            f"a layer's name is below it: `- conv3-8:`, and `name: {plain(word)}` on the next line",
        )
    return tuple(_ENTRY.sub(_LISTED, line) for line in help)


_IDENTITY = "did you mean `identity`?"
_ENTRY = re.compile(r"(?:a short form .*: write|did you mean|write) `(.*: [{].*)`[?]?")
_LISTED = r"a pattern has words only: in a list of layers it is `- \1`"


def _form(lowered: str, shape: Shape | None) -> tuple[str, ...]:
    """``fc10``, ``conv-10``, ``conv3x3``, ``conv3-10k2``: a short form's own word."""
    if match := re.match(_FC, lowered):
        return (f"did you mean `fc-{match[1]}`?",)
    if re.match(_NAME, lowered):
        return (f"it looks like a name, which stands below a layer: `name: {lowered}`",)
    if match := re.match(_CONV, lowered):
        return _conv(lowered, shape, *match.groups())
    if match := re.match(_POOL, lowered):
        base = f"{match[1]}pool{match[2]}"
        letters = re.sub(r"[-_,:]+(?=[sp][0-9])", "", match[3]).replace("/", "s", 1)
        if letters and expand(f"{base}{letters}"):
            return (f"did you mean `{base}{letters}`?",)
        if match[3]:
            return (f"after `{base}` come s (stride) and p (pad), each once with a number",)
        return (f"did you mean `{base}`?",)
    return alone(lowered)


def _conv(
    lowered: str, shape: Shape | None, first: str, filters: str | None, rest: str
) -> tuple[str, ...]:
    large = first.isdigit() and int(first) > LARGEST_KERNEL
    if filters is not None and large and int(filters) <= LARGEST_KERNEL:
        first, filters, large = filters, first, False  # the filters come first in other tools
    if rest:
        if not filters:
            return lacking(first, rest)
        stride = rest.removeprefix("/")  # as tables write it
        letters = re.sub(r"[-_,:]+(?=[spdg][0-9])", "", rest)
        swapped = f"conv{first}-{filters}{letters}"
        made = f"conv{first}-{filters}s{stride}" if rest[0] == "/" else swapped
        if made != lowered and expand(made):
            return (f"did you mean `{made}`?",)
        letters = "s (stride), p (pad), d (dilation) and g (groups)"
        return (f"after `conv{first}-{filters}` come {letters}, each once with a number",)
    if filters is None and first.isdigit() and (large or lowered[4] == "-"):
        return (f"the size of the window is missing: `conv3-{first}` is 3x3 with {first} filters",)
    if filters is None and (joined := _joined(first.split("x"), shape)):
        return joined
    if filters is None:
        return (f"the number of filters is missing: `conv{first}-64` has 64",)
    return (f"did you mean `conv{first}-{filters}`?",)


def _joined(sizes: list[str], shape: Shape | None) -> tuple[str, ...]:
    """``conv3x3x32`` and ``conv64x3``: a window with its filters, as tables have them."""
    axes, whole = len(shape) - 1 if shape else 2, "x".join(sizes)
    first = int(sizes[0]) > LARGEST_KERNEL >= max(map(int, sizes[1:]), default=0)
    filters, window = (sizes[0], sizes[1:]) if first else (sizes[-1], sizes[:-1])
    form = f"conv{window[0] if len(set(window)) == 1 else 'x'.join(window)}-{filters}"
    if len(window) == axes > 1 and expand(form):
        if shape is not None and int(filters) == shape[-1]:
            return (f"write `{form}` if {filters} are the filters: {filters} channels arrive",)
        return (f"did you mean `{form}`?",)
    if len(sizes) == axes and int(filters) > LARGEST_KERNEL and expand(form):
        missing = f"a window of {whole} needs its filters too: `conv{whole}-64` has 64"
        return (f"write `{form}` if {filters} are the filters", missing)
    return ()


def _of_a_kind(lowered: str, suggest: Suggestions) -> tuple[str, ...]:
    """``deconv4-32s2p1``, ``dropout0.3``: a kind that has no short form, with numbers."""
    if separable := _SEPARABLE.match(lowered):
        depthwise, pointwise = _depthwise_and_pointwise(lowered[separable.end() :])
        return (f"it is two layers: `- {depthwise}` and on the next line `- {pointwise}`",)
    head, rest = _split(lowered, suggest)
    if head not in BY_NAME or head in {"conv", "fc", "max_pool", "avg_pool"}:
        return ()
    options = {option.key: option for option in BY_NAME[head].options()}
    window = _window(rest, options)
    if window:
        return (f"did you mean `{head}: {{{window}}}`?",)
    if head.endswith("_norm") and "groups" not in options and _CHANNELS.search(lowered):
        return (f"write `- {head}`: the channels that arrive are known",)
    if head == "crop" and rest.isdigit():
        from convcalc.spec.alone import cropped

        return (cropped(rest),)
    written, only = _one_number(rest.removesuffix("x"), options)
    if written:
        dcr = ", order: dcr" * (head == "pixel_shuffle" and lowered[:5] == "depth")
        entry = f"`{head}: {{{written}{dcr}}}`"
        return (f"did you mean {entry}?" if only else f"write {entry}",)
    return behind(head, lowered) if only else (kind_named(head),)


def _split(lowered: str, suggest: Suggestions) -> tuple[str, str]:
    """The kind that a word begins with, and its numbers; a short form's word is no kind here."""
    ends = [match.end() for match in _BEFORE_NUMBER.finditer(lowered[:100])]
    heads = [(lowered[:end].rstrip("-_"), lowered[end:]) for end in ends]
    for head, rest in heads:
        if head in HEADS:
            return "", ""
        if kind := dialects.kind(head, BY_NAME):
            return kind, rest
    for head, rest in heads[:1]:
        return suggest.nearest(head, (*HEADS, *BY_NAME), 0.75, True), rest
    return "", ""


def _window(rest: str, options: dict[str, Option[Any]]) -> str:
    """The options of a window, from the numbers and letters of a short form; '' for others."""
    if "kernel" not in options:
        return ""
    sizes = rest if "-" in rest or "filters" in options else re.sub(_SIZES, r"\g<0>-1", rest)
    found: Options = dict((expand(f"conv{sizes}") or ("", ()))[1])
    if sizes is not rest:
        found.pop("filters", None)
    if "p" not in rest and ("output_pad" in options or "multiplier" not in options):
        found.pop("pad", None)  # that of a transposed window and of a pool is no half window
    if not found or not set(found) <= set(options):
        return ""
    return ", ".join(f"{key}: {number(found[key])}" for key in options if key in found)


def number(value: object) -> str:
    """The value of an option as a file has it: one number for equal ones."""
    sizes = value if isinstance(value, tuple) else (value,)
    return str(sizes[0]) if len(set(sizes)) == 1 else f"[{', '.join(map(str, sizes))}]"


def _one_number(number: str, options: dict[str, Option[Any]]) -> tuple[str, bool]:
    """The option that one number is for, and whether it can be for no other.

    A whole number that no option counts is the layer's own, as in ``relu1``: '' and True.
    """
    try:
        value = float(number) if "." in number else int(number)
    except ValueError:
        return "", False
    required = [option for option in options.values() if option.required]
    keys = [option.key for option in required or options.values() if option.takes(value)]
    if isinstance(value, int):
        keys = [key for key in keys if not options[key].takes(0.5)]  # rates, slopes
    own = isinstance(value, int) and not required
    if not keys:
        return "", own
    if own and value == 1 and keys[0] != "sides":  # pad1 is of no use without them
        return "", False
    return f"{keys[0]}: {number}", len(keys) == 1 and len(required) < 2


def _depthwise_and_pointwise(rest: str) -> tuple[str, str]:
    """The two layers of a separable convolution: ``3-64s2`` is depthwise 3x3 and conv1-64."""
    form = expand(f"conv{rest}")
    found: Options = dict(form[1]) if form else {"filters": 64, "kernel": 3, "pad": 1}
    options = {option.key: option for option in BY_NAME["depthwise_conv"].options()}
    pairs = (f"{key}: {number(found[key])}" for key in options if key in found)
    return f"depthwise_conv: {{{', '.join(pairs)}}}", f"conv1-{found['filters']}"


#: the word that the short forms of a kind begin with
_FORMS = {"conv": "conv", "max_pool": "maxpool", "avg_pool": "avgpool", "fc": "fc"}


def _mistyped(lowered: str, suggest: Suggestions) -> tuple[str, ...]:
    """``convv3-8``, ``poool2``: a short form with its word mistyped; its numbers stay."""
    match = re.match(r"([a-z_]+?)([-_]?[0-9].*)\Z", lowered)
    if match is None:
        return ()
    meant = _FORMS.get(dialects.kind(match[1], BY_NAME), "")  # meanpool2
    head = meant or suggest.nearest(match[1], HEADS, kinds=True)
    form = f"{head}{match[2].lstrip('-_') if head != 'fc' else match[2]}"
    return (f"did you mean `{form}`?",) if head and expand(form) is not None else ()
