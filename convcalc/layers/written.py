"""Options of a layer as a spec writes them."""

from typing import Any

from convcalc.layers.base import Layer
from convcalc.layers.option import Option


def options_of(layer: Layer) -> dict[str, str]:
    """The options that are not at their defaults, as a spec writes them."""
    return {
        option.key: option_text(layer.__dict__[option.name])
        for option in layer.options()
        if _given(option, layer.__dict__[option.name])
    }


def _given(option: Option[Any], value: object) -> bool:
    return option.required or value != option.default


def option_text(value: object) -> str:
    """An option's value as a spec writes it.

    >>> option_text((3,)), option_text((3, 5)), option_text(True), option_text("same")
    ('3', '[3, 5]', 'true', 'same')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        sizes = [option_text(item) for item in value]
        return sizes[0] if len(sizes) == 1 else f"[{', '.join(sizes)}]"
    return str(value)
