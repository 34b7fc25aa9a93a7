"""A part of a list or mapping taken out, with what belongs to it."""

from convcalc.spec.edit import Edit, Editor


def gone(
    editor: Editor, parts: list[tuple[int, int]], place: int, flow: bool, hyphen: str, moved: bool
) -> tuple[Edit, ...]:
    """The text without one of several parts: with its comma, or with its line."""
    start, end = parts[place]
    if flow:
        own = (start, end)
        if place + 1 < len(parts):
            end = parts[place + 1][0]
        elif place:
            start = parts[place - 1][1]
        if "#" in editor.text[start : own[0]]:
            start = own[0]  # a comment stays, and a comma may end a mapping in brackets
        elif "#" in editor.text[own[1] : end]:
            end = editor.text.index(",", own[1]) + 1
            if "#" in editor.text[own[1] : end]:
                return ()
        return (Edit(start, end, ""),)
    text = editor.text
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end) + 1 or len(text)
    rest = text[end:stop].strip()
    if text[begin:start].strip() != hyphen or (rest and not rest.startswith("#")):
        return ()  # the first key after a hyphen
    if rest and not moved:
        start = text.rindex(hyphen, begin, start) if hyphen else start
        return (Edit(start, end + text[end:stop].index("#"), ""),)
    return (Edit(begin, stop, ""),)
