"""The .npz format: an archive of .npy files, as `numpy.savez` and `savez_compressed` make them."""

import sys
import zipfile
from collections.abc import Sequence
from typing import BinaryIO, cast

from convcalc.backend.arrays import Array
from convcalc.backend.npy import Layout, layout, numbers
from convcalc.backend.opened import MalformedError, Opened
from convcalc.files import Bounded

_MOST_MEMBERS = 100_000
_MOST_DIRECTORY = 8 * 2**20  #: bytes of the list of members: 46 and the name for each
#: how an archive of no arrays begins, as a net without weights has it, and its length
_EMPTY, _END = b"PK\x05\x06", 22
#: how pickles begin that are no archives: PyTorch's own before 1.6
_PICKLES = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
_SAVE = "`numpy.savez('net.npz', **{k: v.cpu().numpy() for k, v in model.state_dict().items()})`"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """The arrays of an .npz by name.

    Raises:
        MalformedError, zipfile.BadZipFile and more: as the modules below it find things.
    """

    def __init__(self, file: Opened) -> None:
        file.seek(0)
        self._members: dict[str, tuple[zipfile.ZipInfo, Layout]] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        begins = file.read(4)
        if begins == _EMPTY and len(file) == _END:
            return
        if begins[:2] in _PICKLES:
            raise MalformedError(f"this is a pickle, which is never unpickled: write {_SAVE}")
        if begins != b"PK\x03\x04":
            raise MalformedError("it is not an archive made by numpy.savez")
        bounded = Bounded(cast(BinaryIO, file), _MOST_DIRECTORY, MalformedError)
        self._archive = zipfile.ZipFile(bounded)
        if len(self._archive.infolist()) > _MOST_MEMBERS:
            raise MalformedError(f"it has more than {_MOST_MEMBERS:,} members")
        bounded.most = sys.maxsize
        for member in self._archive.infolist():
            if not member.filename.endswith(".npy"):
                continue
            name = member.filename.removesuffix(".npy")
            if name in self._members:
                raise MalformedError("it holds two arrays of one name")
            self._members[name] = member, self._layout(member)
        if not self._members and self._archive.infolist():
            raise MalformedError(_other([one.filename for one in self._archive.infolist()]))
        self.shapes = {name: said.shape for name, (_, said) in self._members.items()}

    def _layout(self, member: zipfile.ZipInfo) -> Layout:
        if member.compress_type not in _METHODS or member.flag_bits & 1:
            raise MalformedError("it is packed as numpy.savez packs nothing")
        with self._archive.open(member) as file:
            said = layout(file)
        if said.start + said.bytes != member.file_size:
            raise MalformedError("an array's size is not what its shape makes")
        return said

    def array(self, name: str) -> Array:
        """One array."""
        member, said = self._members[name]
        with self._archive.open(member) as file:
            file.read(said.start)
            return numbers(file, said)


def _other(names: Sequence[str]) -> str:
    """What is said of an archive that holds no array of NumPy's."""
    if any(name.endswith("data.pkl") for name in names):
        return f"this is a pickle of torch.save, which is never unpickled: write {_SAVE}"
    return f"it is an archive, but holds no .npy: weights of PyTorch are written by {_SAVE}"
