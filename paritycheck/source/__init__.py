"""What the HCL says: declarations, where an address is written, where a value comes from, and hazards in the source itself."""

from paritycheck.source.behind import resources_behind
from paritycheck.source.comments import Comment, comments
from paritycheck.source.declarations import Declarations, RemoteModule, Variable, declarations
from paritycheck.source.hazards import hazards
from paritycheck.source.outline import HOLE
from paritycheck.source.sources import Sources, check_variables, explain, load_all
from paritycheck.source.trace import Trace

__all__ = [
    "HOLE",
    "Comment",
    "Declarations",
    "RemoteModule",
    "Sources",
    "Trace",
    "Variable",
    "check_variables",
    "comments",
    "declarations",
    "explain",
    "hazards",
    "load_all",
    "resources_behind",
]
