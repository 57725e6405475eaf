"""What checks are told of policies that are known only after apply."""

from __future__ import annotations

import pytest

from paritycheck.policy.checkov.foresight import foresee, tell
from paritycheck.policy.privilege.stack import Stack
from tests.plans import configured, document, plan, resource

DOCUMENT = "data.aws_iam_policy_document.this"
POLICY = "aws_iam_role_policy.this"


def test_a_policy_is_told_but_for_what_is_unknown_in_it() -> None:
    known, unknown = {"actions": ["sqs:SendMessage"], "resources": [None]}, {"statement": [{"resources": [True]}], "json": True}
    made = plan(
        document(
            resource(DOCUMENT, {"statement": [known]}, actions=["read"], after_unknown=unknown),
            resource(POLICY, {"role": "a"}, after_unknown={"policy": True}),
            configuration=[configured(DOCUMENT), configured(POLICY, policy=(f"{DOCUMENT}.json", DOCUMENT))],
        )
    )
    stack = Stack(made)
    statement = {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [None]}

    assert {"policy": {"Version": "2012-10-17", "Statement": [statement]}} == foresee(stack, made, stack.resources[POLICY])


@pytest.mark.parametrize(
    ("kind", "attribute", "expected"),
    [
        ("aws_cloudfront_distribution", "arn", "⟦aws_cloudfront_distribution.x.arn⟧"),
        ("aws_vpc", "default_route_table_id", "⟦aws_vpc.x.default_route_table_id⟧"),
        ("aws_lambda_invocation", "result", None),
        ("terraform_data", "output", None),
        ("terraform_data", "id", None),
    ],
)
def test_what_aws_identifies_has_a_text_and_what_may_be_a_wildcard_has_none(kind: str, attribute: str, expected: str | None) -> None:
    address = f"{kind}.x"
    stack = Stack(plan(document(resource(address, {}, after_unknown={attribute: True}), configuration=[configured(address)])))

    assert expected == tell(stack.text(stack.resources[address], attribute))


def test_a_document_of_the_same_key_is_told_without_the_source() -> None:
    """Of `data.aws_iam_policy_document.this[each.key].json` a plan tells the data source and `each.key`."""
    keys = ("a", "b")
    documents = [
        resource(f'{DOCUMENT}["{key}"]', {"statement": [{"actions": [f"sqs:{key}"]}]}, actions=["read"], after_unknown={"json": True})
        for key in keys
    ]
    policies = [resource(f'{POLICY}["{key}"]', {"role": "a"}, after_unknown={"policy": True}) for key in keys]
    blocks = [configured(DOCUMENT), configured(POLICY, policy=(DOCUMENT, "each.key"))]
    made = plan(document(*documents, *policies, configuration=blocks))
    stack = Stack(made)
    told = [foresee(stack, made, stack.resources[f'{POLICY}["{key}"]'])["policy"]["Statement"][0]["Action"] for key in keys]

    assert [["sqs:a"], ["sqs:b"]] == told
