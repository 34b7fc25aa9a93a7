"""Fields of a node of an exported program."""

from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import Scope


def outputs_of(outputs: Any) -> list[str]:
    """The names of a call's outputs."""
    names: list[str] = []
    for output in outputs:
        if "as_tensor" in output:
            names.append(str(output["as_tensor"]["name"]))
        elif "as_tensors" in output:
            names += [str(entry["name"]) for entry in output["as_tensors"]]
    return names


def scopes_of(stack: str) -> tuple[Scope, ...]:
    """``key,path,class`` of every module, outermost first, joined with semicolons."""
    found = []
    for part in str(stack)[:20_000].split(";"):
        fields = part.split(",")
        if len(fields) == 3 and fields[1]:
            found.append(Scope(plain(fields[1][:200]), plain(fields[2].rpartition(".")[2][:80])))
    return tuple(found)
