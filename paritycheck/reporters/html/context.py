"""What the parts of the page have to know of each other: where a resource is shown, which identifier a finding has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paritycheck.errors import Location
from paritycheck.findings import Allowed, Finding, Report
from paritycheck.reporters.causes import Cause, by_cause
from paritycheck.reporters.html.markup import Markup, element
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import shown_place
from paritycheck.reporters.values import literal
from paritycheck.topology import Node


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding, and the identifier of its element."""

    id: str
    finding: Finding


class Context:
    """A report, as the page shows it."""

    def __init__(self, report: Report, style: Style) -> None:
        """Number what is linked to."""
        self.report = report
        self.nodes: Sequence[Node] = report.topology.nodes if report.topology else ()
        self.causes: list[tuple[Cause, list[Entry]]] = []
        self._style = style
        self._places: dict[str, list[int]] = {}
        for number, node in enumerate(self.nodes):
            for name in {node.address, node.block}:
                self._places.setdefault(name, []).append(number)
        used: Counter[str] = Counter()
        for cause in by_cause(report.findings):
            self.causes.append((cause, [Entry(_unique(finding.fingerprint, used), finding) for finding in cause.findings]))

    @property
    def entries(self) -> Iterator[Entry]:
        """All findings, in the order of the page."""
        return (entry for _, entries in self.causes for entry in entries)

    def places(self, address: str) -> Sequence[int]:
        """Return the numbers of the resources at an address, or of all instances of the block that it names."""
        return self._places.get(address, ())

    def service(self, address: str) -> str:
        """Name the service of what is at an address; empty where it is no resource."""
        return next((self.nodes[number].service for number in self.places(address)), "")

    def jump(self, about: Finding | Allowed) -> Markup | None:
        """Link to the resource that a finding is about."""
        number = next(iter(self.places(about.address)), None)
        return None if number is None else element("a", "resource", href=f"#resource-{number}", class_="jump")

    def place(self, location: Location | None) -> str:
        """Name a place, from the root of the repository."""
        return shown_place(self._style.locate(location)) if location else ""


def concerned(finding: Finding) -> list[str]:
    """Name the environments that do not have the value of most; all of them where no value is that of most."""
    texts = {name: literal(value) for name, value in finding.values.items()}
    (most, times), *others = Counter(texts.values()).most_common(2) or [("", 0)]
    if not others or others[0][1] == times:
        return list(texts)
    return [name for name, text in texts.items() if text != most]


def _unique(fingerprint: str, used: Counter[str]) -> str:
    used[fingerprint] += 1
    count = used[fingerprint]
    return f"finding-{fingerprint}" + (f"-{count}" if count > 1 else "")
