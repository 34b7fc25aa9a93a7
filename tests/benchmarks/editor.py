"""How long an editor waits for the findings and hints of a net of 500 layers; run by hand."""

import statistics
import time

from convcalc.editor.documents import Document
from convcalc.editor.hints import hints
from convcalc.editor.reading import Wishes

ENTRY = "  - conv: {{filters: {0}, kernel: 3, pad: 1}}\n  - batch_norm\n  - relu\n"
NET = "input: 32x32x16\nlayers:\n" + "".join(ENTRY.format(16 + i % 7) for i in range(167))


def main() -> None:
    """Type 30 versions and print the median and the longest wait, in milliseconds."""
    document = Document("net.yaml", NET, Wishes())
    found, shown = [], []
    for number in range(30):
        document.change(NET.replace("filters: 16", f"filters: {20 + number}", 1), number)
        start = time.perf_counter()
        assert document.reading.findings is not None
        found.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        assert len(hints(document.reading, document.good)) == 501
        shown.append(1000 * (time.perf_counter() - start))
    for name, times in (("diagnostics", found), ("inlay hints", shown)):
        print(f"{name}: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
