"""Pages of what a spec is written with: its keys, and short forms such as ``conv3-64``."""

from collections.abc import Iterator

from convcalc.explain.lookup import Page

#: where keys stand: some names are a layer's and the whole file's
_BESIDE, _TOP, _BLOCK = "Beside a layer's kind", "At the top of a spec", "In a block"


def key(word: str) -> Page | None:
    """The page of a key of specs, such as ``when``; None where there is none of that name.

    Its sentences are those of the JSON Schema, which editors show.
    """
    lines = [f"{where}, `{word}:` is: {doc}." for where, doc in _places(word)]
    if not lines:
        return None
    return Page(
        word, (), "\n".join([*lines, "", "docs/spec.md has all keys with examples."]) + "\n"
    )


def with_key(page: Page, word: str) -> Page:
    """A page of a term whose name is a key of specs too: what the key is, then the term."""
    own = key(word)
    if own is None or page.narrow is not None:
        return page
    if word.lower() == page.title.lower():
        return page._replace(body=f"{own.body}\n{page.body}")
    return own._replace(body=f"{own.body}\n{page.title}\n\n{page.body}")


def _places(word: str) -> Iterator[tuple[str, str]]:
    """Where specs have the key, and what it is there."""
    from convcalc.schema.document import properties  # the layers of all kinds, for this alone
    from convcalc.schema.entries import BESIDE_LAYERS

    for where, keys in (_BESIDE, BESIDE_LAYERS), (_TOP, properties()):
        if word in keys:
            yield where, str(keys[word].get("description", "the input's size, such as 224x224x3"))
    if word == "args":
        yield _BLOCK, "its arguments with their defaults; without one: required"


def short_form(word: str) -> Page | None:
    """The page of the kind that a short form stands for, with what it says of it."""
    from convcalc.explain.kind import kind
    from convcalc.spec.shortforms import expand

    found = expand(word)
    of_kind = kind(found[0]) if found else None
    if found is None or of_kind is None:
        return None
    options = ", ".join(f"{name}: {_shown(value)}" for name, value in found[1])
    return of_kind._replace(title=word, body=f"`{found[0]}: {{{options}}}`\n\n{of_kind.body}")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value)) if len(set(value)) > 1 else str(value[0])
    return str(value)
