"""What the commands that come to a verdict are asked, and the one that answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from paritycheck.commands import ExitCode
from paritycheck.commands.concluding import Conclusion
from paritycheck.commands.output import Outputs
from paritycheck.commands.recalling import Memory
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter, style
from paritycheck.findings import Severity


@dataclass(frozen=True, slots=True)
class Request:
    """A command line that was understood."""

    command: str
    """``run``, ``policy`` or ``compare``."""
    selection: Selection
    formats: tuple[str, ...] = ()
    output: Path | None = None
    fail_on: Severity = Severity.ERROR
    no_cache: bool = False
    no_color: bool = False
    quiet: bool = False
    verbose: bool = False
    privilege_only: bool = False
    """Of ``policy``."""
    plans: tuple[str, ...] = ()
    """Of ``compare``."""

    def answer(self) -> ExitCode:
        """Come to the verdict; see the modules of the commands."""
        outputs = Outputs.parse(self.formats, self.output, style(no_color=self.no_color, verbose=self.verbose))
        conclusion = Conclusion(outputs, self.fail_on)
        told = chatter(quiet=self.quiet, verbose=self.verbose)
        memory = Memory(not self.no_cache, told, self.verbose)
        if self.command == "run":
            from paritycheck.commands.run import run

            return run(self.selection, conclusion, told, memory)
        if self.command == "policy":
            from paritycheck.commands.policy import policy

            return policy(self.selection, conclusion, told, memory, privilege_only=self.privilege_only)
        from paritycheck.commands.compare import compare

        return compare(self.plans, self.selection, conclusion, told, memory)
