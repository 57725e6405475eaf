"""The AWS provider as a whole; `tests/assets/fidelity` holds its plans against recorded ones."""

from typing import Any

import pytest

from paritycheck.provider.aws.context import AwsContext, read_context
from paritycheck.provider.aws.provider import AwsProvider
from paritycheck.provider.aws.tags import plan_all_tags
from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object, Value
from paritycheck.provider.planning.planner import empty_object


def complete(type_name: str, config: Object) -> Object:
    schema = AwsProvider({}).resource_schema(type_name)
    assert schema is not None
    return empty_object(schema.block) | config


def provider_config(**config: Any) -> Object:
    return empty_object(AwsProvider({}).schema().block) | config


def plan(type_name: str, prior: Object | None = None, settings: Object | None = None, **config: Any) -> Object:
    instance = AwsProvider({}).configure(settings or provider_config())
    proposed = complete(type_name, config)
    if prior is not None:
        proposed = {name: prior[name] if value is None else value for name, value in proposed.items()}
    planned = instance.plan(type_name, prior, proposed, complete(type_name, config)).planned
    assert planned is not None
    return planned


def complaints(type_name: str, **config: Any) -> list[Diagnostic]:
    return list(AwsProvider({}).configure(provider_config()).validate_resource(type_name, complete(type_name, config)))


def test_arguments_of_earlier_versions_are_known() -> None:
    """Many configurations still hold them."""
    attributes = AwsProvider({}).schema().block.attributes

    assert all(attributes[name].optional for name in ("skip_get_ec2_platforms", "s3_force_path_style", "region"))


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        ({}, {}, AwsContext()),
        ({"region": "eu-west-1"}, {"AWS_REGION": "us-west-2"}, AwsContext("eu-west-1")),
        ({}, {"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-west-1"}, AwsContext("us-west-2")),
        ({"region": UNKNOWN}, {"AWS_DEFAULT_REGION": "us-west-1"}, AwsContext("us-west-1")),
        ({"allowed_account_ids": ["111122223333"]}, {}, AwsContext(account_id="111122223333")),
        ({"allowed_account_ids": ["1", "2"]}, {}, AwsContext()),
        ({"assume_role": [{"role_arn": "arn:aws:iam::444455556666:role/deploy"}]}, {}, AwsContext(account_id="444455556666")),
        ({"assume_role": [{"role_arn": "not an arn"}]}, {}, AwsContext()),
        ({"default_tags": [{"tags": {"a": "b"}}]}, {}, AwsContext(default_tags={"a": "b"})),
        (
            {"default_tags": [{"tags": {"a": "b"}}]},
            {"TF_AWS_DEFAULT_TAGS_a": "x", "TF_AWS_DEFAULT_TAGS_c": "d"},
            AwsContext(default_tags={"a": "b", "c": "d"}),
        ),
        ({"default_tags": [{"tags": None}]}, {}, AwsContext()),
        ({"default_tags": UNKNOWN}, {}, AwsContext(default_tags=UNKNOWN)),
        ({"default_tags": [{"tags": UNKNOWN}]}, {}, AwsContext(default_tags=UNKNOWN)),
        (
            {"ignore_tags": [{"keys": ["a"], "key_prefixes": ["b"]}]},
            {},
            AwsContext(ignore_tags=frozenset("a"), ignore_tag_prefixes=("b",)),
        ),
    ],
)
def test_a_context_is_read_from_the_provider_block(config: Object, environ: dict[str, str], expected: AwsContext) -> None:
    """The environment gives the region where the block does not."""
    assert expected == read_context(provider_config(**config), environ)


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "zones"),
    [
        ("us-east-1", "aws", "amazonaws.com", 6),
        ("eu-west-1", "aws", "amazonaws.com", 3),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", 3),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com", 3),
    ],
)
def test_a_region_has_a_partition_and_zones(region: str, partition: str, suffix: str, zones: int) -> None:
    """ARNs and endpoints follow from them."""
    context = AwsContext(region)

    assert (partition, suffix, zones) == (context.partition, context.dns_suffix, len(context.availability_zones))
    assert f"arn:{partition}:iam::123456789012:user/paritycheck" == context.caller_arn


@pytest.mark.parametrize(
    ("default", "own", "sdk", "expected"),
    [
        ({}, None, True, UNKNOWN),
        ({}, None, False, {}),
        ({"a": "1", "b": "2"}, {"b": "3"}, True, {"a": "1", "b": "3"}),
        ({"a": "1"}, UNKNOWN, True, UNKNOWN),
        (UNKNOWN, {"a": "1"}, False, UNKNOWN),
        ({"a": UNKNOWN}, None, True, UNKNOWN),
        ({"a": "1"}, {"b": ""}, True, UNKNOWN),
        ({"a": "1"}, {"b": None}, False, {"a": "1", "b": ""}),
        ({"skip": "1", "aws:x": "2", "a": "3"}, None, True, {"a": "3"}),
    ],
)
def test_all_tags_are_the_merged_ones(default: Value, own: Value, sdk: bool, expected: Value) -> None:
    """Unknown where any is, and where the older SDK finds none to set or an empty one."""
    context = AwsContext(default_tags=default, ignore_tags=frozenset({"skip"}), ignore_tag_prefixes=("aws:",))

    assert expected == plan_all_tags(context, {"tags": own}, None, sdk=sdk)


@pytest.mark.parametrize(
    ("before", "own", "expected"),
    [
        ((None, {}), None, {}),
        (({"a": "1"}, {"a": "1"}), {}, {}),
        ((None, {"outside": "1"}), None, {"outside": "1"}),
        ((None, None), None, UNKNOWN),
        (({"a": "1"}, {"a": "1"}), {"b": "2"}, {"b": "2"}),
    ],
)
def test_all_tags_of_an_existing_resource_without_tags_stay_unless_its_tags_change(before: Any, own: Value, expected: Value) -> None:
    """Tags and all tags before; the older SDK computes them anew only where there are some."""
    prior = dict(zip(("tags", "tags_all"), before, strict=True))

    assert expected == plan_all_tags(AwsContext(), {"tags": own}, prior, sdk=True)


@pytest.mark.parametrize(("template", "identifier"), [({"name": "app"}, "unknown"), ({"id": "lt-1"}, "lt-1"), ({"name": UNKNOWN}, UNKNOWN)])
def test_a_group_does_not_know_the_id_of_a_named_template(template: Object, identifier: Value) -> None:
    """And says so with a text, as the real provider does."""
    block = {"id": None, "name": None, "version": None} | template

    assert identifier == plan("aws_autoscaling_group", launch_template=[block])["launch_template"][0]["id"]


@pytest.mark.parametrize(("overrides", "pools"), [([], UNKNOWN), ([{"instance_type": "t3.large"}], 0)])
def test_overrides_decide_about_numbers(overrides: list[Object], pools: Value) -> None:
    """A group with a mixed policy plans none of its own beside them."""
    distribution = dict.fromkeys(("on_demand_base_capacity", "on_demand_percentage_above_base_capacity", "spot_instance_pools"))
    policy = {"launch_template": [{"override": overrides}], "instances_distribution": [distribution]}

    planned = plan("aws_autoscaling_group", mixed_instances_policy=[policy])

    assert pools == planned["mixed_instances_policy"][0]["instances_distribution"][0]["spot_instance_pools"]


def test_a_security_group_is_not_called_like_an_id() -> None:
    """Of a name of its own or of a prefix."""
    assert ([], 1, 1) == (
        complaints("aws_security_group", name="web-sg-1"),
        len(complaints("aws_security_group", name="sg-web")),
        len(complaints("aws_security_group", name_prefix="sg-")),
    )


def test_a_certificate_names_its_domains() -> None:
    """Configurations loop over them."""
    planned = plan("aws_acm_certificate", domain_name="a.example", subject_alternative_names=["b.example"], validation_method="DNS")

    assert ["a.example", "b.example"] == planned["subject_alternative_names"]
    assert ["a.example", "b.example"] == [option["domain_name"] for option in planned["domain_validation_options"]]
    assert UNKNOWN is plan("aws_acm_certificate", domain_name=UNKNOWN, validation_method="DNS")["domain_validation_options"]


def test_a_certificate_keeps_its_validation_on_update() -> None:
    """Its records are known by then."""
    prior = plan("aws_acm_certificate", domain_name="a.example", validation_method="DNS") | {"domain_validation_options": []}

    planned = plan("aws_acm_certificate", prior, domain_name="a.example", validation_method="DNS", tags={"a": "b"})

    assert (["a.example"], []) == (planned["subject_alternative_names"], planned["domain_validation_options"])


def test_a_published_function_gets_a_new_version_when_it_changes() -> None:
    """And keeps it when it does not."""
    known = {"version": "1", "qualified_arn": "arn", "qualified_invoke_arn": "arn"}
    settings = {"function_name": "f", "role": "r", "image_uri": "i", "package_type": "Image", "publish": True}
    prior = {name: None if value is UNKNOWN else value for name, value in plan("aws_lambda_function", **settings).items()} | known

    changed = plan("aws_lambda_function", prior, **settings, memory_size=512)

    assert dict.fromkeys(known, UNKNOWN) == {name: changed[name] for name in known}


TABLE = {"name": "t", "billing_mode": "PAY_PER_REQUEST", "local_secondary_index": [], "global_secondary_index": []}


@pytest.mark.parametrize(
    ("type_name", "config", "expected"),
    [
        ("aws_dynamodb_table", TABLE | {"hash_key": "a", "attribute": [{"name": "a", "type": "S"}]}, []),
        ("aws_dynamodb_table", TABLE | {"hash_key": UNKNOWN, "attribute": [{"name": "a", "type": "S"}]}, []),
        ("aws_dynamodb_table", TABLE | {"hash_key": "a", "attribute": UNKNOWN}, []),
        ("aws_dynamodb_table", TABLE | {"hash_key": "a", "attribute": []}, ["all indexes must match a defined attribute"]),
        ("aws_dynamodb_table", TABLE | {"attribute": [{"name": "a", "type": "S"}]}, ["all attributes must be indexed"]),
        ("aws_dynamodb_table", TABLE | {"billing_mode": None}, ["Missing required argument", "Missing required argument"]),
        ("aws_dynamodb_table", TABLE | {"read_capacity": 1}, ["Conflicting configuration arguments"]),
        ("aws_sqs_queue", {"name": "a.fifo"}, ["invalid name"]),
        ("aws_sqs_queue", {"name": "a.fifo", "fifo_queue": True, "content_based_deduplication": True}, []),
        ("aws_sqs_queue", {"name": "a", "fifo_queue": UNKNOWN}, []),
        ("aws_sqs_queue", {"name": UNKNOWN}, []),
        ("aws_sns_topic", {"name": "a", "fifo_topic": True}, ["invalid name"]),
        ("aws_kinesis_stream", {"name": "a"}, ["Missing required argument"]),
        ("aws_kinesis_stream", {"name": "a", "stream_mode_details": [{"stream_mode": "ON_DEMAND"}]}, []),
        ("aws_iam_role", {"name": "a", "name_prefix": "b"}, ["Conflicting configuration arguments"] * 2),
    ],
)
def test_what_the_provider_refuses_is_refused(type_name: str, config: Object, expected: list[str]) -> None:
    """And nothing else."""
    assert expected == [each.summary for each in complaints(type_name, **config)]


def test_a_data_source_that_needs_an_account_answers_with_placeholders() -> None:
    """In its provider's region and account; the user's own answers replace them."""
    provider = AwsProvider({}, {"aws_db_instance": {"port": 3306}})
    instance = provider.configure(provider_config(region="eu-west-1"))
    schema = provider.data_source_schema("aws_db_instance")
    assert schema is not None

    found = instance.read_data_source("aws_db_instance", empty_object(schema.block) | {"db_instance_identifier": "main"})

    assert ("main", 3306) == (found["db_instance_identifier"], found["port"])
    assert found["db_instance_arn"].startswith("arn:aws:")
    assert UNKNOWN not in found.values()
