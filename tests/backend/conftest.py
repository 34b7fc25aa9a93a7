"""Makes the neighbouring modules importable: `naive` (the loops), `torch_cases` (the nets)."""

import os
import sys
from pathlib import Path

# tests share their machine with other jobs, where threads of a matrix product wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent))
