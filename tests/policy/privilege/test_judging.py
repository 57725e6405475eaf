"""What a role may do against what its functions need, in all the ways in which policies say it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from paritycheck.findings import Severity
from tests.plans import resource
from tests.policy.privilege import small
from tests.policy.privilege.small import ACCOUNT, FUNCTION, READ, READER, ROLE, TABLE, WRITE_LOGS, base, find, policy, role_policy, told

POLICY = "aws_iam_role_policy.clerk"
NOTHING = "def handler(event, context):\n    pass\n"


def allow(action: Any, on: Any = TABLE, **more: Any) -> dict[str, Any]:
    return {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": on, **more}


def granted(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return role_policy(policy(WRITE_LOGS, *statements))


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        (allow("dynamodb:GetItem"), []),
        (allow("DYNAMODB:getitem"), []),
        (allow("dynamodb:Get*"), ["unused-grant"]),
        (allow("dynamodb:GetIte?"), []),
        (allow(["dynamodb:GetItem", "dynamodb:Query"]), ["unused-grant"]),
        (allow("dynamodb:GetItem", [TABLE, f"{TABLE}/index/*"]), ["unused-grant"]),
        (allow("dynamodb:GetItem", "*"), ["wide-resource"]),
        (allow("dynamodb:GetItem", f"{TABLE}*"), ["wide-resource"]),
        (allow("dynamodb:*", "*"), ["unused-grant", "wide-resource"]),
        (allow("dynamodb:GetItem", Condition={"Bool": {"aws:SecureTransport": "true"}}), []),
        (allow("dynamodb:GetItem", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}), ["undecided-grant"]),
        (allow("dynamodb:GetItem", Condition={"Bool": {"aws:SecureTransport": "false"}}), ["missing-grant", "unused-grant"]),
        (allow("dynamodb:PutItem"), ["missing-grant", "unused-grant"]),
        ({"Sid": "It", "Effect": "Allow", "NotAction": "s3:*", "Resource": TABLE}, ["unused-grant"]),
        ({"Sid": "It", "Effect": "Allow", "Action": "dynamodb:GetItem", "NotResource": "arn:aws:s3:::b"}, ["wide-resource"]),
    ],
)  # fmt: skip
def test_a_statement_is_held_against_the_calls(tmp_path: Path, statement: Mapping[str, Any], rules: list[str]) -> None:
    assert rules == sorted(finding.rule for finding in find(tmp_path, READER, granted(statement)))


@pytest.mark.parametrize(("pattern", "expected"), [("table/*", []), ("*", ["wide-resource"])])
def test_a_grant_that_is_limited_by_tags_is_not_wide_unless_it_names_nothing(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    arn = TABLE.replace("orders", "tagged")
    table = resource("aws_dynamodb_table.tagged", {"name": "tagged", "arn": arn, "tags_all": {"team": "a"}})
    on = TABLE.replace("table/orders", pattern) if pattern != "*" else "*"
    statement = allow("dynamodb:GetItem", on, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
    findings = find(tmp_path, READER.replace('"orders"', '"tagged"'), granted(statement), table)

    assert expected == [each.rule for each in findings]


@pytest.mark.parametrize(
    ("function", "path", "hint"),
    [
        ({"handler": "app.gone"}, "handler", "A handler is named MODULE.FUNCTION."),
        ({"package_type": "Image"}, "package_type", "Deploy its code as an archive"),
        ({"runtime": "nodejs20.x"}, "runtime", "Name only functions"),
    ],
)
def test_a_function_that_cannot_be_followed_is_told_at_its_attribute_with_what_to_do(
    tmp_path: Path, function: dict[str, str], path: str, hint: str
) -> None:
    found = find(tmp_path, READER, granted(READ), **function)
    told = [(finding.path, finding.hint) for finding in found if finding.rule == "undecided-grant"]

    assert [(path, True)] == [(path, text.startswith(hint)) for path, text in told]


def test_a_policy_of_aws_is_to_be_replaced_by_one_of_your_own(tmp_path: Path) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    attachment = resource("aws_iam_role_policy_attachment.logs", {"role": "clerk", "policy_arn": arn})
    found = find(tmp_path, NOTHING, attachment)

    assert found
    assert {"Attach a policy of your own that grants what the function needs, in the place of AWSLambdaBasicExecutionRole."} == {
        finding.hint for finding in found
    }


def test_a_denial_makes_a_grant_missing(tmp_path: Path) -> None:
    (finding,) = find(tmp_path, READER, granted(READ, {"Sid": "Never", "Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}))

    assert ("missing-grant", FUNCTION, f"role[dynamodb:GetItem {TABLE}]") == (finding.rule, finding.address, finding.path)
    assert finding.message.endswith("and its role may not, which Never denies")


def test_a_denial_for_code_alone_leaves_lambdas_own_requests_alone(tmp_path: Path) -> None:
    function = "arn:aws:lambda:eu-west-1:123456789012:function:clerk"
    only_code = {"ArnEquals": {"lambda:SourceFunctionArn": function}}
    denial = {"Sid": "Never", "Effect": "Deny", "Action": "logs:*", "Resource": "*", "Condition": only_code}

    assert () == find(tmp_path, READER, granted(READ, denial))


def test_a_grant_for_code_alone_does_not_serve_lambda(tmp_path: Path) -> None:
    function = "arn:aws:lambda:eu-west-1:123456789012:function:clerk"
    logs = {**WRITE_LOGS, "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": function}}}

    assert ["missing-grant", "missing-grant", "unused-grant"] == sorted(
        each.rule for each in find(tmp_path, NOTHING, role_policy(policy(logs)))
    )


def test_a_boundary_that_does_not_allow_makes_a_grant_missing(tmp_path: Path) -> None:
    arn = "arn:aws:iam::123456789012:policy/limit"
    boundary = resource("aws_iam_policy.limit", {"name": "limit", "arn": arn, "policy": policy(WRITE_LOGS)})
    role = resource("aws_iam_role.limited", {"name": "limited", "arn": f"{ROLE}-limited", "id": "limited", "permissions_boundary": arn})
    own = resource("aws_iam_role_policy.limited", {"role": "limited", "policy": policy(WRITE_LOGS, READ)})

    assert ["missing-grant"] == [each.rule for each in find(tmp_path, READER, boundary, role, own, role=f"{ROLE}-limited")]


def test_policies_come_by_every_way_there_is(tmp_path: Path) -> None:
    arn = "arn:aws:iam::123456789012:policy/%s"
    inline = {"inline_policy": [{"name": "a", "policy": policy(allow("s3:GetObject", "arn:aws:s3:::a/*"))}]}
    role = resource(
        "aws_iam_role.all",
        {"name": "all", "arn": f"{ROLE}-all", "id": "all", "managed_policy_arns": [arn % "gone"], **inline},
    )
    own = resource("aws_iam_policy.own", {"name": "own", "arn": arn % "own", "policy": policy(allow("s3:GetObject", "arn:aws:s3:::b/*"))})
    attachment = resource("aws_iam_policy_attachment.own", {"roles": ["all"], "policy_arn": arn % "own"})
    managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    aws = resource("aws_iam_role_policy_attachment.aws", {"role": "all", "policy_arn": managed})
    found = told(find(tmp_path, NOTHING, role, own, attachment, aws, role=f"{ROLE}-all"))

    assert [
        ("undecided-grant", "aws_iam_role.all", "managed_policy_arns[0]"),
        ("unused-grant", "aws_iam_policy.own", "policy.Statement[It]"),
        ("unused-grant", "aws_iam_role.all", "inline_policy[0].policy.Statement[It]"),
        ("unused-grant", "aws_iam_role_policy_attachment.aws", "policy_arn"),
        ("wide-resource", "aws_iam_role_policy_attachment.aws", "policy_arn"),
    ] == sorted(found)


def test_a_policy_whose_role_is_unknown_may_be_anybodys(tmp_path: Path) -> None:
    stray = resource("aws_iam_role_policy.stray", {"policy": policy(READ)}, after_unknown={"role": True})

    assert [("undecided-grant", "aws_iam_role_policy.stray", "role")] == told(find(tmp_path, READER, granted(READ), stray))


@pytest.mark.parametrize(
    ("kind", "after", "name"),
    [
        ("aws_iam_role", {"name": "x", "id": "x", "arn": f"{ROLE}x"}, "inline_policy"),
        ("aws_iam_role", {"name": "x", "id": "x", "arn": f"{ROLE}x"}, "managed_policy_arns"),
        ("aws_iam_policy_attachment", {"policy_arn": "arn:aws:iam::1:policy/p"}, "roles"),
    ],
)
def test_policies_that_are_known_only_after_apply_are_undecided(tmp_path: Path, kind: str, after: dict[str, Any], name: str) -> None:
    other = resource(f"{kind}.x", after, after_unknown={name: True})
    own = resource("aws_iam_role_policy.x", {"role": "x", "policy": policy(WRITE_LOGS, READ)})
    role = f"{ROLE}x" if kind == "aws_iam_role" else ROLE
    found = find(tmp_path, READER, granted(READ), other, own, role=role)

    assert [("undecided-grant", f"{kind}.x", name)] == told(found)


def test_what_functions_share_counts_for_all_of_them(tmp_path: Path) -> None:
    """A function whose code is not at hand may need whatever its role is granted."""
    other = resource(
        "aws_lambda_function.other", {"function_name": "other", "role": ROLE, "runtime": "python3.12", "handler": "app.handler"}
    )
    found = find(tmp_path, READER, granted(READ, {**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Sid": "Other"}), other)

    assert [("undecided-grant", "aws_lambda_function.other")] == [(each.rule, each.address) for each in found]


def test_the_policy_of_a_resource_that_names_the_role_grants(tmp_path: Path) -> None:
    named = {
        "Sid": "Clerk",
        "Effect": "Allow",
        "Principal": {"AWS": ROLE},
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::b/*",
    }
    bucket = resource("aws_s3_bucket.b", {"bucket": "b", "id": "b", "arn": "arn:aws:s3:::b"})
    its_policy = resource("aws_s3_bucket_policy.b", {"bucket": "b", "policy": policy(named)})
    code = "import boto3\ndef handler(event, context):\n    boto3.client('s3').get_object(Bucket='b', Key='k')\n"
    found = find(tmp_path, code, granted(), bucket, its_policy)

    assert [
        ("unused-grant", "aws_s3_bucket_policy.b", "policy.Statement[Clerk]"),
        ("wide-resource", "aws_s3_bucket_policy.b", "policy.Statement[Clerk]"),
    ] == sorted(told(found))


def test_the_policy_of_a_resource_may_deny(tmp_path: Path) -> None:
    denial = {"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}
    bucket = resource("aws_s3_bucket.b", {"bucket": "b", "id": "b", "arn": "arn:aws:s3:::b"})
    its_policy = resource("aws_s3_bucket_policy.b", {"bucket": "b", "policy": policy(denial)})
    code = "import boto3\ndef handler(event, context):\n    boto3.client('s3').get_object(Bucket='b', Key='k')\n"
    found = find(tmp_path, code, granted(allow("s3:GetObject", "arn:aws:s3:::b/k")), bucket, its_policy)

    assert ["missing-grant"] == [each.rule for each in found]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [("arn:aws:s3:::b/*", []), ("arn:aws:s3:::b/photos/*", ["undecided-grant"]), ("arn:aws:s3:::c/*", ["missing-grant", "unused-grant"])],
)
def test_a_key_that_the_source_does_not_tell_may_be_any(tmp_path: Path, resources: str, expected: list[str]) -> None:
    code = "import boto3\ndef handler(event, context):\n    boto3.client('s3').get_object(Bucket='b', Key=event['k'])\n"

    assert expected == sorted(each.rule for each in find(tmp_path, code, granted(allow("s3:GetObject", resources))))


KEY = ACCOUNT % ("kms", "key/k")
DECRYPTS = f"""
import boto3
def handler(event, context):
    boto3.client("kms").decrypt(KeyId="{KEY}", CiphertextBlob=b"")
"""
DECRYPT = {"Sid": "Decrypt", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}
DELEGATE = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}


def judge_key(directory: Path, own: list[dict[str, Any]], statements: list[dict[str, Any]], *more: dict[str, Any]) -> list[str]:
    """Prove a function that decrypts with a key, by its role's statements and the key's; return the rules of what is found."""
    key = resource("aws_kms_key.k", {"arn": KEY, "key_id": "k", "id": "k", "policy": policy(*statements)})
    return [finding.rule for finding in find(directory, DECRYPTS, key, role_policy(policy(WRITE_LOGS, *own)), *more)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"kms:CallerAccount": "123456789012"}}}, []),
        ({"Principal": {"AWS": ROLE}}, []),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}}, ["missing-grant"]),
        ({"Principal": {"AWS": "999999999999"}}, ["missing-grant"]),
        ({"Action": ["kms:Put*", "kms:Create*"]}, ["missing-grant"]),
        ({"Effect": "Perhaps"}, ["undecided-grant"]),
    ],
)
def test_a_role_uses_a_key_only_as_the_policy_of_the_key_lets_it(tmp_path: Path, change: dict[str, Any], expected: list[str]) -> None:
    found = judge_key(tmp_path, [DECRYPT], [{**DELEGATE, **change}])

    assert expected == [rule for rule in found if rule in {"missing-grant", "undecided-grant"}]


def test_the_asterisk_of_a_policy_of_a_key_is_the_key(tmp_path: Path) -> None:
    named = {"Sid": "Named", "Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Decrypt", "Resource": "*"}

    assert [] == judge_key(tmp_path, [], [DELEGATE, named])


@pytest.mark.parametrize(("operations", "expected"), [(["Decrypt"], []), (["Decrypt", "Encrypt"], ["unused-grant"])])
def test_the_grant_of_a_key_is_a_grant(tmp_path: Path, operations: list[str], expected: list[str]) -> None:
    grant = resource("aws_kms_grant.g", {"key_id": "k", "grantee_principal": ROLE, "operations": operations})

    assert expected == judge_key(tmp_path, [], [DELEGATE], grant)


def test_an_undecided_statement_of_a_resource_is_named(tmp_path: Path) -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "shop"}}
    share = {"Sid": "Share", "Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "dynamodb:GetItem", "Resource": TABLE}
    held = resource("aws_dynamodb_resource_policy.t", {"resource_arn": TABLE, "policy": policy({**share, "Condition": condition})})

    (finding,) = find(tmp_path, READER, held, role_policy(policy(WRITE_LOGS)))

    assert ("undecided-grant", "aws_dynamodb_resource_policy.t") == (finding.rule, finding.address)


@pytest.mark.parametrize(
    ("actions", "resources", "expected"),
    [
        (["dynamodb:GetItem", "dynamodb:Query"], [TABLE, f"{TABLE}/index/*"], "dynamodb:Query on "),
        (["dynamodb:GetItem"], [TABLE, f"{TABLE}/index/*"], f"dynamodb:GetItem on {TABLE}/index/*, "),
        (["dynamodb:GetItem", "s3:ListBucket"], [TABLE, "arn:aws:s3:::b"], "s3:ListBucket on "),
    ],
)
def test_what_an_action_cannot_be_about_is_not_granted_by_it(
    tmp_path: Path, actions: list[str], resources: list[str], expected: str
) -> None:
    (finding,) = find(tmp_path, READER, granted(allow(actions, resources)))

    assert "unused-grant" == finding.rule
    assert finding.message.startswith(f"it grants {expected}")


def test_a_key_for_direct_use_that_only_services_make_is_a_warning(tmp_path: Path) -> None:
    key = resource("aws_kms_key.k", {"arn": KEY, "key_id": "k", "id": "k"})
    statements = [READ, {**DECRYPT, "Sid": "Key"}]

    found = find(tmp_path, READER, key, granted(*statements), kms_key_arn=KEY, environment=[{"variables": {"A": "b"}}])

    assert [("unused-grant", Severity.WARNING)] == [(each.rule, each.severity) for each in found]
    assert found[0].message.startswith("it grants kms:Decrypt beyond what comes through lambda.eu-west-1.amazonaws.com")


@pytest.mark.parametrize(
    "attaching",
    [
        resource("aws_iam_role_policy_attachment.a", {"role": "clerk", "policy_arn": "arn:aws:iam::123456789012:policy/p"}),
        resource("aws_iam_policy_attachment.a", {"roles": ["clerk"], "policy_arn": "arn:aws:iam::123456789012:policy/p"}),
        resource(
            "aws_iam_role_policy_attachments_exclusive.a", {"role_name": "clerk", "policy_arns": ["arn:aws:iam::123456789012:policy/p"]}
        ),
    ],
)
def test_an_attached_policy_is_granted_however_it_is_attached(tmp_path: Path, attaching: dict[str, Any]) -> None:
    statement = {"Sid": "It", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    attached = resource("aws_iam_policy.p", {"name": "p", "arn": "arn:aws:iam::123456789012:policy/p", "policy": policy(statement)})

    (finding,) = find(tmp_path, NOTHING, attached, attaching, role_policy(policy(WRITE_LOGS)))

    assert ("unused-grant", "aws_iam_policy.p") == (finding.rule, finding.address)


def test_half_a_character_is_no_policy_and_no_name(tmp_path: Path) -> None:
    broken = policy(WRITE_LOGS, allow("dynamodb:GetItem", "\ud800"))
    code = READER.replace('"orders"', '"\\ud800"')

    found = find(tmp_path, code, role_policy(broken))

    assert {"undecided-grant"} == {each.rule for each in found}
    assert all(each.message.encode() for each in found)


GETS = """
import boto3
def handler(event, context):
    boto3.client("s3").get_object(Bucket="b", Key="k")
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, []),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}, ["undecided-grant"]),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/admin"}}, ["missing-grant"]),
        ({"Principal": {"AWS": "123456789012"}}, ["missing-grant"]),
        ({"Principal": {"AWS": "999999999999"}}, []),
    ],
)
def test_what_a_resource_may_deny_is_no_proof(tmp_path: Path, change: dict[str, Any], expected: list[str]) -> None:
    bucket = resource("aws_s3_bucket.b", {"bucket": "b", "id": "b", "arn": "arn:aws:s3:::b"})
    denial = {"Sid": "Deny", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **change}
    held = resource("aws_s3_bucket_policy.b", {"bucket": "b", "policy": policy(denial)})

    found = find(tmp_path, GETS, bucket, held, granted(allow("s3:GetObject", "arn:aws:s3:::b/k")))

    assert expected == [each.rule for each in found]


def test_a_boundary_that_is_not_in_the_plan_is_undecided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = "arn:aws:iam::123456789012:policy/outside"
    role = resource("aws_iam_role.clerk", {"name": "clerk", "arn": ROLE, "id": "clerk", "permissions_boundary": outside})
    monkeypatch.setattr(small, "base", lambda: [role if each["address"] == role["address"] else each for each in base()])

    found = find(tmp_path, READER, granted(READ))

    assert [("undecided-grant", "aws_iam_role.clerk", "permissions_boundary")] == [(each.rule, each.address, each.path) for each in found]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [("", []), (', ServerSideEncryption="AES256"', ["missing-grant"]), (', ServerSideEncryption=event["x"]', ["undecided-grant"])],
)
def test_what_a_call_says_of_encryption_decides_what_a_bucket_denies(tmp_path: Path, arguments: str, expected: list[str]) -> None:
    code = f'import boto3\ndef handler(event, context):\n    boto3.client("s3").put_object(Bucket="b", Key="k"{arguments})\n'
    bucket = resource("aws_s3_bucket.b", {"bucket": "b", "id": "b", "arn": "arn:aws:s3:::b"})
    denial = {"Sid": "Deny", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}
    condition = {
        "StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"},
        "Null": {"s3:x-amz-server-side-encryption": "false"},
    }
    held = resource("aws_s3_bucket_policy.b", {"bucket": "b", "policy": policy({**denial, "Condition": condition})})

    found = find(tmp_path, code, bucket, held, granted(allow("s3:PutObject", "arn:aws:s3:::b/k")))

    assert expected == [each.rule for each in found]
