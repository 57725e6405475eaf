"""No environment grants what the one before it does not: by roles, to roles' principals, and by resources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from paritycheck.config import Normalize
from paritycheck.findings import Finding, Severity
from paritycheck.policy.privilege import supersede
from tests.plans import config, document, plans, resource
from tests.policy.privilege.small import policy, prove_all

ENVIRONMENTS = ("dev", "staging", "prod")


def allow(action: Any, on: Any = "arn:aws:s3:::shop-ENV/*", **more: Any) -> dict[str, Any]:
    return {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": on, **more}


def trust(*services: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}


def excess(own: Mapping[str, list[dict[str, Any]]], who: Mapping[str, dict[str, Any]] | None = None) -> tuple[Finding, ...]:
    """Compare a role's policies, and its trust, by environment; those that are not given are as in dev."""

    def build(environment: str) -> dict[str, Any]:
        name = f"shop-{environment}"
        statements = policy(*own.get(environment, own["dev"])).replace("ENV", environment)
        trusts = who or {"dev": trust("lambda.amazonaws.com")}
        role = {
            "name": name,
            "id": name,
            "arn": f"arn:aws:iam::1:role/{name}",
            "assume_role_policy": policy(trusts.get(environment, trusts["dev"])),
        }
        return document(
            resource("aws_iam_role.r", role),
            resource("aws_iam_role_policy.p", {"role": name, "policy": statements}),
            configuration=[{"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "expressions": {}}],
        )

    return prove_all(plans(build), config(normalize=Normalize()))


@pytest.mark.parametrize(
    "own",
    [
        {"dev": [allow("s3:GetObject")]},
        {"dev": [allow(["s3:GetObject", "s3:PutObject"])], "prod": [allow("s3:PutObject"), {**allow("s3:GetObject"), "Sid": "B"}]},
        {"dev": [allow("s3:Get*")], "prod": [allow("s3:GetObject")], "staging": [allow("s3:Get*")]},
        {"dev": [allow("s3:GetObject", "*")], "prod": [allow("s3:GetObject")]},
        {"dev": [allow("s3:GetObject")], "prod": [allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}})]},
    ],
)
def test_what_grants_the_same_or_less_is_no_excess(own: Mapping[str, list[dict[str, Any]]]) -> None:
    assert () == excess(own)


@pytest.mark.parametrize(
    ("dev", "prod", "beyond"),
    [
        (allow("s3:GetObject"), allow(["s3:GetObject", "s3:PutObject"]), {"Action": "s3:PutObject"}),
        (allow("s3:GetObject"), allow("s3:GetObject", "arn:aws:s3:::*"), {"Resource": "arn:aws:s3:::*"}),
        (allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}}), allow("s3:GetObject"), {}),
    ],
)
def test_what_grants_more_is_shown_as_the_difference(dev: dict[str, Any], prod: dict[str, Any], beyond: dict[str, Any]) -> None:
    (finding,) = excess({"dev": [dev], "prod": [prod]})
    expected = {**allow("s3:GetObject", "arn:aws:s3:::shop-{env}/*"), **beyond}

    assert ("excess-grant", Severity.ERROR, "aws_iam_role_policy.p", "policy.Statement[It]") == (
        finding.rule,
        finding.severity,
        finding.address,
        finding.path,
    )
    assert ["staging", "prod"] == list(finding.values)
    assert expected == finding.values["prod"]


def test_what_staging_grants_beyond_dev_is_an_excess_of_staging() -> None:
    more = [allow(["s3:GetObject", "s3:PutObject"])]
    (finding,) = excess({"dev": [allow("s3:GetObject")], "staging": more, "prod": more})

    assert ["dev", "staging"] == list(finding.values)
    assert finding.message.startswith("staging grants s3:PutObject, such as on arn:aws:s3:::shop-{env}/, and dev does not: ")


def test_another_who_may_take_the_role_on_is_an_excess() -> None:
    (finding,) = excess({"dev": [allow("s3:GetObject")]}, {"dev": trust("lambda.amazonaws.com"), "prod": trust("ec2.amazonaws.com")})

    assert ("aws_iam_role.r", "assume_role_policy.Statement[0]") == (finding.address, finding.path)


def test_a_policy_that_cannot_be_read_is_undecided_where_it_differs() -> None:
    own = {"dev": [allow("s3:GetObject")], "prod": [allow("s3:GetObject", "arn:aws:s3:::shop-ENV/*", Effect="Perhaps")]}

    assert ["excess-grant"] == [finding.rule for finding in excess(own)]


def test_an_excess_takes_the_place_of_the_value_difference_that_it_explains() -> None:
    def finding(rule: str, address: str, path: str) -> Finding:
        return Finding(rule, Severity.ERROR, address, "", "", path=path)

    explained = finding("value-difference", "aws_iam_role_policy.p", "policy.Statement[0].Action")
    whole = finding("value-difference", "aws_iam_role_policy.p", "policy")
    other = finding("value-difference", "aws_iam_role_policy.p", "name")
    elsewhere = finding("value-difference", "aws_iam_role_policy.q", "policy")
    found = finding("excess-grant", "aws_iam_role_policy.p", "policy.Statement[It]")

    assert (other, elsewhere, found) == supersede([explained, whole, other, elsewhere, found])


TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::shop-ENV", "arn:aws:s3:::shop-ENV/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
SHARE = {
    "Sid": "Share",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::shop-ENV/*",
}


def bucket_excess(statements: Mapping[str, list[dict[str, Any]]]) -> tuple[Finding, ...]:
    """Compare a bucket's policy by environment; those that are not given are as in dev, and an empty one is none at all."""

    def build(environment: str) -> dict[str, Any]:
        name = f"shop-{environment}"
        found = statements.get(environment, statements["dev"])
        held = policy(*found).replace("ENV", environment)
        return document(
            resource("aws_s3_bucket.b", {"bucket": name, "id": name, "arn": f"arn:aws:s3:::{name}"}),
            *([resource("aws_s3_bucket_policy.b", {"bucket": name, "policy": held})] if found else []),
        )

    return prove_all(plans(build), config(normalize=Normalize()))


@pytest.mark.parametrize("prod", [[], [SHARE], [{**TLS, "Resource": "arn:aws:s3:::shop-ENV"}], [{**TLS, "Action": "s3:Get*"}]])
def test_what_a_resource_denies_no_longer_is_an_excess(prod: list[dict[str, Any]]) -> None:
    found = [each for each in bucket_excess({"dev": [TLS, SHARE], "prod": prod}) if "does not deny" in each.message]

    assert [("aws_s3_bucket_policy.b", "policy.Statement[Tls]")] == [(each.address, each.path) for each in found]
    assert all(re.match("prod does not deny .*, and staging does: ", each.message) for each in found)
    assert "Deny" == found[0].values["staging"]["Effect"]


def test_what_another_statement_of_the_resource_denies_is_denied() -> None:
    wide = {**TLS, "Sid": "Other", "Resource": "*"}

    assert () == bucket_excess({"dev": [TLS], "prod": [wide]})
    assert () == bucket_excess({"dev": [TLS], "prod": [TLS, {**TLS, "Sid": "More", "Condition": {}, "Action": "s3:DeleteBucket"}]})


def test_a_policy_that_only_production_has_is_an_excess() -> None:
    (finding,) = bucket_excess({"dev": [], "prod": [SHARE]})

    assert ("aws_s3_bucket_policy.b", "policy.Statement[Share]") == (finding.address, finding.path)
    assert finding.message.startswith("prod grants s3:GetObject, such as on arn:aws:s3:::shop-{env}/, and staging does not: ")


def test_what_moves_to_another_policy_of_the_role_is_no_excess() -> None:
    read, write, listing = allow("s3:GetObject"), {**allow("s3:PutObject"), "Sid": "Write"}, {**allow("s3:ListBucket", "*"), "Sid": "List"}

    def build(environment: str) -> dict[str, Any]:
        role = {"name": "r", "id": "r", "arn": "arn:aws:iam::1:role/r", "assume_role_policy": policy(trust("lambda.amazonaws.com"))}
        one, other = ([read, write], []) if environment == "prod" else ([read], [write])
        return document(
            resource("aws_iam_role.r", {**role, "inline_policy": [{"name": "one", "policy": policy(*one)}]}),
            resource("aws_iam_role_policy.p", {"role": "r", "policy": policy(*other, listing)}),
        )

    assert () == prove_all(plans(build), config(normalize=Normalize()))
