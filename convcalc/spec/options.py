"""Options of a layer entry to an immutable layer, checked against the kind's declarations.

Entries that are written alike share one layer object, so that a long net costs little and equal
layers are sized once.
"""

from typing import Any, NoReturn

from convcalc.findings import plain
from convcalc.layers.base import Layer
from convcalc.layers.option import Extent, Flag, InPlace, Option, RejectedError, Sides, Value
from convcalc.layers.words import Reference
from convcalc.spec.values import NoValueError, Reader
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

Key = tuple[Any, ...]


class LayerMaker:
    """Makes layers from options; remembers those it has made."""

    def __init__(self) -> None:
        self.made: dict[Key, Layer] = {}
        self.tables: dict[str, dict[str, Option[Any]]] = {}

    def from_words(self, kind: type[Layer], given: tuple[tuple[str, Any], ...]) -> Layer:
        """A layer from a short form's options."""
        key = (kind.kind, given)
        layer = self.made.get(key)
        if layer is None:
            table = self.table(kind)
            values = {name: table[name].accept(value) for name, value in given}
            layer = self.made[key] = kind(**values)
        return layer

    def from_mapping(
        self, kind: type[Layer], options: Mapping | None, node: Node, reader: Reader
    ) -> Layer:
        """A layer from its options.

        Raises:
            NoValueError: an option is wrong, unknown or missing; all that are so are reported.
        """
        key = _key(kind, options)
        layer = self.made.get(key) if key else None
        if layer is None:
            layer = self._read(kind, options, node, reader)
            if key and (options is None or options.entries.keys() <= self.table(kind).keys()):
                self.made[key] = layer
        return layer

    def table(self, kind: type[Layer]) -> dict[str, Option[Any]]:
        """The kind's options by every name a spec may use."""
        table = self.tables.get(kind.kind)
        if table is None:
            options = kind.options()
            table = {option.key: option for option in options}
            table.update((option.letter, option) for option in options if option.letter)
            self.tables[kind.kind] = table
        return table

    def _read(
        self, kind: type[Layer], options: Mapping | None, node: Node, reader: Reader
    ) -> Layer:
        table = self.table(kind)
        values: dict[str, Any] = {}
        first: dict[str, Scalar] = {}
        failed = False
        entries = options.entries if options else {}
        for word, (at, value) in entries.items():
            option = table.get(word)
            try:
                if option is None:
                    _unknown(kind, at, value, reader, options)
                elif option.name in first:
                    _again(option.key, first[option.name].text, at, entries, reader)
                else:
                    first[option.name] = at
                    if isinstance(option, Flag | InPlace):
                        _old_boolean(value, reader)
                    if isinstance(option, Sides) and isinstance(value, Mapping):
                        _named_sides(value, reader)
                    reader.fractions = option.takes_fractions
                    reader.option = option.key, entries
                    values[option.name] = _accepted(
                        option, reader.value(value), value, reader, kind.kind, options
                    )
            except NoValueError:
                failed = True
        missing = [o.key for o in kind.options() if o.required and o.name not in first]
        if missing and not failed:
            _missing(kind, missing, bool(first), node, reader)
        if failed or missing:
            raise NoValueError
        return kind(**values)


def _key(kind: type[Layer], options: Mapping | None) -> Key | None:
    """What entries that are written alike have in common; None where a formula is among them."""
    if options is None:
        return (kind.kind,)
    parts: list[Any] = [kind.kind]
    for word, (_, value) in options.entries.items():
        if isinstance(value, Scalar):
            text = value.text
            if text[:1] == "=":
                return None
            parts += (word, text) if value.plain else (word, text, "quoted")
        elif isinstance(value, Sequence):
            parts.append(word)
            for item in value.items:
                if not isinstance(item, Scalar) or item.text[:1] == "=":
                    return None
                parts.append((item.text, item.plain))
        else:
            return None
    return tuple(parts)


def _old_boolean(node: Node, reader: Reader) -> None:
    """Report ``yes`` and ``off``, which cannot be meant as text where true or false goes."""
    if isinstance(node, Scalar) and node.plain and node.text[:1] in "yYnNoO":
        try:
            resolve(node.text)
        except AmbiguousError as error:
            from convcalc.spec.truth import flag

            reader.fail("CC004", plain(str(error)), node, "", flag(node.text))


_LONG = 10  #: digits of a quotient that is not written out, such as that of 1/3


def _accepted(
    option: Option[Any],
    value: Value,
    node: Node,
    reader: Reader,
    kind: str,
    options: Mapping | None,
) -> Any:
    try:
        return option.accept(value)
    except RejectedError as error:
        here, at = reader, node
        reader, node = reader.origin(node)
        help: tuple[str, ...] = ()
        words = getattr(option, "words", ())
        if isinstance(option, Flag | InPlace):
            from convcalc.spec.truth import FLAGS, flag

            help, words = flag(value), words or FLAGS
        if isinstance(value, str) and words:
            close = reader.remarks.suggest.nearest(value, words)
            help = (f"did you mean `{close}`?",) if close else help
        if isinstance(option, Extent) and -1 in (value if isinstance(value, tuple) else (value,)):
            from convcalc.spec import viewed

            help = viewed.help(viewed.numbers(node), reader.arriving)
        from convcalc.spec.formula_ways import to_integer
        from convcalc.spec.quoted import divided, quoted, word
        from convcalc.spec.value_hints import of_one_layer, of_option

        number = divided(value)
        help = help or of_option(kind, option.key, number, options)
        if isinstance(option, Reference) and isinstance(value, tuple):
            help = of_one_layer(value)
        help = help or word(value, words)
        help = help or to_integer(value, node, reader)
        texts = quoted(value, node)
        if texts:
            help = texts
        elif isinstance(value, str):
            from convcalc.spec import hints

            if number is value:
                help = hints.equals_sign(value, reader.variables) or help
                help = help or hints.near_variable(value, reader)
            elif option.takes(number) and len(str(number)) < _LONG:
                help = (f"did you mean `{number}`?",)
            help = hints.round_brackets(value) or help
        if isinstance(value, str) and not help and "(" in value:
            help = ('a formula starts with = and is quoted if it has a comma: `"=min(64, n)"`',)
        here.fail("CC014", plain(str(error)), at, f"expected {option.wants}", help)


def _again(
    key: str, first: str, at: Scalar, entries: dict[str, tuple[Scalar, Node]], reader: Reader
) -> NoReturn:
    """Report an option that is given by its key and by its letter.

    Raises:
        NoValueError: it is reported.
    """
    from convcalc.spec.both_given import left_out  # only where something is wrong

    word = at.text
    help = left_out(first, entries[first][1], word, entries[word][1])
    text = f"{key} is given twice, as {first} and {word}"
    reader.fail("CC003", text, at, "given again", help)


def _named_sides(value: Mapping, reader: Reader) -> None:
    """Report sides by their names where a list goes.

    Raises:
        NoValueError: they are sides, and reported.
    """
    from convcalc.spec import sides_by_name  # only where something is wrong

    if value.entries.keys() <= sides_by_name.SIDES:
        help = sides_by_name.as_value(value, reader.arriving)
        reader.fail("CC014", "sides are a list, not a mapping", value, "a mapping", help)


def _unknown(
    kind: type[Layer], at: Scalar, value: Node, reader: Reader, options: Mapping | None
) -> None:
    """Report an option that the kind does not have, with what was probably meant.

    Raises:
        NoValueError: it may say something of the layer, and not of what arrives there alone.
    """
    word = at.text
    if word == "times" and kind.kind == "upsample":
        way = "a factor is `scale`; `times:` below the layer repeats the layer"
        reader.fail("CC012", "upsample has no option 'times'", at, "unknown", (way,))
    from convcalc.spec import too_deep

    if too_deep.report(word, kind.kind, at, reader.remarks, reader.calls):
        raise NoValueError
    names = [option.key for option in kind.options()]
    if kind.merges:
        names.append("branches")
    from convcalc.network.options import unknown_option
    from convcalc.spec import both_given, option_hints, sides_by_name
    from convcalc.spec.arriving import STATED, axis, depthwise, normalized, withheld
    from convcalc.spec.as_text import text_of
    from convcalc.spec.separate import placed

    if "sides" in names and word in sides_by_name.SIDES and options is not None:
        if not sides_by_name.is_first(word, options):
            raise NoValueError  # that one is reported with all
        told = sides_by_name.help(options, reader.arriving)
        known = f"{kind.kind} takes {', '.join(names)}"
        reader.fail("CC012", unknown_option(kind.kind, word), at, "unknown", (*told, known))
    text = value.text if isinstance(value, Scalar) else ""
    help = withheld(word, text_of(value), reader.arriving)
    help = help or normalized(word, text_of(value), reader.arriving)
    if kind.kind == "depthwise_conv":
        help = help or depthwise(word, text, reader.arriving)
    help = help or axis(kind.kind, word, text_of(value), reader.arriving)
    help = help or option_hints.of_norm(kind.kind, word, text)
    help = help or option_hints.of_relu(kind.kind, word, text)
    help = help or both_given.misspelt(kind, word, options, reader.remarks.suggest)
    help = help or option_hints.option(word, value, names, reader.remarks.suggest)
    help = placed(help, kind.kind, reader.beside, reader.alone)
    known = f"{kind.kind} takes {', '.join(names)}" if names else f"{kind.kind} has no options"
    message, help = unknown_option(kind.kind, word), (*help, known)
    if word not in STATED:
        reader.fail("CC012", message, at, "unknown", help)
    reader.remarks.error("CC012", message, at, "unknown", help, calls=reader.calls)


def _missing(
    kind: type[Layer], missing: list[str], others: bool, node: Node, reader: Reader
) -> None:
    from convcalc.network.options import missing_options
    from convcalc.spec import hints

    reader.remarks.error(
        "CC013",
        missing_options(kind.kind, missing),
        node,
        f"without {' and '.join(missing)}",
        hints.missing(kind, missing, others),
        calls=reader.calls,
    )
