"""A topology has every resource once, what it is planned to be, and what it refers to; and no secret."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from paritycheck.compare import know_secrets
from paritycheck.config import Environment, Normalize
from paritycheck.errors import PlanError
from paritycheck.findings import Special
from paritycheck.graph import build_topology
from paritycheck.normalize import build_vocabulary
from paritycheck.plan import Plan
from paritycheck.source import Sources
from paritycheck.topology import Attribute, Edge, Node, Topology
from tests.plans import configured, document, plan, plans, resource

SECRET = "hunter2-and-more"


def build(read: Sequence[Plan], sources: Sequence[Sources] | None = None) -> Topology:
    vocabulary = build_vocabulary(read, Normalize())
    return build_topology(read, vocabulary, know_secrets(read, vocabulary), sources=sources)


def topology(*resources: Any, environments: Sequence[str] = ("dev", "prod"), **parts: Any) -> Topology:
    """Build the topology of plans that are the same but for `ENV` in their texts."""
    text = json.dumps(document(*resources, **parts))
    return build(plans(lambda name: json.loads(text.replace("ENV", name)), environments))


def attributes(found: Topology) -> Mapping[str, Attribute]:
    return {attribute.path: attribute for attribute in found.nodes[0].attributes}


def test_a_node_tells_what_it_is() -> None:
    (node,) = topology(resource('module.m["ENV"].aws_sqs_queue.orders["a"]', {"name": "orders-ENV", "delay": None})).nodes

    assert node == Node(
        address='module.m["{env}"].aws_sqs_queue.orders["a"]',
        block="module.m.aws_sqs_queue.orders",
        mode="managed",
        type="aws_sqs_queue",
        name="orders",
        key="a",
        module='module.m["{env}"]',
        service="SQS",
        actions={"dev": "create", "prod": "create"},
        attributes=(Attribute("name", value="orders-{env}"),),
    )


def test_instances_are_nodes_of_their_own_in_the_order_of_their_numbers() -> None:
    found = topology(resource("aws_sqs_queue.a[10]"), resource("aws_sqs_queue.a[2]"))

    assert ["aws_sqs_queue.a[2]", "aws_sqs_queue.a[10]"] == [node.address for node in found.nodes]


def test_a_node_knows_which_environments_have_it() -> None:
    read = plans(lambda name: document(resource("aws_sqs_queue.a"), *([resource("aws_sqs_queue.b")] if name == "prod" else [])))

    assert [{"dev": "create", "staging": "create", "prod": "create"}, {"prod": "create"}] == [node.actions for node in build(read).nodes]


def test_only_the_part_of_an_attribute_that_differs_stands_apart() -> None:
    read = plans(
        lambda name: document(resource("aws_sqs_queue.a", {"tags": {"env": name, "size": len(name), "of": "all"}})), ("dev", "prod")
    )

    assert [
        Attribute("tags.env", value="{env}"),
        Attribute("tags.size", values={"dev": 3, "prod": 4}),
        Attribute("tags.of", value="all"),
    ] == list(build(read).nodes[0].attributes)


def test_what_an_environment_lacks_is_not_among_its_values() -> None:
    read = plans(
        lambda name: document(resource("aws_sqs_queue.a", {"name": "x"})) if name != "dev" else document(resource("aws_sqs_queue.b"))
    )

    assert [Attribute("name", value="x")] == [attribute for node in build(read).nodes for attribute in node.attributes]


def test_an_unknown_value_is_no_text() -> None:
    assert Special.UNKNOWN is attributes(topology(resource("aws_sqs_queue.a", {}, after_unknown={"arn": True})))["arn"].value


def test_one_environment_shows_its_values_as_they_are() -> None:
    assert "orders-dev" == attributes(topology(resource("aws_sqs_queue.a", {"name": "orders-ENV"}), environments=["dev"]))["name"].value


def test_a_long_value_is_shortened_after_secrets_are_blotted_out() -> None:
    text = "x" * 400 + SECRET + "y" * 4000
    found = topology(resource("aws_sqs_queue.a", {"a": text, "b": [text]}), variables={"p": SECRET}, sensitive=["p"])

    assert all(len(attribute.value) < 700 for attribute in found.nodes[0].attributes)
    assert not any(SECRET[:4] in attribute.value for attribute in found.nodes[0].attributes)


@pytest.mark.parametrize(
    "parts",
    [
        {"after": {"password": SECRET}, "after_sensitive": {"password": True}},
        {"after": {"nested": [{"password": SECRET}]}, "after_sensitive": {"nested": [{"password": True}]}},
        {"after": {"url": f"https://u:{SECRET}@h", "map": {SECRET: 1}, "json": json.dumps({"a": [SECRET]})}},
        {"after": {"all": SECRET}, "after_sensitive": True},
        {"after": {"hidden": {"a": f"{SECRET}-ENV"}}, "after_sensitive": {"hidden": True}},
    ],
)
def test_no_secret_gets_in(parts: Mapping[str, Any]) -> None:
    options = dict(parts)
    found = topology(
        resource("aws_db_instance.a", options.pop("after"), **options),
        resource(f'aws_sqs_queue.b["{SECRET}"]', {"name": SECRET}),
        variables={"p": SECRET},
        sensitive=["p"],
    )

    assert SECRET not in repr(found)
    assert 2 == len(found.nodes)


@pytest.mark.parametrize("secret", ["aws_sqs_queue", "aws_", "orders", "module.m", "module", '["a"]', 'm["a', "data.aws"])
def test_a_secret_that_is_a_part_of_an_address_is_blotted_out_there(secret: str) -> None:
    found = topology(
        resource('module.m["a"].aws_sqs_queue.orders["b"]'),
        resource("data.aws_region.orders"),
        variables={"p": secret},
        sensitive=["p"],
    )

    assert 2 == len(found.nodes)
    assert not [node for node in found.nodes if secret in repr((node.address, node.block, node.name, node.key, node.module))]


def test_a_sensitive_value_may_be_said_to_differ() -> None:
    read = plans(lambda name: document(resource("aws_db_instance.a", {"p": name * 4}, after_sensitive={"p": True})), ("dev", "prod"))

    assert Attribute("p", values={"dev": Special.SENSITIVE, "prod": Special.SENSITIVE}) == build(read).nodes[0].attributes[0]


def test_references_are_edges_and_flow_on() -> None:
    found = topology(
        resource("aws_sns_topic.t"),
        resource("aws_sqs_queue.q"),
        resource("aws_sns_topic_subscription.s"),
        resource("aws_kms_key.k"),
        configuration=[
            configured("aws_sns_topic_subscription.s", topic_arn=("aws_sns_topic.t.arn",), endpoint=("aws_sqs_queue.q.arn",)),
            configured("aws_sqs_queue.q", kms_master_key_id=("aws_kms_key.k.id",)),
            configured("aws_sns_topic.t"),
            configured("aws_kms_key.k"),
        ],
    )

    assert ("SNS", "SQS", "KMS") == tuple(service.name for service in found.services)
    assert {
        Edge("aws_sns_topic_subscription.s", "aws_sns_topic.t"),
        Edge("aws_sns_topic_subscription.s", "aws_sqs_queue.q"),
        Edge("aws_sqs_queue.q", "aws_kms_key.k"),
    } == set(found.edges)
    assert {Edge("aws_sns_topic_subscription.s", "aws_sns_topic.t"), Edge("aws_sns_topic_subscription.s", "aws_sqs_queue.q")} == set(
        found.flows
    )


def test_what_pulls_lets_data_flow_from_its_source_to_its_target() -> None:
    found = topology(
        resource("aws_kinesis_stream.s"),
        resource("aws_lambda_function.f"),
        resource("aws_lambda_event_source_mapping.m"),
        configuration=[
            configured(
                "aws_lambda_event_source_mapping.m",
                event_source_arn=("aws_kinesis_stream.s.arn",),
                function_name=("aws_lambda_function.f.arn",),
            ),
        ],
    )

    assert (Edge("aws_kinesis_stream.s", "aws_lambda_function.f"),) == found.flows
    assert ("Kinesis", "Lambda") == tuple(service.name for service in found.services)


def granting(resources: str, **extra: Any) -> Topology:
    """Build a function whose role's policy names an ARN."""
    return topology(
        resource("aws_lambda_function.f", {"function_name": "f-ENV"}),
        resource("aws_iam_role.r"),
        resource("aws_iam_role_policy.p", {"policy": json.dumps({"Statement": [{"Resource": resources}]})}),
        resource("aws_dynamodb_table.t", {"name": "orders-ENV"}),
        resource("aws_sqs_queue.q", {"name": "orders-ENV"}),
        configuration=[
            configured("aws_lambda_function.f", role=("aws_iam_role.r.arn",), **extra),
            configured("aws_iam_role_policy.p", role=("aws_iam_role.r.id",)),
        ],
    )


def test_data_flows_to_what_a_role_may_reach_by_its_name() -> None:
    found = granting("arn:aws:dynamodb:eu-west-1:123456789012:table/orders-ENV")

    assert (Edge("aws_lambda_function.f", "aws_dynamodb_table.t"),) == found.flows


@pytest.mark.parametrize(
    "resources",
    [
        "*",
        "arn:aws:dynamodb:eu-west-1:1:table/*",
        "arn:aws:dynamodb:eu-west-1:1:table/orders-ENV-old",
        "orders-ENV",
        "arn:aws:s3:::orders-ENV",
    ],
)
def test_a_policy_that_names_nothing_of_the_stack_lets_nothing_flow(resources: str) -> None:
    assert () == granting(resources).flows


LOOP = """
locals { targets = { a = "one", b = "two" } }
resource "aws_sqs_queue" "q" { for_each = toset(["one", "two"]) }
resource "aws_lambda_function" "f" {
  for_each = local.targets
  queue    = aws_sqs_queue.q[each.value].arn
}
"""


def test_a_loop_is_followed_to_the_instance_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(LOOP, encoding="utf-8")
    blocks = [
        {
            **configured("aws_lambda_function.f", queue=("aws_sqs_queue.q", "each.value")),
            "for_each_expression": {"references": ["local.targets"]},
        },
        {**configured("aws_sqs_queue.q"), "for_each_expression": {}},
    ]
    instances = [*(f'aws_sqs_queue.q["{key}"]' for key in ("one", "two")), *(f'aws_lambda_function.f["{key}"]' for key in ("a", "b"))]
    read = [plan(document(*map(resource, instances), configuration=blocks))]
    sources = [Sources.load(Environment("dev", tmp_path))]

    assert {
        Edge('aws_lambda_function.f["a"]', 'aws_sqs_queue.q["one"]'),
        Edge('aws_lambda_function.f["b"]', 'aws_sqs_queue.q["two"]'),
    } == set(build(read, sources).edges)
    assert 4 == len(build(read).edges), "the plan alone does not say which"


def test_a_value_nested_too_deeply_is_refused() -> None:
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    raw = json.dumps(document(resource("aws_sqs_queue.a", {"x": "DEEP"}))).encode().replace(b'"DEEP"', deep)

    with pytest.raises(PlanError):
        build([plan(raw, "dev"), plan(raw, "prod")])


def test_the_topology_is_the_same_every_time() -> None:
    parts = [resource(f"aws_sqs_queue.q{number}", {"name": f"{number}-ENV"}) for number in range(20)]

    assert dataclasses.asdict(topology(*parts)) == dataclasses.asdict(topology(*parts[::-1]))
