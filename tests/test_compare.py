"""Differences are found where they are, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.compare.paths import render
from paritycheck.config import Normalize
from paritycheck.errors import PlanError
from paritycheck.findings import Report, Severity, Special
from tests.plans import brief, by_environment, configured, document, dump, report, resource, values

ABSENT, UNKNOWN, SENSITIVE = Special.ABSENT, Special.UNKNOWN, Special.SENSITIVE


def found(result: Report) -> list[tuple[str, str, dict[str, Any]]]:
    return [(finding.rule, finding.path, dict(finding.values)) for finding in result.findings]


def side_by_side(dev: Any, staging: Any, prod: Any) -> dict[str, Any]:
    return {"dev": dev, "staging": staging, "prod": prod}


# Values -------------------------------------------------------------------------------------------------------------


def test_a_difference_shows_the_value_of_every_environment_in_order() -> None:
    result = values(by_environment(dev=1, staging=1, prod=2))

    assert [("value-difference", "value", side_by_side(1, 1, 2))] == found(result)
    assert ["dev", "staging", "prod"] == list(result.findings[0].values)


@pytest.mark.parametrize(
    "build",
    [
        lambda name: f"tap-{name}-orders",
        lambda name: {f"tap-{name}": {name.upper(): [name]}},
        lambda name: f"text\n{name}-server",
        lambda name: "dev, staging and prod",
        lambda name: {"dev": 1, "staging": 2, "prod": 3},
        lambda name: sorted([f"{name}-a", "m-shared"]),
        lambda name: json.dumps({"name": name}, indent=len(name)),
        lambda name: 1.0 if name == "dev" else 1,
        lambda name: "/dev/xvda",
        lambda name: None,
    ],
)
def test_what_agrees_after_normalization_is_no_difference(build: Any) -> None:
    assert [] == found(values(build))


@pytest.mark.parametrize(
    ("dev", "prod", "path"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, "value.a[1]"),
        ({"a": {"b.c": 1}}, {"a": {"b.c": 2}}, 'value.a["b.c"]'),
        ([1], [1, 2], "value[1]"),
        (1, True, "value"),
        (10**400, 10**400 + 1, "value"),
        ("1", 1, "value"),
        (None, "x", "value"),
        ({"a": None}, {"a": {"b": 1}}, "value.a"),
        ({"a": 1}, [1], "value"),
        ("", "x", "value"),
        ([3, 1], [1, 3], "value[0]"),
        ("device", "proddevice", "value"),
    ],
)
def test_a_difference_is_found_at_its_path(dev: Any, prod: Any, path: str) -> None:
    result = values(by_environment(dev=dev, staging=dev, prod=prod))

    assert ("value-difference", path) == (result.findings[0].rule, result.findings[0].path)


def test_fractions_are_compared_exactly() -> None:
    text = {name: dump(document(resource("aws_x.y", {"n": 0}))) for name in ("dev", "staging", "prod")}
    digits = {"dev": b"0.1000000000000000000000001", "staging": b"0.1", "prod": b"0.10"}
    result = report(lambda name: text[name].replace(b'"n":0', b'"n":' + digits[name]))

    assert [("value-difference", "n", side_by_side("0.1000000000000000000000001", 0.1, 0.1))] == found(result)


def test_null_is_as_good_as_nothing() -> None:
    result = report(lambda name: document(resource("aws_x.y", {"a": 1} if name == "dev" else {"a": 1, "b": None})))

    assert [] == found(result)


def test_a_sensitive_null_is_as_good_as_nothing() -> None:
    result = report(
        lambda name: document(resource("aws_x.y", {"a": 1} if name == "dev" else {"a": 1, "b": None}, after_sensitive={"b": True}))
    )

    assert [] == found(result)


def test_null_in_a_list_is_an_item() -> None:
    result = values(by_environment(dev=["a"], staging=["a"], prod=["a", None]))

    assert [("value-difference", "value[1]", side_by_side(ABSENT, ABSENT, None))] == found(result)


def test_a_value_nested_too_deeply_is_refused() -> None:
    def deep(name: str) -> bytes:
        levels = b"[" * 450 + f'"{name}"'.encode() + b"]" * 450
        return dump(document(resource("aws_x.y", {"a": "@"}))).replace(
            b'"@"', json.dumps(levels.decode()).encode() if name == "prod" else levels
        )

    with pytest.raises(PlanError, match="nested too deeply"):
        report(lambda name: deep(name).replace(b"[" * 450, b"[" * 900).replace(b"]" * 450, b"]" * 900))


# Leaks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dev", "staging", "prod"),
    [
        ("tap-dev", "tap-staging", "tap-dev"),
        ("tap-dev", "tap-dev", "tap-dev"),
        ("tap-staging", "tap-staging", "tap-prod"),
        ("text\ndev", "text\ndev", "text\ndev"),
        ("to-prod", "to-prod", "to-prod"),
        ("dev and prod", "dev and prod", "dev and prod"),
        ("a-dev", "b-staging", "c-dev"),
    ],
)
def test_the_name_of_another_environment_is_a_leak(dev: str, staging: str, prod: str) -> None:
    result = values(by_environment(dev=dev, staging=staging, prod=prod))

    assert [("environment-leak", "value", side_by_side(dev, staging, prod))] == found(result)


def test_another_environments_account_is_a_leak_too() -> None:
    tokens = {"account": {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}}
    result = values(lambda name: "arn:aws:iam::111111111111:role/x", normalize=Normalize(tokens=tokens))

    assert ["environment-leak"] == [finding.rule for finding in result.findings]


def test_a_resource_for_each_environment_in_every_environment_may_name_it() -> None:
    keys = ("dev", "staging", "prod")
    result = report(lambda name: document(*(resource(f'aws_x.y["{key}"]', {"a": f"tap-{key}"}) for key in keys)))
    lone = report(lambda name: document(resource('aws_x.y["dev"]', {"a": "tap-dev"})))

    assert ([], ["environment-leak"]) == (found(result), [finding.rule for finding in lone.findings])


def test_an_escaped_letter_does_not_hide_a_leak() -> None:
    result = report(lambda name: dump(document(resource("aws_x.y", {"a": "tap-dev"}))).replace(b"tap-dev", b"tap-\\u0064ev"))

    assert ["environment-leak"] == [finding.rule for finding in result.findings]


def test_one_name_for_two_environments_is_a_leak() -> None:
    names = {"dev": "dev", "staging": "staging", "prod": "dev"}
    result = report(
        lambda name: document(resource("aws_x.y", {"a": 1}), variables={"env": names[name]}), normalize=Normalize(variable="env")
    )

    assert [("environment-leak", "variable.env", "")] == brief(result.findings)


# Topology -----------------------------------------------------------------------------------------------------------


def test_a_missing_resource_is_one_finding() -> None:
    result = report(
        lambda name: document(resource("aws_x.y", {"a": 1}), *([resource("aws_x.z", {"a": 1, "b": 2})] if name == "dev" else []))
    )

    assert [("missing-resource", "", side_by_side("present", ABSENT, ABSENT))] == found(result)


def test_keys_of_for_each_are_normalized() -> None:
    result = report(lambda name: document(resource(f'aws_x.y["{name}-a"]', {"a": 1}), resource("aws_x.z[0]", {"a": 1})))

    assert [] == found(result)


def test_blocks_called_like_an_environment_are_paired_all_the_same() -> None:
    """`main` and `test` name environments here, and a resource as well."""

    def build(name: str) -> dict[str, Any]:
        return document(resource(f'aws_subnet.main["{name}-a"]', {"name": name}), resource(f"aws_x.{name}", {"a": 1}))

    assert [] == found(report(build, environments=("main", "test", "live")))


def test_a_key_that_names_another_environment_is_missing_there() -> None:
    keys = {"dev": "dev-a", "staging": "staging-a", "prod": "dev-a"}
    result = report(lambda name: document(resource("aws_x.z", {"a": 1}), resource(f'aws_x.y["{keys[name]}"]', {"a": 1})))

    assert [("missing-resource", 'aws_x.y["dev-a"]', ""), ("missing-resource", 'aws_x.y["{env}-a"]', "")] == brief(result.findings)


def test_a_missing_output_is_found_and_outputs_are_compared() -> None:
    result = report(
        lambda name: document(
            resource("aws_x.y", {"a": 1}), outputs={"o": {"list": [name == "dev"]}, **({"p": 1} if name == "dev" else {})}
        )
    )

    assert [("missing-resource", "output.p", ""), ("value-difference", "output.o", "value.list[0]")] == brief(result.findings)


def test_what_is_planned_to_be_deleted_is_gone() -> None:
    gone = resource("aws_x.z", None, actions=["delete"], before={"a": 1})
    result = report(lambda name: document(resource("aws_x.y", {"a": 1}), *([gone] if name == "dev" else [])))

    assert [] == found(result)


def test_another_provider_is_a_difference() -> None:
    result = report(lambda name: document(resource("aws_x.y", {"a": 1}, provider=f"example.com/{len(name)}/aws")))

    assert [("provider-difference", "aws_x.y", "")] == brief(result.findings)


def test_an_action_is_a_difference_unless_a_state_explains_it() -> None:
    def build(name: str, before: Any) -> dict[str, Any]:
        return document(
            resource("aws_x.y", {"a": 1}, actions=["update"] if name == "dev" else ["create"], before=before if name == "dev" else None)
        )

    assert [("action-difference", "aws_x.y", "")] == brief(report(lambda name: build(name, None)).findings)
    assert [] == brief(report(lambda name: build(name, {"a": 0})).findings)


def test_a_replacement_here_and_an_update_there_is_worth_a_warning() -> None:
    actions = {"dev": ["update"], "staging": ["update"], "prod": ["delete", "create"]}
    result = report(lambda name: document(resource("aws_x.y", {"a": 1}, actions=actions[name], before={"a": 0})))

    assert [(Severity.WARNING, "action-difference")] == [(finding.severity, finding.rule) for finding in result.findings]


# Unknown values -----------------------------------------------------------------------------------------------------


def test_unknown_everywhere_is_equal() -> None:
    assert [] == found(report(lambda name: document(resource("aws_x.y", {"a": name}, after_unknown={"id": True, "b": [{"c": True}]}))))


def test_an_item_that_is_there_only_as_a_mark_is_missing() -> None:
    block = {"dev": [{"a": None}], "staging": [{"a": None}], "prod": []}
    result = report(lambda name: document(resource("aws_x.y", {"n": 1, "b": block[name]}, after_unknown={"b": [{"a": True}]})))

    assert [("value-difference", "b[0]", side_by_side({"a": UNKNOWN}, {"a": UNKNOWN}, ABSENT))] == found(result)


def test_known_here_and_unknown_there_is_undecidable() -> None:
    def build(name: str) -> dict[str, Any]:
        unknown = name == "prod"
        return document(
            resource("aws_x.y", {"a": 1} if unknown else {"a": 1, "b": {"c": 2}}, after_unknown={"b": {"c": True}} if unknown else {})
        )

    assert [("undecidable-value", "b.c", side_by_side(2, 2, UNKNOWN))] == found(report(build))


def test_values_that_differ_where_they_are_known_differ() -> None:
    known = {"dev": 1, "staging": 2, "prod": None}
    result = report(lambda name: document(resource("aws_x.y", {"b": known[name]}, after_unknown={"b": name == "prod"})))

    assert [("value-difference", "b", side_by_side(1, 2, UNKNOWN))] == found(result)


def test_unknown_everywhere_from_different_expressions_differs() -> None:
    def build(name: str) -> dict[str, Any]:
        return document(
            resource("aws_x.y", {}, after_unknown={"b": True}),
            resource("aws_x.z", {"a": 1}),
            configuration=[configured("aws_x.y", b=(f"local.{'one' if name == 'dev' else 'two'}",)), configured("aws_x.z")],
        )

    assert [("value-difference", "b", side_by_side(UNKNOWN, UNKNOWN, UNKNOWN))] == found(report(build))


# States -------------------------------------------------------------------------------------------------------------

IDS = {"dev": "vpc-0aaaaaaa", "staging": "vpc-0bbbbbbb", "prod": "vpc-0ccccccc"}


def deployed(name: str, **changes: Any) -> dict[str, Any]:
    """An environment that exists: ids are known, and other resources refer to them."""
    vpc = {"cidr_block": "10.0.0.0/16", "id": IDS[name], "arn": f"arn:aws:ec2:::vpc/{IDS[name]}"}
    subnet = {"vpc_id": IDS[name], "policy": json.dumps({"vpc": vpc["arn"]}), **changes}
    return document(
        resource("aws_vpc.v", vpc, before=vpc, actions=["no-op"]),
        resource("aws_subnet.s", subnet, before=subnet, actions=["no-op"]),
        configuration=[
            configured("aws_vpc.v", cidr_block="10.0.0.0/16"),
            configured("aws_subnet.s", vpc_id=("aws_vpc.v.id", "aws_vpc.v"), policy=("aws_vpc.v",), size=1),
        ],
    )


def test_ids_of_existing_resources_are_no_differences_nor_are_references_to_them() -> None:
    assert [] == found(report(deployed))


def test_a_configured_difference_between_existing_resources_is_found() -> None:
    assert [("value-difference", "size", side_by_side(3, 7, 4))] == found(report(lambda name: deployed(name, size=len(name))))


def test_a_reference_to_another_environments_resource_is_found() -> None:
    result = report(lambda name: deployed(name, vpc_id=IDS["dev"]))

    assert [("aws_subnet.s", "vpc_id")] == [(finding.address, finding.path) for finding in result.findings]


def test_an_id_that_is_known_here_and_not_yet_there_is_decided_by_the_state() -> None:
    def build(name: str) -> dict[str, Any]:
        old = {"a": 1, "id": "i-0123456"}
        change = {"before": old, "actions": ["no-op"]} if name == "dev" else {"after_unknown": {"id": True}}
        return document(resource("aws_x.y", old if name == "dev" else {"a": 1}, **change), configuration=[configured("aws_x.y", a=1)])

    assert [] == found(report(build))


def test_states_are_compared() -> None:
    def state(name: str) -> bytes:
        members = [{"address": "aws_x.y", "mode": "managed", "type": "aws_x", "values": {"id": IDS[name], "n": len(name)}}]
        return dump({"format_version": "1.0", "terraform_version": "1.5.0", "values": {"root_module": {"resources": members}}})

    result = report(state)

    assert [("value-difference", "n", side_by_side(3, 7, 4))] == found(result)
    assert ["edge-difference"] * 3 == [skipped.check for skipped in result.skipped]


def owned(names: dict[str, str], **expressions: Any) -> Any:
    """Deployed buckets, whose id is the name that their configuration gives them."""

    def build(name: str) -> dict[str, Any]:
        after = {"bucket": names[name], "id": names[name], "n": 1}
        variables = {"name": names[name]}
        return document(
            resource("aws_b.b", after, before=after, actions=["no-op"]),
            configuration=[configured("aws_b.b", **expressions)],
            variables=variables,
        )

    return build


NAMES = {"dev": "orders-v1", "staging": "orders-v1", "prod": "orders-v2"}


def test_a_configured_name_is_no_identity_even_where_the_provider_repeats_it() -> None:
    assert [("aws_b.b", "bucket")] == [(f.address, f.path) for f in report(owned(NAMES, bucket=("local.name",))).findings]


def test_what_a_variable_or_a_constant_says_is_no_identity() -> None:
    """Another resource that computes the same text does not excuse the one that is told it."""

    def build(name: str, told: Any) -> dict[str, Any]:
        one, other = {"id": f"i-{name}0000000", "engine_actual": NAMES[name]}, {"id": f"j-{name}0000000", "engine": NAMES[name]}
        return document(
            resource("aws_a.a", one, before=one, actions=["no-op"]),
            resource("aws_b.b", other, before=other, actions=["no-op"]),
            configuration=[configured("aws_a.a"), configured("aws_b.b", engine=told or NAMES[name])],
            variables={"engines": [NAMES[name]]} if told else {},
        )

    for told in (("var.engines",), None):
        assert [("aws_b.b", "engine")] == [(f.address, f.path) for f in report(lambda name, t=told: build(name, t)).findings]


def test_names_in_states_are_no_identities() -> None:
    def state(name: str) -> bytes:
        bucket = {"id": NAMES[name], "bucket": NAMES[name], "arn": f"arn:{NAMES[name]}"}
        key = {"id": IDS[name], "key_id": IDS[name]}
        members = [
            {"address": f"{kind}.b", "mode": "managed", "type": kind, "values": v} for kind, v in (("aws_b", bucket), ("aws_k", key))
        ]
        return dump({"format_version": "1.0", "terraform_version": "1.5.0", "values": {"root_module": {"resources": members}}})

    assert [("value-difference", "aws_b.b", "bucket")] == brief(report(state).findings)


# Edges --------------------------------------------------------------------------------------------------------------


def test_a_reference_to_another_resource_is_an_edge_difference() -> None:
    def build(name: str) -> dict[str, Any]:
        target = "aws_sqs.a" if name == "dev" else "aws_sqs.b"
        return document(resource("aws_x.y", {"a": 1}), configuration=[configured("aws_x.y", b=(f"{target}.arn", target, "var.x"))])

    assert [("edge-difference", "b", side_by_side(["aws_sqs.a"], ["aws_sqs.b"], ["aws_sqs.b"]))] == found(report(build))


def test_other_names_for_locals_and_variables_are_no_edges() -> None:
    result = report(lambda name: document(resource("aws_x.y", {"b": 1}), configuration=[configured("aws_x.y", b=(f"local.{name}x",))]))

    assert [] == found(result)


def test_a_provider_that_is_configured_otherwise_is_found() -> None:
    def build(name: str) -> dict[str, Any]:
        region = {"region": {"constant_value": "eu-west-1" if name == "dev" else "us-east-1"}, "secret_key": {"constant_value": name * 2}}
        provider = {"aws": {"name": "aws", "version_constraint": "~> 5.0" if name == "dev" else "~> 4.0", "expressions": region}}
        return document(resource("aws_x.y", {"a": 1}), configuration=None) | {
            "configuration": {"provider_config": provider, "root_module": {}}
        }

    result = report(build)

    assert {("version-difference", "version"), ("provider-difference", "region"), ("provider-difference", "secret_key")} == {
        (finding.rule, finding.path) for finding in result.findings
    }
    assert "devdev" not in repr(result)


def test_a_provider_that_names_its_environment_is_configured_alike() -> None:
    def build(name: str) -> dict[str, Any]:
        tags = {"Stage": name, "Team": "a" if name == "dev" else "b", name: 1}
        expressions = {"profile": {"constant_value": f"x-{name}"}, "default_tags": [{"tags": {"constant_value": tags}}]}
        configuration = {"provider_config": {"aws": {"name": "aws", "expressions": expressions}}, "root_module": {}}
        return document(resource("aws_x.y", {"a": 1}), configuration=None) | {"configuration": configuration}

    result = report(build)

    assert [("provider-difference", "default_tags[0].tags.Team", side_by_side("a", "b", "b"))] == found(result)


def test_what_no_planned_value_shows_is_compared_as_it_is_written() -> None:
    """Provider aliases, provisioners, sources and versions of modules, and the secrecy of outputs."""

    def build(name: str) -> dict[str, Any]:
        prod = name == "prod"
        runs = [{"type": "local-exec", "expressions": {"command": {"constant_value": f"warm --up {name}" + " --force" * prod}}}]
        block = configured("aws_x.y") | {"provider_config_key": "aws.east" if prod else "aws", "provisioners": runs}
        calls = {
            "m": {"source": "acme/m/aws", "version_constraint": "2.0" if prod else "1.0"},
            "git": {"source": "git::https://example.com/m?ref=v2" if prod else "git::https://example.com/m?ref=v1"},
            "here": {"source": "../m" if prod else "./m"},
        }
        root = {"resources": [block], "module_calls": calls, "outputs": {"o": {"sensitive": prod}}}
        return document(resource("aws_x.y", {"a": 1}), outputs={"o": "x"}) | {"configuration": {"root_module": root}}

    assert {
        ("provider-difference", "aws_x.y", "provider"),
        ("value-difference", "aws_x.y", "provisioner[0].command"),
        ("version-difference", "module.m", "version"),
        ("version-difference", "module.git", "source"),
        ("value-difference", "output.o", "sensitive"),
    } == set(brief(report(build).findings))


def test_a_provisioner_in_one_configuration_alone_is_found() -> None:
    def build(name: str) -> dict[str, Any]:
        runs = [{"type": "local-exec", "expressions": {"command": {"references": ["var.x", "aws_q.r"]}}}]
        block = configured("aws_x.y") | ({"provisioners": runs} if name == "prod" else {})
        return document(resource("aws_x.y", {"a": 1}), configuration=[block])

    assert {("edge-difference", "provisioner[0].command"), ("value-difference", "provisioner[0]")} == {
        (finding.rule, finding.path) for finding in report(build).findings
    }


def modules(*names: str) -> dict[str, Any]:
    """A document with a resource, and modules that hold nothing planned but refer to it."""
    calls = {
        name: {
            "expressions": {"input": {"references": ["aws_x.y.id", "aws_x.y"]}},
            "depends_on": ["aws_x.y"],
            "module": {"resources": [{**configured("aws_q.r", a=("var.input",)), "count_expression": {"references": ["var.n"]}}]},
        }
        for name in names
    }
    root = {"resources": [configured("aws_x.y")], "module_calls": calls, "outputs": {"o": {"expression": {"references": ["module.m.out"]}}}}
    return document(resource("aws_x.y", {"a": 1}), resource("module.k.aws_q.r", {"a": 1})) | {"configuration": {"root_module": root}}


def test_a_block_that_one_configuration_lacks_is_missing_even_where_nothing_is_planned_of_it() -> None:
    result = report(lambda name: modules("k") if name == "prod" else modules("k", "m"))

    assert [("missing-resource", "module.m", ""), ("missing-resource", "module.m.aws_q.r", "")] == brief(result.findings)


def test_references_of_nested_blocks_and_modules_count() -> None:
    def build(name: str) -> dict[str, Any]:
        target = "aws_x.y" if name == "dev" else "aws_x.z"
        block = configured("aws_x.y")
        block["expressions"] = {"rule": [{"target": {"references": [f"{target}.arn", target]}}]}
        return document(resource("aws_x.y", {"a": 1}), configuration=[block])

    assert [("edge-difference", "rule[0].target", side_by_side(["aws_x.y"], ["aws_x.z"], ["aws_x.z"]))] == found(report(build))


# Structure ----------------------------------------------------------------------------------------------------------

STATEMENT = {"Sid": "a", "Effect": "Allow", "Action": ["sqs:Send", "sqs:Get"], "Resource": "arn:x", "Principal": "*"}
OTHER = {"Effect": "Deny", "Action": "s3:*", "Resource": ["*"], "Condition": {"Bool": {"aws:SecureTransport": False}}}


@pytest.mark.parametrize(
    "prod",
    [
        [OTHER, STATEMENT],
        [{**STATEMENT, "Action": ["sqs:Get", "sqs:Send"], "Resource": ["arn:x"]}, OTHER],
        [{**STATEMENT, "Principal": {"AWS": "*"}}, {**OTHER, "Sid": ""}],
        [STATEMENT, {**OTHER, "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}],
    ],
)
def test_policies_that_mean_the_same_are_equal(prod: Any) -> None:
    texts = {"dev": [STATEMENT, OTHER], "staging": [STATEMENT, OTHER], "prod": prod}

    assert [] == found(values(lambda name: json.dumps({"Version": "2012-10-17", "Statement": texts[name]})))


def test_a_widened_policy_is_found_at_the_statement() -> None:
    prod = [OTHER, {**STATEMENT, "Action": ["sqs:Send", "sqs:Get", "iam:*"]}]
    texts = {"dev": [STATEMENT, OTHER], "staging": [STATEMENT, OTHER], "prod": prod}
    result = values(lambda name: json.dumps({"Statement": texts[name]}))

    assert [("value-difference", "value.Statement[0].Action[2]", side_by_side(ABSENT, ABSENT, "iam:*"))] == found(result)


def test_the_order_of_other_json_lists_counts() -> None:
    assert ["value.steps[0]", "value.steps[1]"] == [
        finding.path for finding in values(lambda name: json.dumps({"steps": ["b", "a"] if name == "dev" else ["a", "c"]})).findings
    ]


def test_sets_are_matched_by_content() -> None:
    blocks = [{"port": 80, "to": ["a"]}, {"port": 443, "to": ["b", "c"]}, {"port": 22, "to": []}]
    shuffled = {"dev": blocks, "staging": blocks[::-1], "prod": [blocks[1], {"port": 22, "to": ["x"]}, blocks[0]]}
    result = report(
        lambda name: document(resource("aws_x.y", {"rule": shuffled[name]})),
        is_set=lambda type_name, steps: (type_name, steps) == ("aws_x", ("rule",)),
    )

    assert [("value-difference", "rule[2].to[0]", side_by_side(ABSENT, ABSENT, "x"))] == found(result)


def test_a_path_quotes_what_would_be_misread() -> None:
    assert 'a[0]["b c"].aws:Arn["d.e"]' == render(("a", 0, "b c", "aws:Arn", "d.e"))


def test_a_quote_in_a_key_ends_no_step() -> None:
    assert [r'a["b\"][\"c"]', r'a["\\."]'] == [render(("a", 'b"]["c')), render(("a", "\\."))]


# Properties ---------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["dev", "tap-prod-x", "", "[1]", '{"Statement":[]}', "é\n"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "dev", "b.c"]), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_equal_plans_are_clean_but_for_names_of_single_environments(value: Any) -> None:
    assert set() == {rule for rule, _, _ in found(values(lambda name: value))} - {"environment-leak"}


@given(JSON)
def test_one_plan_under_three_names_is_clean(value: Any) -> None:
    result = values(lambda name: value, environments=("one", "two", "three"))

    assert [] == found(result)


@given(JSON, JSON, st.permutations(["dev", "staging", "prod"]))
def test_the_order_of_environments_decides_about_no_finding(one: Any, other: Any, order: list[str]) -> None:
    build = by_environment(dev=one, staging=one, prod=other)

    assert values(build).passed == values(build, environments=tuple(order)).passed
