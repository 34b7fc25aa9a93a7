"""An ONNX file in onnxruntime, in a process of its own."""

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from convcalc.process import in_child
from convcalc.unfinished import short_lived_folder

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array

#: bytes of the packages themselves and of work space
_BASE = 2 * 2**30
#: seconds to begin and to end in, and multiply-accumulates a second that no processor falls below
_BASE_SECONDS, _SLOWEST = 60, 10**7
#: how a child ends that has taken more: by the signal SIGXCPU
_TOO_LONG = -24


class NotRunError(Exception):
    """What onnxruntime says of a file that it does not run; not yet safe to print."""


class Session(NamedTuple):
    """What is run, and within which bounds."""

    model: bytes
    input: str
    volumes: int
    """Bytes of all volumes of the net that it is compared with."""
    macs: int
    """The multiply-accumulates of that net."""

    @property
    def most(self) -> int:
        """Bytes that it may take: several times what the net needs, however large it claims to be.

        Unfolding the windows of a transposed convolution takes many times its output.
        """
        return _BASE + 4 * len(self.model) + 16 * self.volumes

    @property
    def seconds(self) -> int:
        """Seconds of all processors that it may take: many times what the net needs on any."""
        return _BASE_SECONDS + self.macs // _SLOWEST

    def run(self, names: list[str], x: "Array") -> "list[Array]":
        """The numbers of these tensors.

        Raises:
            NotRunError: there are none.
        """
        import numpy as np

        with short_lived_folder() as folder:

            def path(name: str) -> str:
                return os.path.join(folder, name)

            with open(path("model.onnx"), "wb") as file:
                file.write(self.model)
            with open(path("asked.json"), "w", encoding="utf-8") as asked:
                json.dump({"input": self.input, "names": names}, asked)
            np.save(path("x.npy"), x)
            bounds = str(self.most), str(self.seconds)
            done = in_child("convcalc.study.onnx_program", folder, *bounds)
            if done.returncode == 0:
                return [np.load(path(f"{i}.npy")) for i in range(len(names))]
            if done.returncode == _TOO_LONG:
                text = f"it takes more than {self.seconds:,} seconds of computing"
                raise NotRunError(f"{text}, many times what the net is worth")
            if not os.path.exists(path("why.txt")):
                text = f"it ended with status {done.returncode}, perhaps for want of memory"
                raise NotRunError(f"{text}: {self.most:,} bytes are what it may take")
            with open(path("why.txt"), encoding="utf-8") as why:
                raise NotRunError(why.read())
