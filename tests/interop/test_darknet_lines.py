"""Lines and words of a .cfg are cut where darknet cuts them."""

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.darknet.text import sections


@pytest.mark.parametrize("sign", ["\x0c", "\x0b", "\x85", "\u2028"])
def test_a_remark_ends_with_its_line(sign: str) -> None:
    found = sections(f"[net]\n#{sign}[maxpool]{sign}size=8\n[softmax]\r\n")
    assert [one.name for one in found] == ["net", "softmax"]


def test_blanks_within_an_option_are_none() -> None:
    found = sections("[convolutional]\nfil ters = 800\nfilters=8\n")[0]
    assert found.options == {"filters": "800"}
    assert found.repeated == ["filters"]


def test_a_remark_with_a_comma_behind_a_list_is_refused() -> None:
    with pytest.raises(UnreadableError, match="line 2: darknet counts the commas of the remark"):
        sections("[route]\nlayers=-1 # ,-2\n")
    assert sections("[route]\nlayers=-1,-2 # both\n")[0].options == {"layers": "-1,-2#both"}
