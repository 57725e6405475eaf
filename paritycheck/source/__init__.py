"""What the HCL says: declarations, where an address is written, where a value comes from, and hazards in the source itself."""

from paritycheck.source.declarations import Declarations, RemoteModule, Variable, declarations

__all__ = ["Declarations", "RemoteModule", "Variable", "declarations"]
