"""Makes the neighbouring modules importable: `naive` (the loops), `torch_cases` (the nets)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
