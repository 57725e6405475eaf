"""Topologies to draw: a small one, any one, and one of hostile names."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from paritycheck.findings import Allowed, Finding, Report, Severity
from paritycheck.plan import static_address
from paritycheck.topology import Attribute, Band, Edge, Node, Service, Topology
from tests.reporters.sample import HOSTILE, environment

ENVIRONMENTS = ("dev", "prod")
ACTIONS = dict.fromkeys(ENVIRONMENTS, "create")


def node(address: str, service: str, **fields: object) -> Node:
    """Return a node by its address; keyword arguments take the place of what would be read from it."""
    type_name, name = static_address(address).removeprefix("data.").split(".")[-2:]
    key = address.partition("[")[2].removesuffix("]").strip('"')
    found: dict[str, object] = {
        "block": static_address(address), "mode": "managed", "type": type_name, "name": name, "key": key, "module": "", "actions": ACTIONS,
    }  # fmt: skip
    return Node(address=address, service=service, **(found | fields))  # type: ignore[arg-type]


SMALL = Topology(
    environments=ENVIRONMENTS,
    services=(
        Service("API Gateway", Band.ENTRY),
        Service("Lambda", Band.FLOW),
        Service("SQS", Band.FLOW),
        Service("CloudWatch", Band.SUPPORT),
        Service("KMS", Band.SUPPORT),
    ),
    nodes=(
        node("aws_apigatewayv2_api.this", "API Gateway"),
        node("aws_apigatewayv2_integration.order", "API Gateway"),
        node('aws_lambda_function.this["validate"]', "Lambda"),
        node('aws_lambda_function.this["match"]', "Lambda"),
        node('aws_lambda_permission.this["match"]', "Lambda", actions={"prod": "create"}),
        node("aws_sqs_queue.orders", "SQS", attributes=(Attribute("name", value="orders-{env}"),)),
        node("module.poison.aws_sqs_queue.this", "SQS", module="module.poison"),
        *(node(f"aws_cloudwatch_metric_alarm.this[{number}]", "CloudWatch") for number in range(20)),
        node("aws_kms_key.this", "KMS"),
    ),
    edges=(
        Edge("aws_apigatewayv2_integration.order", 'aws_lambda_function.this["validate"]'),
        Edge('aws_lambda_function.this["match"]', "aws_sqs_queue.orders"),
        Edge("aws_sqs_queue.orders", "aws_kms_key.this"),
        *(Edge(f"aws_cloudwatch_metric_alarm.this[{number}]", "aws_sqs_queue.orders") for number in range(20)),
    ),
    flows=(
        Edge("aws_apigatewayv2_integration.order", 'aws_lambda_function.this["validate"]'),
        Edge('aws_lambda_function.this["match"]', "aws_sqs_queue.orders"),
        Edge("aws_sqs_queue.orders", "module.poison.aws_sqs_queue.this"),
    ),
)


def finding(rule: str, address: str, **fields: object) -> Finding:
    """Return a finding of an address."""
    return Finding(rule, fields.pop("severity", Severity.ERROR), address, "It is so.", "Mend it.", **fields)  # type: ignore[arg-type]


REPORT = Report(
    environments=tuple(map(environment, ENVIRONMENTS)),
    findings=(
        finding("value-difference", 'aws_lambda_function.this["match"]', path="timeout"),
        finding("missing-resource", 'aws_lambda_permission.this["match"]'),
        finding("policy-violation", "aws_sqs_queue.orders", policy="CKV_AWS_27"),
    ),
    allowed=(Allowed("alarms", "They follow the load.", "aws_cloudwatch_metric_alarm.this[3]", "threshold", {"dev": 1, "prod": 2}),),
    topology=SMALL,
)

HOSTILE_NAMES = (
    HOSTILE, "]]>", "<script>alert(1)</script>", "</svg>", '"];\n}\ngraph {', "end", "--> n1", 'n0["x"]', "%%{init: {}}%%", "&#x3c;b&gt;",
    "\\", '\\"', "\x00\x08\x0b\ufffe\uffff", "\u202eright to left", "'" * 3, "x" * 10_000, "{{", "$(id)", "`id`",
)  # fmt: skip

HOSTILE_REPORT = Report(
    environments=(environment(HOSTILE),),
    findings=tuple(finding("value-difference", f'aws_sqs_queue.q["{name}"]') for name in HOSTILE_NAMES[::2]),
    topology=Topology(
        environments=(HOSTILE,),
        services=tuple(Service(name, Band.FLOW) for name in HOSTILE_NAMES),
        nodes=tuple(
            Node(f'aws_sqs_queue.q["{name}"]', f"b{number}{name}", "managed", name, name, name, f"module.{name}", name, {HOSTILE: name})
            for number, name in enumerate(HOSTILE_NAMES)
        ),
        edges=tuple(Edge(f'aws_sqs_queue.q["{a}"]', f'aws_sqs_queue.q["{b}"]') for a, b in pairwise(HOSTILE_NAMES)),
        flows=(),
    ),
)

_TYPES = st.sampled_from(["aws_sqs_queue", "aws_sqs_queue_policy", "aws_lambda_function", "aws_kms_key", "aws_iam_role", "x"])
_BANDS = {"aws_iam_role": Band.SUPPORT, "aws_kms_key": Band.SUPPORT, "aws_lambda_function": Band.ENTRY}


@st.composite
def topologies(draw: st.DrawFn) -> Topology:
    """Draw a topology of some services with any number of blocks and instances."""
    blocks = draw(st.lists(st.tuples(_TYPES, st.text(max_size=40), st.integers(0, 60)), unique_by=lambda each: each[:2], max_size=25))
    nodes = [
        Node(f"{kind}.{name}[{number}]", f"{kind}.{name}", "managed", kind, name, str(number) if count else "", "", kind, ACTIONS)
        for kind, name, count in sorted(blocks)
        for number in range(max(count, 1))
    ]
    services = tuple(Service(kind, _BANDS.get(kind, Band.FLOW)) for kind in dict.fromkeys(node.service for node in nodes))
    main = [each.address for each in nodes if _BANDS.get(each.service) is not Band.SUPPORT]
    ends = st.sampled_from(main) if main else st.nothing()
    flows = draw(st.lists(st.builds(Edge, ends, ends), max_size=20)) if main else []
    return Topology(ENVIRONMENTS, services, tuple(nodes), tuple(flows), tuple(flows))
