"""Run in a child process alone: an ONNX file in onnxruntime, within so much memory and time.

``python -m convcalc.study.onnx_program FOLDER BYTES SECONDS`` reads what `onnx_session` wrote. A
file may come from a stranger, and native code runs it: what it logs, how much it takes and how it
ends is the child's.
"""

import json
import os
import sys
from contextlib import suppress


def main(folder: str, most: int, seconds: int) -> int:
    """Write an array for each name asked for, or why there is none."""
    _limit(most, seconds)
    try:
        import numpy as np
        import onnxruntime

        with open(os.path.join(folder, "asked.json"), encoding="utf-8") as file:
            asked = json.load(file)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # names of the file would be written raw
        with open(os.path.join(folder, "model.onnx"), "rb") as model:
            data = model.read()
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        given = {asked["input"]: np.load(os.path.join(folder, "x.npy"))}
        for i, array in enumerate(session.run(asked["names"], given)):
            if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
                raise TypeError(f"{asked['names'][i]} is no array of numbers")
            np.save(os.path.join(folder, f"{i}.npy"), array, allow_pickle=False)
    except Exception as error:  # whatever onnxruntime raises for what it does not run
        with open(os.path.join(folder, "why.txt"), "w", encoding="utf-8", errors="replace") as file:
            file.write(" ".join((str(error) or type(error).__name__).split())[:300])
        return 2
    return 0


def _limit(most: int, seconds: int) -> None:
    """Let the process have so many bytes and seconds, where the system can bound them."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (within, hard))
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        seconds = seconds if hard == resource.RLIM_INFINITY else min(seconds, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
