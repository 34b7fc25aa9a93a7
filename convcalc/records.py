"""`NamedTuple` for the modules that every run loads, made in a quarter of the time.

To type checkers and to whoever uses a record it is `typing.NamedTuple`. That one checks every
annotation and compiles a constructor for each class, a tenth of a millisecond; some sixty records
are loaded before the first number is printed. Here classes with equally many fields share the code
of their constructors, and annotations are left to the type checker.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 (exported)
else:
    from _collections import _tuplegetter
    from types import FunctionType

    _new = tuple.__new__
    _GLOBALS = {"_new": _new, "__builtins__": {}}
    # fmt: off
    #: constructors of records with 0, 1, 2, ... fields: compiled with this file, not at every start
    _MAKERS = (
        lambda _cls: _new(_cls, ()),
        lambda _cls, a: _new(_cls, (a,)),
        lambda _cls, a, b: _new(_cls, (a, b)),
        lambda _cls, a, b, c: _new(_cls, (a, b, c)),
        lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
        lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
        lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
        lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
        lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
        lambda _cls, a, b, c, d, e, f, g, h, i: _new(_cls, (a, b, c, d, e, f, g, h, i)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j: _new(_cls, (a, b, c, d, e, f, g, h, i, j)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u)),
        lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v:
            _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v)),
    )
    # fmt: on
    #: by the number of fields: the code of a constructor
    _CODES = {make.__code__.co_argcount - 1: make.__code__ for make in _MAKERS}

    def _constructor(fields, defaults):
        count = len(fields)
        if count not in _CODES:
            names = ", ".join(f"_{i}" for i in range(count))
            values = f"({names},)" if count else "()"
            comma = ", " if count else ""
            _CODES[count] = eval(f"lambda _cls{comma}{names}: _new(_cls, {values})").__code__
        code = _CODES[count].replace(co_varnames=("_cls", *fields), co_name="__new__")
        return FunctionType(code, _GLOBALS, "__new__", defaults)

    class _Record:
        """What all records have."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            found = _new(cls, values)
            if len(found) != len(cls._fields):
                raise TypeError(f"expected {len(cls._fields)} arguments, got {len(found)}")
            return found

        def _replace(self, /, **values):
            found = self._make(map(values.pop, self._fields, self))
            if values:
                raise ValueError(f"got unexpected field names: {list(values)!r}")
            return found

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            named = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in named)})"

        def __getnewargs__(self):
            return tuple(self)

    class _Meta(type):
        """Turns the body of a class into a tuple with those fields."""

        def __new__(mcs, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            late = fields[len(fields) - len(defaults) :]
            if tuple(defaults) != late or any(field[0] == "_" for field in fields):
                raise TypeError(f"{name}: fields begin with a letter, those with defaults are last")
            for index, field in enumerate(fields):
                body[field] = _tuplegetter(index, None)
            body["__new__"] = _constructor(fields, tuple(defaults.values()) or None)
            body["_fields"] = body["__match_args__"] = fields
            body["_field_defaults"] = defaults
            body["__slots__"] = ()
            return type(name, (_Record, tuple), body)

    class _Marker:
        """Is among the bases of a record for what `_Meta` makes of it."""

        def __mro_entries__(self, bases):
            return (_BASE,)

    _BASE = type.__new__(_Meta, "_Base", (), {})
    NamedTuple = _Marker()
