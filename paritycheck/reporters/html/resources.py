"""The picture of the resources, and each of them in full: its values, what refers to it, what is found of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from paritycheck.inert import inert, shorten
from paritycheck.reporters.html.context import Context, Entry
from paritycheck.reporters.html.markup import Content, Markup, code, element, join, spaced
from paritycheck.reporters.html.values import Row, table
from paritycheck.reporters.picture.states import State, meanings, states
from paritycheck.reporters.prose import one_line
from paritycheck.reporters.values import literal, stands_alone
from paritycheck.topology import Attribute, Node, Topology

_VALUE = 4_000
"""Characters of a value that are shown."""


class Catalog:
    """Shows every resource of a topology."""

    def __init__(self, topology: Topology, context: Context) -> None:
        """Gather what belongs to each."""
        self._topology = topology
        self._context = context
        self._states = states(context.report)
        self._told = meanings(context.report)
        self._numbers = {node.address: number for number, node in enumerate(topology.nodes)}
        self._found: dict[int, list[Entry]] = {}
        for entry in context.entries:
            for number in context.places(entry.finding.address):
                self._found.setdefault(number, []).append(entry)
        self._reasons: dict[int, dict[str, str]] = {}
        for allowed in context.report.allowed:
            for number in context.places(allowed.address):
                self._reasons.setdefault(number, {})[allowed.allow] = allowed.reason
        self._ties = {
            "Data goes to": self._pairs((flow.source, flow.target) for flow in topology.flows),
            "Data comes from": self._pairs((flow.target, flow.source) for flow in topology.flows),
            "Refers to": self._pairs((edge.source, edge.target) for edge in topology.edges),
            "Referred to by": self._pairs((edge.target, edge.source) for edge in topology.edges),
        }

    def render(self) -> Markup:
        """Return the resources by service, each to be unfolded."""
        numbered = list(enumerate(self._topology.nodes))
        return join(
            self._service(service.name, [each for each in numbered if each[1].service == service.name])
            for service in self._topology.services
        )

    def neighbors(self) -> list[list[int]]:
        """Return the numbers of those that a resource is tied to, for each resource."""
        found: list[set[int]] = [set() for _ in self._topology.nodes]
        for ties in self._ties.values():
            for number, others in ties.items():
                found[number].update(others)
        return [sorted(numbers) for numbers in found]

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for one, other in pairs:
            found.setdefault(self._numbers[one], []).append(self._numbers[other])
        return {number: sorted(set(others)) for number, others in found.items()}

    def _service(self, name: str, nodes: Sequence[tuple[int, Node]]) -> Markup:
        summary = element(
            "summary", element("span", one_line(name), class_="name"), " ", element("span", f"{len(nodes):,}", class_="count")
        )
        return element("details", summary, (self._resource(number, node) for number, node in nodes), class_="group")

    def _resource(self, number: int, node: Node) -> Markup:
        state = self._states[node.address]
        summary = element(
            "summary",
            spaced(
                code(one_line(node.address), class_="address"),
                element("span", self._told[state], class_=f"state {state}") if state is not State.SAME else None,
            ),
        )
        return element(
            "details", summary, element("div", self._facts(number, node), class_="facts"), id=f"resource-{number}", class_="resource"
        )

    def _facts(self, number: int, node: Node) -> Iterator[Content]:
        yield element("p", _planned(node), class_="quiet")
        if found := self._found.get(number):
            yield _part("Findings", element("ul", map(_finding, found), class_="links"))
        if reasons := self._reasons.get(number):
            allowed = ([element("dt", code(one_line(rule))), element("dd", one_line(reason))] for rule, reason in sorted(reasons.items()))
            yield _part("Allowed", element("dl", allowed, class_="notes"))
        if rows := [Row(code(one_line(each.path)), each.values, stands_alone(each.values)) for each in node.attributes if each.values]:
            yield _part("Not the same everywhere", table("Attribute", self._topology.environments, rows))
        for heading, ties in self._ties.items():
            if others := ties.get(number):
                yield _part(heading, element("ul", (self._link(other) for other in others), class_="ties"))
        if same := [each for each in node.attributes if not each.values]:
            yield _part("Attributes", element("dl", map(_attribute, same), class_="attributes"))

    def _link(self, number: int) -> Markup:
        node = self._topology.nodes[number]
        return element("li", element("a", one_line(node.address), href=f"#resource-{number}", class_=f"tie {self._states[node.address]}"))


def _planned(node: Node) -> str:
    """Say what a resource is and what is planned for it."""
    kind = "Data source" if node.mode == "data" else "Resource"
    by_action: dict[str, list[str]] = {}
    for environment, action in node.actions.items():
        by_action.setdefault(action, []).append(environment)
    planned = "; ".join(f"{action} in {', '.join(names)}" for action, names in by_action.items())
    return one_line(f"{kind} of {node.service}, planned: {planned}")


def _finding(entry: Entry) -> Markup:
    finding = entry.finding
    return element("li", element("a", f"{finding.severity.value}: {finding.rule}", href=f"#{entry.id}"), " ", code(one_line(finding.path)))


def _attribute(attribute: Attribute) -> Content:
    shown = inert(shorten(literal(attribute.value), _VALUE))
    return element("div", element("dt", one_line(attribute.path)), element("dd", shown))


def _part(heading: str, content: Content) -> Markup:
    return element("section", element("h4", heading), content)
