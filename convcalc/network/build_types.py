"""Arguments of another type than a builder takes, refused with what to write."""

from collections.abc import Iterable

from convcalc.network.place import Place
from convcalc.shapes import parse_shape


def refuse_input(name: object, shape: object, place: object) -> None:
    """Refuse an input whose name is not a word, or whose shape is no list of sizes.

    Raises:
        TypeError: it is; says how the same input is added.
    """
    given = [one for one in (name, shape, place) if not isinstance(one, Place)]
    called = repr(name) if isinstance(name, str) and name.isidentifier() else "'image'"
    sizes = given[isinstance(name, str) :]
    wrong = "name" if not isinstance(name, str) else "shape"
    one = name if wrong == "name" else shape
    if isinstance(name, str) and isinstance(shape, str):
        meant = parse_shape(shape)
        sizes = list(meant or ())
    elif isinstance(name, str) and isinstance(shape, Iterable) and isinstance(place, Place):
        return
    numbers = all(type(size) is int for size in sizes) and 0 < len(sizes) < 4
    written = f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})" if numbers else None
    expected = "str" if wrong == "name" else "a sequence of int"
    raise TypeError(
        f"{wrong}: expected {expected}, got {type(one).__name__}: an input has a name and one "
        f"shape: `input({called}, {written or '(224, 224, 3)'})`"
    )


def refuse_words(**given: object) -> None:
    """Refuse what is neither a name nor a sequence of names.

    Raises:
        TypeError: it is; names the argument.
    """
    for argument, value in given.items():
        several = argument in {"inputs", "outputs"}
        if value is None or isinstance(value, str):
            continue
        names: Iterable[object] = (value,)
        if several and isinstance(value, Iterable):  # others are read once, by who needs them
            names = value if isinstance(value, (list, tuple)) else ()
        wrong = next((name for name in names if not isinstance(name, str)), None)
        if wrong is not None:
            also = " or a sequence of str" if several else ""
            text = f"{argument}: expected str{also}, got {type(wrong).__name__}"
            raise TypeError(f"{text}: layers are read by name, such as 'conv1'")
