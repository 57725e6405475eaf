"""Verdicts that are kept: where nothing that a run reads has changed, its report is the one of the time before.

What is kept is the report, from which secrets are blotted out, never a plan; and beside it keyed digests of all that the run read.
"""

from paritycheck.cache.inputs import NotKept
from paritycheck.cache.question import Question
from paritycheck.cache.shelf import Shelf, open_shelf
from paritycheck.cache.store import Kept, Store

__all__ = ["Kept", "NotKept", "Question", "Shelf", "Store", "open_shelf"]
