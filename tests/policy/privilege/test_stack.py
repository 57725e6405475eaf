"""Values that wait for apply: what stands for them, and what stays unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Environment
from paritycheck.findings import Special
from paritycheck.policy.privilege.stack import Stack
from paritycheck.source import Sources
from tests.plans import configured, document, plan, resource

UNKNOWN = Special.UNKNOWN
FACTS = (
    resource("data.aws_region.current", {"region": "eu-west-1"}),
    resource("data.aws_caller_identity.current", {"account_id": "111122223333"}),
)
ARN = "arn:aws:%s:eu-west-1:111122223333:%s"


def stack(*resources: dict[str, Any], configuration: list[dict[str, Any]] | None = None, sources: Sources | None = None) -> Stack:
    return Stack(plan(document(*FACTS, *resources, configuration=configuration or [])), sources)


def written(directory: Path, text: str) -> Sources:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return Sources.load(Environment("dev", directory))


@pytest.mark.parametrize(
    ("kind", "known", "path", "expected"),
    [
        ("aws_dynamodb_table", {"name": "t"}, "arn", ARN % ("dynamodb", "table/t")),
        ("aws_dynamodb_table", {"name": "t"}, "stream_arn", ARN % ("dynamodb", "table/t/stream/⟦aws_dynamodb_table.x.stream_arn⟧")),
        ("aws_kms_key", {}, "arn", ARN % ("kms", "key/⟦aws_kms_key.x.key_id⟧")),
        ("aws_s3_bucket", {"bucket": "b"}, "arn", "arn:aws:s3:::b"),
        ("aws_secretsmanager_secret", {"name": "s"}, "arn", ARN % ("secretsmanager", "secret:s-??????")),
        ("aws_sqs_queue", {"name": "q"}, "url", "https://sqs.eu-west-1.amazonaws.com/111122223333/q"),
        ("aws_iam_role", {"name": "r"}, "arn", "arn:aws:iam::111122223333:role/r"),
        ("aws_iam_role", {"name": "r", "path": "/a/"}, "arn", "arn:aws:iam::111122223333:role/a/r"),
        ("aws_apigatewayv2_api", {"name": "a"}, "execution_arn", ARN % ("execute-api", "⟦aws_apigatewayv2_api.x.id⟧")),
        ("aws_instance", {}, "id", "⟦aws_instance.x.id⟧"),
        ("aws_instance", {}, "network[0].id", UNKNOWN),
    ],
)
def test_an_unknown_attribute_is_what_aws_will_call_the_resource(kind: str, known: dict[str, Any], path: str, expected: Any) -> None:
    unknown = {"arn": True, "stream_arn": True, "id": True, "url": True, "key_id": True, "execution_arn": True, "network": True}
    found = stack(resource(f"{kind}.x", known, after_unknown=unknown))

    assert expected == found.value(found.resources[f"{kind}.x"], path)


def test_instances_have_ids_of_their_own() -> None:
    keys = ["a", "a_", "a b", 'a"']
    found = stack(*(resource(f"aws_instance.x[{number}]", {}, after_unknown={"id": True}) for number in range(len(keys))))

    assert len(keys) == len({found.text(each, "id") for each in found.of_type("aws_instance")})


def test_what_the_configuration_sets_is_read_from_it(tmp_path: Path) -> None:
    sources = written(
        tmp_path,
        """
        resource "aws_sqs_queue" "q" { name = "jobs" }
        resource "aws_x" "y" { text = "${aws_sqs_queue.q.arn}/more", other = random_pet.p.id }
        """.replace(", other", "\n other"),
    )
    found = stack(
        resource("aws_sqs_queue.q", {"name": "jobs"}, after_unknown={"arn": True}),
        resource("aws_x.y", {}, after_unknown={"text": True, "other": True}),
        configuration=[configured("aws_x.y", text=("aws_sqs_queue.q.arn",), other=("random_pet.p.id",))],
        sources=sources,
    )
    one = found.resources["aws_x.y"]

    assert [ARN % ("sqs", "jobs/more"), UNKNOWN] == [found.value(one, "text"), found.value(one, "other")]


def test_references_that_go_round_in_circles_stay_unknown(tmp_path: Path) -> None:
    sources = written(tmp_path, 'resource "aws_x" "a" { v = aws_x.b.v }\nresource "aws_x" "b" { v = aws_x.a.v }\n')
    found = stack(
        *(resource(f"aws_x.{name}", {}, after_unknown={"v": True}) for name in "ab"),
        configuration=[configured("aws_x.a", v=("aws_x.b.v",)), configured("aws_x.b", v=("aws_x.a.v",))],
        sources=sources,
    )

    assert UNKNOWN is found.value(found.resources["aws_x.a"], "v")


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (("aws_iam_role.r.arn", "aws_iam_role.r"), "arn:aws:iam::111122223333:role/r"),
        (("var.create", "aws_iam_role.r.arn", "aws_iam_role.r", "var.role"), "arn:aws:iam::111122223333:role/r"),
        (("aws_iam_role.r.arn", "aws_iam_role.r", "aws_iam_role.s.arn", "aws_iam_role.s"), UNKNOWN),
        (("aws_iam_role.gone.arn", "aws_iam_role.gone"), UNKNOWN),
        (("var.role",), UNKNOWN),
    ],
)
def test_without_the_source_a_link_is_its_only_reference(references: tuple[str, ...], expected: Any) -> None:
    found = stack(
        *(resource(f"aws_iam_role.{name}", {"name": name}, after_unknown={"arn": True}) for name in "rs"),
        resource("aws_lambda_function.f", {}, after_unknown={"role": True, "description": True}),
        configuration=[configured("aws_lambda_function.f", role=references, description=references)],
    )
    function = found.resources["aws_lambda_function.f"]

    assert [expected, UNKNOWN] == [found.value(function, "role"), found.value(function, "description")]


def test_a_long_chain_of_references_ends(tmp_path: Path) -> None:
    count = 400
    blocks = [f'resource "aws_x" "r{number}" {{ v = aws_x.r{number + 1}.v }}' for number in range(count)]
    found = stack(
        *(resource(f"aws_x.r{number}", {}, after_unknown={"v": True}) for number in range(count)),
        configuration=[configured(f"aws_x.r{number}", v=(f"aws_x.r{number + 1}.v",)) for number in range(count)],
        sources=written(tmp_path, "\n".join(blocks)),
    )

    assert UNKNOWN is found.value(found.resources["aws_x.r0"], "v")


def test_a_sensitive_value_is_unknown_at_any_depth() -> None:
    found = stack(resource("aws_x.y", {"a": [{"b": "secret", "c": "open"}]}, after_sensitive={"a": [{"b": True}]}))

    assert [{"b": UNKNOWN, "c": "open"}] == found.value(found.resources["aws_x.y"], "a")


def test_a_value_that_is_unknown_and_sensitive_is_not_read_from_the_source(tmp_path: Path) -> None:
    found = stack(
        resource(
            "aws_x.y", {"a": None, "b": None}, after_unknown={"a": True, "b": True}, after_sensitive={"a": {"secret": True}, "b": True}
        ),
        configuration=[configured("aws_x.y", a=("aws_x.z.id",), b=("aws_x.z.id",))],
        sources=written(tmp_path, 'resource "aws_x" "y" {\n a = { secret = "hunter2", open = "1" }\n b = "hunter2"\n}\n'),
    )
    one = found.resources["aws_x.y"]

    assert [{"secret": UNKNOWN, "open": "1"}, UNKNOWN, UNKNOWN] == [found.value(one, path) for path in ("a", "a.secret", "b")]


def test_a_sensitive_statement_is_not_completed_from_the_source(tmp_path: Path) -> None:
    marks = {"statement": [{"resources": [True]}]}
    found = stack(
        resource("data.aws_iam_policy_document.d", {"statement": DOCUMENT["statement"]}, after_unknown=WAITING, after_sensitive=marks),
        sources=written(tmp_path, 'locals {\n a = { Send = { actions = ["sqs:SendMessage"], resources = ["hunter2"] } }\n}\n'),
    )

    assert "hunter2" not in str(found.value(found.resources["data.aws_iam_policy_document.d"], "json"))


def test_what_is_to_be_deleted_is_not_there() -> None:
    assert {each["address"] for each in FACTS} == set(stack(resource("aws_x.y", {}, actions=["delete"])).resources)


@pytest.mark.parametrize(
    ("arn", "owner"),
    [
        (ARN % ("dynamodb", "table/t/index/by_day"), "aws_dynamodb_table.t"),
        (ARN % ("dynamodb", "table/other"), None),
        ("arn:aws:s3:::b/photos/1.jpg", "aws_s3_bucket.b"),
        ("*", None),
    ],
)
def test_an_arn_below_a_resource_is_the_resources(arn: str, owner: str | None) -> None:
    found = stack(
        resource("aws_dynamodb_table.t", {"name": "t"}, after_unknown={"arn": True}),
        resource("aws_s3_bucket.b", {"bucket": "b"}, after_unknown={"arn": True}),
    ).owner(arn)

    assert owner == (found.address if found else None)


DOCUMENT = {
    "statement": [
        {
            "sid": "Send",
            "effect": None,
            "actions": ["sqs:SendMessage"],
            "resources": [None],
            "principals": [{"type": "AWS", "identifiers": ["*"]}],
            "condition": [{"test": "StringEquals", "variable": "aws:PrincipalTag/a", "values": ["b"]}],
        }
    ],
    "source_policy_documents": ['{"Statement": {"Sid": "First", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'],
    "override_policy_documents": ['{"Statement": [{"Sid": "First", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'],
}
WAITING = {"json": True, "statement": [{"resources": [True]}]}


def test_a_document_that_waits_for_apply_is_made_of_what_the_plan_knows() -> None:
    found = stack(resource("data.aws_iam_policy_document.d", DOCUMENT, actions=["read"], after_unknown=WAITING))
    send = {
        "Effect": "Allow",
        "Sid": "Send",
        "Action": ["sqs:SendMessage"],
        "Resource": [UNKNOWN],
        "Principal": {"AWS": ["*"]},
        "Condition": {"StringEquals": {"aws:PrincipalTag/a": ["b"]}},
    }

    assert {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "First", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}, send],
    } == found.value(found.resources["data.aws_iam_policy_document.d"], "json")


@pytest.mark.parametrize(
    ("after", "unknown", "expected"),
    [
        ({"statement": None}, {"statement": True}, UNKNOWN),
        ({"source_policy_documents": ["{"]}, {}, {"Version": "2012-10-17", "Statement": [UNKNOWN]}),
        ({"source_policy_documents": None}, {"source_policy_documents": True}, {"Version": "2012-10-17", "Statement": [UNKNOWN]}),
        (
            {"override_policy_documents": ['{"Statement": {"Sid": "New"}}'], "version": "2008-10-17"},
            {},
            {"Version": "2008-10-17", "Statement": [{"Sid": "New"}]},
        ),
        (
            {"statement": [{"actions": ["a:b"], "principals": [{"type": "*", "identifiers": ["*"]}], "condition": [{"test": 1}]}]},
            {},
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["a:b"], "Principal": "*", "Condition": UNKNOWN}]},
        ),
        (
            {"statement": [{"actions": ["a:b"]}]},
            {"statement": [{"principals": True, "condition": True}]},
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["a:b"], "Principal": UNKNOWN, "Condition": UNKNOWN}]},
        ),
    ],
)
def test_what_is_unknown_of_a_document_stays_so(after: dict[str, Any], unknown: dict[str, Any], expected: Any) -> None:
    found = stack(resource("data.aws_iam_policy_document.d", after, actions=["read"], after_unknown={"json": True, **unknown}))

    assert expected == found.value(found.resources["data.aws_iam_policy_document.d"], "json")


SENDING = 'Send = { actions = ["sqs:SendMessage"],'


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ('Send = { actions = ["sqs:SendMessage"], resources = [aws_sqs_queue.q.arn] }', ARN % ("sqs", "jobs")),
        ('Send = { actions = ["sqs:ReceiveMessage"], resources = [aws_sqs_queue.q.arn] }', UNKNOWN),
        ('Send = { actions = ["sqs:SendMessage"], resources = [aws_sqs_queue.gone.arn] }', UNKNOWN),
        (
            f'{SENDING} resources = [aws_sqs_queue.q.arn] }}\n b = {{ {SENDING} resources = ["*"] }} }}',
            UNKNOWN,
        ),
    ],
)
def test_the_entry_of_a_statements_name_completes_it_if_it_agrees_and_is_the_only_one(tmp_path: Path, entries: str, expected: Any) -> None:
    found = stack(
        resource("aws_sqs_queue.q", {"name": "jobs"}, after_unknown={"arn": True}),
        resource("data.aws_iam_policy_document.d", {"statement": DOCUMENT["statement"]}, actions=["read"], after_unknown=WAITING),
        sources=written(tmp_path, f"locals {{\n a = {{\n {entries}\n }}\n}}\n"),
    )
    value = found.value(found.resources["data.aws_iam_policy_document.d"], "json")

    assert [expected] == value["Statement"][0]["Resource"]
