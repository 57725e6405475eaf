"""Whatever a plan holds, the proof says something or refuses clearly."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.errors import ParityError
from paritycheck.policy.privilege.stack import Stack
from tests.plans import document, plan, resource
from tests.policy.privilege.small import READ, READER, ROLE, WRITE_LOGS, find, policy, role_policy

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "*", ROLE, "arn:aws:s3:::b", policy(READ), "clerk", "${aws:x}"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
STATEMENT = st.dictionaries(
    st.sampled_from(
        ["sid", "effect", "actions", "not_actions", "resources", "principals", "condition", "Effect", "Action", "Resource", "Condition"]
    ),
    JSON | st.just([{"test": "StringEquals", "variable": "a", "values": ["b"]}]),
)
ATTRIBUTES = [
    ("aws_iam_role_policy", ("role", "policy")),
    ("aws_iam_role_policy_attachment", ("role", "policy_arn")),
    ("aws_iam_policy_attachment", ("roles", "policy_arn")),
    ("aws_iam_policy", ("name", "arn", "policy")),
    ("aws_iam_role", ("name", "arn", "id", "inline_policy", "managed_policy_arns", "permissions_boundary", "assume_role_policy")),
    ("aws_lambda_function", ("function_name", "role", "environment", "vpc_config", "tracing_config", "dead_letter_config", "kms_key_arn")),
    ("aws_lambda_event_source_mapping", ("function_name", "event_source_arn", "destination_config")),
    ("aws_lambda_function_event_invoke_config", ("function_name", "destination_config")),
    ("aws_sqs_queue", ("name", "arn", "policy", "kms_master_key_id")),
    ("aws_s3_bucket_policy", ("bucket", "policy")),
    ("aws_s3_bucket", ("bucket", "tags_all", "server_side_encryption_configuration")),
    ("aws_kms_alias", ("name", "target_key_id")),
]  # fmt: skip


@st.composite
def resources(draw: st.DrawFn) -> list[dict[str, Any]]:
    chosen = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=4))
    made = []
    for number, (kind, names) in enumerate(chosen):
        after = {name: draw(JSON) for name in names if draw(st.booleans())}
        unknown = {name: draw(st.booleans()) for name in names}
        marks = draw(st.one_of(st.just({}), st.booleans(), JSON))
        made.append(resource(f"{kind}.x[{number}]", after, after_unknown=unknown, after_sensitive=marks))
    statements = draw(st.lists(STATEMENT | JSON, max_size=3))
    waiting = {"statement": statements, "source_policy_documents": draw(JSON)}
    made.append(resource("data.aws_iam_policy_document.d", waiting, actions=["read"], after_unknown={"json": True}))
    made.append(role_policy(json.dumps({"Statement": draw(st.lists(STATEMENT | JSON, max_size=3))})))
    return made


@settings(max_examples=150)
@given(resources(), st.sampled_from(["vpc_config", "environment", "role", "handler", "runtime"]), JSON)
def test_no_plan_breaks_the_proof(made: list[dict[str, Any]], name: str, value: Any) -> None:
    with tempfile.TemporaryDirectory() as directory, contextlib.suppress(ParityError):
        assert all(finding.message for finding in find(Path(directory), READER, *made, **{name: value}))


@given(STATEMENT)
def test_no_document_that_waits_for_apply_breaks_the_proof(statement: dict[str, Any]) -> None:
    waiting = resource("data.aws_iam_policy_document.d", {"statement": [statement]}, actions=["read"], after_unknown={"json": True})
    own = role_policy(policy(WRITE_LOGS, READ))
    with tempfile.TemporaryDirectory() as directory:
        assert () == find(Path(directory), READER, own, waiting)
    stack = Stack(plan(document(waiting)))
    rendered = stack.value(stack.resources["data.aws_iam_policy_document.d"], "json")

    assert isinstance(rendered["Statement"], list)
