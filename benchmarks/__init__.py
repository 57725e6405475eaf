"""Speed and memory as ratios, each measured side by side in one run."""

import sys
from pathlib import Path

LAMBDAS = Path(__file__).parent.parent / "lambdas"

# The functions import each other's modules from there, as they do in their archives.
if str(LAMBDAS) not in sys.path:
    sys.path.append(str(LAMBDAS))
