"""Reports to look at as a page: one with something of everything, a large one, and one in which every text is the same."""

from __future__ import annotations

from dataclasses import replace

from paritycheck.errors import Location
from paritycheck.findings import Allowed, Area, EnvironmentSummary, Finding, PolicyCounts, Related, Report, Severity, Skipped, Special
from paritycheck.reporters.html import HtmlReporter
from paritycheck.topology import Attribute, Band, Edge, Node, Service, Topology
from tests.reporters import sample
from tests.reporters.picture.stacks import node

NAMES = ("dev", "staging", "prod")
CREATE = dict.fromkeys(NAMES, "create")

TOPOLOGY = Topology(
    environments=NAMES,
    services=(Service("Lambda", Band.ENTRY), Service("Kinesis", Band.FLOW), Service("SQS", Band.FLOW), Service("IAM", Band.SUPPORT)),
    nodes=(
        node('aws_lambda_function.this["match"]', "Lambda", actions=CREATE),
        node('aws_lambda_function.this["validate"]', "Lambda", actions=CREATE),
        node(
            "aws_kinesis_stream.orders",
            "Kinesis",
            actions=CREATE,
            attributes=(
                Attribute("arn", Special.UNKNOWN),
                Attribute("name", "tap-{env}-orders"),
                Attribute("shard_count", values={"dev": 1, "staging": 1, "prod": 4}),
            ),
        ),
        node("aws_sqs_queue.dead", "SQS", actions={"dev": "create", "staging": "create"}),
        node("aws_sqs_queue.orders", "SQS", actions=CREATE),
        *(node(f"aws_sqs_queue.more[{number}]", "SQS", actions=CREATE) for number in range(40)),
        node("aws_iam_role_policy.matcher", "IAM", actions=CREATE),
    ),
    edges=(Edge('aws_lambda_function.this["match"]', "aws_kinesis_stream.orders"), Edge("aws_sqs_queue.orders", "aws_sqs_queue.dead")),
    flows=(
        Edge('aws_lambda_function.this["validate"]', "aws_kinesis_stream.orders"),
        Edge("aws_kinesis_stream.orders", 'aws_lambda_function.this["match"]'),
        Edge('aws_lambda_function.this["match"]', "aws_sqs_queue.orders"),
    ),
)

RICH = replace(sample.EVERYTHING, topology=TOPOLOGY)
CLEAN = replace(sample.CLEAN, topology=TOPOLOGY, examined=tuple(Area))


def _crowded() -> Topology:
    """Return services between which data goes in more ways than can be drawn: from each of the first to the second, and so on."""
    names = ("A", "B", "C")
    nodes = {name: [node(f"x_{name}.n{number}", name, actions=CREATE) for number in range(510)] for name in names}
    pairs = [("A", "B"), ("B", "C"), ("C", "A")]
    flows = tuple(Edge(one.address, other.address) for a, b in pairs for one, other in zip(nodes[a], nodes[b], strict=True))
    services = tuple(Service(name, Band.FLOW) for name in names)
    return Topology(NAMES, services, tuple(each for name in names for each in nodes[name]), (), flows)


CROWDED = replace(CLEAN, topology=_crowded())


def large(findings: int) -> Report:
    """Return a report of many findings of few causes, some with long names."""
    nodes = tuple(node(f"aws_sqs_queue.q[{number}]", "SQS", actions=CREATE) for number in range(findings // 2))
    found = tuple(
        sample.difference(
            f"aws_sqs_queue.q[{number // 2}]",
            "x" * 10_000 if number % 100 == 0 else f"attribute_{number % 7}",
            ("a" * 10_000 if number % 50 == 0 else number, number, number + 1),
            cause=f"var.cause_{number % 3}" if number % 4 else f"var.other_{number}",
        )
        for number in range(findings)
    )
    return replace(sample.REPORT, findings=found, topology=Topology(NAMES, (Service("SQS", Band.FLOW),), nodes, (), ()))


def of(text: str) -> Report:
    """Return a report in which every text from plans and configurations is this one."""
    values = {text: [text, {text: text}], "b": f"{text} b"}
    place, behind = Location(text, 1, 2), (Related(Location(text, 2), text),)
    full = Finding("value-difference", Severity.ERROR, text, text, text, text, values, place, behind, text, text, text)
    bare = Finding("stale-allowance", Severity.NOTE, text, text, text)
    one = Node(
        text, text, "managed", text, text, text, text, text, {text: text}, (Attribute(text, values=values), Attribute(f"{text}b", text))
    )
    other = Node(f"other {text}", f"other {text}", "data", text, text, "", "", text, {text: text})
    return Report(
        environments=(EnvironmentSummary(text, text, 1, 1, 1, {text: 1}, text),),
        findings=(full, bare),
        allowed=(Allowed(text, text, text, text, values),),
        suppressed=(Allowed(text, text, text, text, values),),
        skipped=(Skipped(text, text),),
        known=(full,),
        policies=PolicyCounts(1, 1, 1),
        examined=tuple(Area),
        topology=Topology(
            (text, "b"), (Service(text, Band.FLOW),), (one, other), (Edge(text, f"other {text}"),), (Edge(text, f"other {text}"),)
        ),
    )


def render(report: Report) -> str:
    """Return a report's page."""
    return HtmlReporter().render(report)
