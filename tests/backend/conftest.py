"""Makes `naive`, the loops that the kernels are held against, importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
