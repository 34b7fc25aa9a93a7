"""The definitions of blocks: what a file's `blocks:` says."""

import re

from convcalc.findings import plain
from convcalc.spec import shortforms
from convcalc.spec.blocks import Block, Blocks
from convcalc.spec.context import is_empty
from convcalc.spec.values import RESERVED, Reader
from convcalc.tree.nodes import BLOCK, Mapping, Node, Scalar, Sequence


def define(blocks: Node | None, reader: Reader, kinds: frozenset[str]) -> Blocks:
    """The blocks of a file; what is wrong with a definition is reported."""
    found = Blocks()
    if blocks is None:
        return found
    if not isinstance(blocks, Mapping):
        reader.remarks.error(
            "CC020", "blocks must be a mapping of names", blocks, "", ("`blocks: {name: ...}`",)
        )
        return found
    for name, (at, body) in blocks.entries.items():
        if name in kinds or shortforms.expand(name) or name in {"repeat", "input"}:
            help = ("choose a name that no kind or short form has",)
            reader.remarks.error("CC020", f"a block cannot be called {name!r}", at, "taken", help)
            continue
        if not name.isidentifier() and not name.replace("-", "_").replace(".", "_").isidentifier():
            reader.remarks.error(
                "CC020", f"{plain(name)!r} is not a valid block name", at, "use letters"
            )
            found[name] = Block(name, {}, None, at)
            continue
        entries = body.entries if isinstance(body, Mapping) else {}
        meant = _keys(entries, reader)
        if "layers" not in entries:
            if "layers" not in meant:
                help = (_with_layers(name, body),)
                reader.remarks.error("CC020", f"block {name} needs `layers:`", at, "", help)
            found[name] = Block(name, {}, None, at)
            continue
        args = entries["args"][1] if "args" in entries else None
        arguments = args.entries if isinstance(args, Mapping) else {}
        if args is not None and not isinstance(args, Mapping) and not is_empty(args):
            from convcalc.spec import hints

            listed, meaning = hints.arguments(args)
            reader.remarks.error("CC020", "args must be a mapping", args, "", meaning)
            arguments = {
                word: (Scalar(word, args.start), Scalar(value, args.start))
                for word, value in listed.items()
            }
            meant |= set() if listed else {"args"}
        for word, (key, _) in arguments.items():
            if not (word.isascii() and word.isidentifier()) or word in RESERVED:
                rule = f"letters, digits and _; not {', '.join(RESERVED)}"
                help = (_assigned(word) or rule,)
                text = f"{plain(word)!r} cannot be an argument"
                reader.remarks.error("CC018", text, key, "", help)
        layers = None if "args" in meant else entries["layers"][1]
        found[name] = Block(name, arguments, layers, at)
    return found


def _keys(entries: dict[str, tuple[Scalar, Node]], reader: Reader) -> set[str]:
    """Report the unknown keys of a block; gives those that were probably meant."""
    meant = set()
    for word, (key, _) in entries.items():
        if word not in {"args", "layers", "notes"}:
            close = reader.remarks.suggest.nearest(word, ("args", "layers", "notes"))
            meant.add(close)
            help = (f"did you mean `{close}`?",) if close else ("a block has args and layers",)
            text = f"a block has no key {plain(word)!r}"
            reader.remarks.error("CC010", text, key, "unknown", help)
    return meant


def _with_layers(name: str, body: Node) -> str:
    """What to write for a block without `layers:`, which may be the list of them itself."""
    if not isinstance(body, Sequence) or not body.items:
        return "`name: {args: {width: }, layers: [...]}`"
    if body.closed == BLOCK:
        return f"write `layers:` on its own line below `{name}:`, and the list under it"
    return f"the list needs its key: `{name}: {{layers: [...]}}`"


def _assigned(word: str) -> str:
    """``args: {f=32}``, an argument with its default as code has it."""
    found = re.fullmatch(r"([A-Za-z_]\w{0,40}) *= *([\w.-]{1,40})", word, re.A)
    return f"did you mean `{found[1]}: {found[2]}`?" if found else ""
