"""Child processes and private directories: none outlives its use, however this process ends."""

from paritycheck.process.children import interruptible, run, side_by_side
from paritycheck.process.outcome import Completed, ProcessError, plain
from paritycheck.process.scratch import private_directory

__all__ = ["Completed", "ProcessError", "interruptible", "plain", "private_directory", "run", "side_by_side"]
