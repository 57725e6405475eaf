"""AWS calls of functions, found in their Python sources by syntax trees; nothing of them is ever run."""

from paritycheck.policy.calls.model import UNKNOWN, Argument, Call, Env, Joined, SourceCalls, Text, Undecided, Unknown
from paritycheck.policy.calls.search import find_calls
from paritycheck.policy.calls.sources import SourceCodeError, Sources

__all__ = [
    "UNKNOWN",
    "Argument",
    "Call",
    "Env",
    "Joined",
    "SourceCalls",
    "SourceCodeError",
    "Sources",
    "Text",
    "Undecided",
    "Unknown",
    "find_calls",
]
