"""What to type instead: help for entries and options that nearly say what is meant.

Imported only where something is wrong.
"""

import re
from collections.abc import Container

from convcalc import dialects, formula
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer
from convcalc.network.record import Step
from convcalc.shapes import LARGEST_SIZE, Shape
from convcalc.spec import called
from convcalc.spec.as_text import text_of, texts
from convcalc.spec.characters import QUOTES, odd_character
from convcalc.spec.characters import meant as meant_word
from convcalc.spec.nearest_kind import near_by
from convcalc.spec.nearforms import meant as near_form
from convcalc.spec.nearforms import number
from convcalc.spec.other_layers import layer_of_another_tool
from convcalc.spec.shortforms import EXAMPLES, expand, lettered
from convcalc.spec.stated_input import is_input
from convcalc.spec.values import IN_CHANNELS, Reader, values_of
from convcalc.suggest import Suggestions
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_LOOKED_AT = 500  #: letters of a word or formula: what is meant by a longer one is not guessed


def missing(kind: type[Layer], names: list[str], others: bool) -> tuple[str, ...]:
    """Required options that are not there, beside others or alone."""
    short = _EXAMPLE.get(kind.kind)
    if short and not others:
        options: dict[str, object] = dict((expand(short) or ("", ()))[1])
        sample = ", ".join(f"{name}: {number(options[name])}" for name in options)
        return (f"write `{kind.kind}: {{{sample}}}`, or in short `{short}`",)
    sample = ", ".join(f"{name}: {_SAMPLE.get(name, 64)}" for name in names)
    return (f"add `{sample}`",) if others else (f"write `{kind.kind}: {{{sample}}}`",)


#: a short form that says the same as the kind with the options it stands for
_EXAMPLE = {"conv": "conv3-64", "fc": "fc-10", "max_pool": "pool2", "avg_pool": "avgpool2"}
_SAMPLE = {"kernel": 3, "groups": 4, "factor": 2, "output": 1, "shape": "[1, 1, 64]"}


def written_out(
    form: str, value: Node | None, step: Step, beside: Container[str] = ()
) -> tuple[str, ...]:
    """A short form with options below it: with their letters, or the kind with all of them.

    `step` is what arrives, `beside` are the keys beside the form.
    """
    from convcalc.spec import layer_as_value, numbered
    from convcalc.spec.options_behind import named, pairs_of
    from convcalc.spec.typed import name_as_key

    if "-" not in form and (told := layer_as_value.help(form, value, step, beside)):
        return told
    pairs = pairs_of(value)
    if not pairs and (isinstance(value, Scalar) or (isinstance(value, Sequence) and value.items)):
        if text_of(value) == form.rpartition("-")[2]:
            return (f"write `{form}` in place of `{form}: {text_of(value)}`",)
        if "-" not in form and (told := numbered.help(form, value, step, beside)):
            return told
        return (f"the word has all its sizes: leave out `{text_of(value)}`, or write the kind "
                "with all its options",)  # fmt: skip
    if not pairs:
        none = "{}" if isinstance(value, Mapping) else "[]"
        return (f"write `{form}` in place of `{form}: {none}`",)
    kind, found = expand(form) or ("", ())
    stated = {key: number(default) for key, default in found}
    options = {option.key for option in BY_NAME[kind].options()} if kind else set()
    given: dict[str, str] = {}
    for word, text in pairs:
        key = named(word, text, [*options]) or plain(word)
        if key in given:
            return (f"{key} is given twice below `{form}`: leave one out",)
        given[key] = text
    for key, text in given.items():
        own = stated.get(key, text)
        if own != text and key == "kernel" and (told := name_as_key(form, value, step)):
            return told
        if own != text and (key not in {"pad", "stride"} or key[0] in form.rpartition("-")[2]):
            return (f"`{form}` says {key} {own}, the option below it {text}: leave one out",)
    listed = ", ".join(f"{key}: {text}" for key, text in {**stated, **given}.items())
    meant = lettered(form, given) or f"{kind}: {{{listed}}}"
    return (f"write `{meant}` in place of `{form}: ...`",)


def missing_space(word: str) -> tuple[str, ...]:
    """``conv:{filters`` and ``filters:64``, which YAML reads as one word."""
    name, colon, rest = word.partition(":")
    if not colon or not rest or not name.isidentifier():
        return ()
    if rest[0] in "{[":
        return (f"a space after `{name}:`",)
    joined = () if name[-1].isdigit() else (f"{name}{rest}",)  # pool1:2 is no window of 12
    forms = filter(expand, (f"{name}-{rest}", *joined))
    return (f"did you mean `{plain(next(forms, f'{name}: {rest.strip()}'))}`?",)


def arguments(given: Node) -> tuple[dict[str, str], tuple[str, ...]]:
    """``[width, stride=1]``, arguments as other languages list them: their defaults, and help."""
    items = given.items if isinstance(given, Sequence) else [given]
    found = [_ARGUMENT.match(item.text) if isinstance(item, Scalar) else None for item in items]
    named = {match[1]: match[2] or "" for match in found if match}
    if not named or len(named) < len(items):
        return {}, ("`args: {width: , stride: 1}`; an argument without a value is required",)
    written = ", ".join(f"{name}: {value}" for name, value in named.items())
    help = (f"did you mean `{{{written}}}`?", "an argument without a value is required")
    return named, help


_ARGUMENT = re.compile(r"\s*([A-Za-z_]\w*)(?:\s*=\s*(\w+))?\s*\Z")


#: what other lists and languages begin an entry or a comment with
_SIGNS = {"\u2022": "-", "\u25e6": "-", "\u00b7": "-", "//": "#"}


def kind(
    word: str,
    value: Node | None,
    names: dialects.Known,
    suggest: Suggestions,
    shape: Shape | None = None,
) -> tuple[str, ...]:
    """A word that is no kind, short form or block, where `shape` arrives."""
    if len(word) > _LOOKED_AT:
        return ("`convcalc list --kinds` names the kinds",)
    if word == "return":
        return ("the last layer is the output, and `outputs:` names others: leave the line out",)
    if word == "as":
        return ("a layer's name is below it: `- conv3-8:`, and `name: c1` on the next line",)
    if word in _SIGNS:
        return (f"did you mean `{_SIGNS[word]}`?",)
    foreign = dialects.either(word) or layer_of_another_tool(word, value)
    close = dialects.kind(word, names)
    layer = value.text if isinstance(value, Scalar) and not foreign and not close else ""
    if layer in names.set or expand(layer):
        if word.isdigit():
            return (f"write `{plain(layer)}` in place of `{word}: {plain(layer)}`",)
        beside = f"`- {plain(layer)}:`, and `name: {plain(word)}` below it"
        return (f"a name stands beside its layer: {beside}",)
    if not foreign and close and (close not in {"max_pool", "avg_pool"} or value):
        from convcalc.spec.typed import needed

        empty = value is None or (isinstance(value, Scalar) and not value.text)
        foreign = tuple(map(_sample, needed(close))) if empty else ()
        foreign = foreign or (f"did you mean `{close}`?",)
    begun = plain(word.partition("(")[0])
    cut = word.count("(") > word.count(")") and value is None and begun
    if cut and not is_input(begun):  # which is no layer, cut or whole
        own = f"write `- {begun}(...)` on a line of its own below `layers:`"
        return (f"inside [ ] YAML ends an entry at each comma: {own}",)
    if "(" in word and (within := layer_of_another_tool(word.partition("(")[0], None)):
        return within
    if "(" in word and (called_as := called.help(word, names, True)):
        return foreign or (*called_as, "a layer is written without round brackets")
    if re.match(r"[0-9]{1,4}[.)]\Z", word):
        return (f"layers are not numbered: leave out `{word}`",)
    if word in {"|", "+", ";", "/"}:
        return ("layers are separated by spaces: `conv3-64 relu pool2`",)
    if re.match(r"0?\.[0-9]+\Z", word):
        rate = f"`- dropout: {{rate: {word}}}`"
        return (f"a number alone is not a layer: in a list of layers a dropout is {rate}",)
    if re.match(r"[0-9]+(?:x[0-9]+)*\Z", word):
        return ("a number alone is not a layer: `conv3-64` is 3x3 with 64 filters",)
    plainer = _as_ascii(word)
    if word[:1] == "-" and (word[1:] in names.set or expand(word[1:])):
        return (f"did you mean `- {plain(word[1:])}`?",)
    if word[:1] == "-" and (odd := odd_character(word)):
        return (f"{odd}: write an ordinary space after the hyphen",)
    if plainer != word and (plainer in names.set or expand(plainer)):
        return meant_word(plainer, word)
    pooled = dialects.kind(word, names) if value is None or not text_of(value) else ""
    if pooled in {"max_pool", "avg_pool"} and word != pooled and not foreign:
        form = _EXAMPLE[pooled]
        whole = ("the average of a whole map is `global_avg_pool`",)
        return (f"write its sizes into the word: `{form}`", *whole * (form == "avgpool2"))
    meant = missing_space(word) or foreign
    given = value is not None and bool(text_of(value))
    meant = meant or near_form(word, suggest, given, texts(value), shape)
    if meant == (f"did you mean `{word}`?",):
        meant = (f"a size is from 1 to {LARGEST_SIZE:,}",)
    if meant:
        return meant
    close = suggest.kind(word, names)
    if close in EXAMPLES:  # its numbers are not those of the word
        return (f"a short form is written like `{close}`", *meant_word("", word))
    return meant_word(close, word) or near_by(word, names, suggest)


def _sample(line: str) -> str:
    """The help for options that are missing, as a sample: no edit is made of numbers in it."""
    return re.sub("^write (?=`)", "its numbers are missing, as here: ", line)


def _as_ascii(word: str) -> str:
    """A word with `x` for the multiplication sign, and no special spaces, hyphens and quotes."""
    word = re.sub(r"[\u00d7\u2715\u2a09]", "x", word)
    word = re.sub(r"[\u2010-\u2015\u2212]", "-", word).strip(QUOTES).rstrip(",;")
    return re.sub(r"[^\S ]", "", word).strip("- ") if not word.isascii() else word


def equals_sign(text: str, known: Container[str]) -> tuple[str, ...]:
    """``width`` or ``2*width`` as a text, where ``=width`` or ``=2*width`` was meant."""
    text = text.strip()
    shell = _OTHER_VARIABLE.match(text)
    if shell and (name := shell[1] or shell[2]) in known:
        return (f"did you mean `={name}`?",)
    if text in known or text == IN_CHANNELS:
        return (f"`={text}` is the variable",)
    try:
        names = formula.names(f"={text}")
    except formula.FormulaError:
        return ()
    there = all(name in known or name == IN_CHANNELS for name in names)
    return (f"`={plain(text)}`",) if there else ()


def near_variable(text: str, reader: "Reader") -> tuple[str, ...]:
    """``widht``, a slip of a variable's name where its value was meant."""
    known = tuple(values_of(reader.variables))
    close = reader.remarks.suggest.nearest(text, known) if text.isidentifier() else ""
    return (f"did you mean `={close}`?",) if close else ()


#: ``${width}``, ``$width``, ``{{ width }}``
_OTHER_VARIABLE = re.compile(r"(?:\$\{?|\{\{)\s*(\w{1,60})\s*\}{0,2}\Z|%(\w{1,60})%\Z")
_ROUND = frozenset("()")


def round_brackets(text: str) -> tuple[str, ...]:
    """``(3, 3)``, a list in other languages."""
    inner = text[1:-1]
    if text[:1] + text[-1:] == "()" and "," in inner[1:-1] and _ROUND.isdisjoint(inner):
        return (f"a list needs square brackets: `[{plain(text[1:-1])}]`",)
    return ()


def formula_in_text(text: str, known: Container[str]) -> tuple[str, ...]:
    """``2*width`` as a text, where a text might be meant: only what computes with a variable."""
    if text.isidentifier() or _OPERATORS.isdisjoint(text):
        return ()
    names = set(re.findall(r"[A-Za-z_]\w*", text))
    return equals_sign(text, known) if names else ()


_OPERATORS = frozenset("+*/%")  #: not the hyphen, which occurs in names and short forms
