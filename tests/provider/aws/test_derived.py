import pytest

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.derived import TYPES, derive
from paritycheck.provider.aws.provider import AwsProvider

CONTEXT = AwsContext(region="eu-west-1", account_id="111122223333")


@pytest.fixture(scope="module")
def provider():
    return AwsProvider({})


def ask(provider, type_name, **config):
    block = provider.data_source_schema(type_name).block
    return derive(type_name, block, dict.fromkeys(block.attributes) | config, CONTEXT)


@pytest.mark.parametrize(
    ("type_name", "config", "expected"),
    [
        ("aws_sns_topic", {"name": "t"}, {"arn": "arn:aws:sns:eu-west-1:111122223333:t", "id": "arn:aws:sns:eu-west-1:111122223333:t"}),
        ("aws_iam_role", {"name": "r"}, {"arn": "arn:aws:iam::111122223333:role/r", "id": "r", "path": "/"}),
        ("aws_sqs_queue", {"name": "q"}, {"url": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"}),
        ("aws_s3_bucket", {"bucket": "b"}, {"arn": "arn:aws:s3:::b", "id": "b", "region": "eu-west-1"}),
        ("aws_ssm_parameter", {"name": "p"}, {"arn": "arn:aws:ssm:eu-west-1:111122223333:parameter/p", "id": "p"}),
        ("aws_ssm_parameter", {"name": "/a/p"}, {"arn": "arn:aws:ssm:eu-west-1:111122223333:parameter/a/p"}),
        ("aws_iam_policy", {"arn": "arn:aws:iam::aws:policy/X"}, {"id": "arn:aws:iam::aws:policy/X"}),
        ("aws_iam_policy", {"name": "{region}"}, {"arn": "arn:aws:iam::111122223333:policy/{region}"}),
        ("aws_vpc", {}, {"cidr_block": "10.0.0.0/16", "owner_id": "111122223333"}),
    ],
)
def test_names_lead_to_arns_and_addresses(provider, type_name, config, expected):
    derived = ask(provider, type_name, **config)

    assert expected == {name: derived[name] for name in expected}


def test_what_is_configured_is_not_derived(provider):
    assert "cidr_block" not in ask(provider, "aws_vpc", cidr_block="10.1.0.0/16")


def test_nothing_follows_from_no_name(provider):
    assert {"path"} == set(ask(provider, "aws_iam_role")) - {"id"}


@pytest.mark.parametrize(("item", "zone", "network"), [("", "a", 0), ("1", "a", 1), ("3", "c", 3), ("4", "a", 4), ("x", "a", 0)])
def test_several_subnets_of_a_list_differ(provider, item, zone, network):
    """Configurations make maps of them by zone."""
    derived = ask(provider, "aws_subnet", id=f"subnets-0123456789abcdef0{item}")

    assert (f"eu-west-1{zone}", f"10.{network}.0.0/16") == (derived["availability_zone"], derived["cidr_block"])


@pytest.mark.parametrize("type_name", TYPES)
def test_every_template_is_of_an_attribute_and_can_be_filled(provider, type_name):
    block = provider.data_source_schema(type_name).block
    arguments = {name: "x" for name, each in block.attributes.items() if each.optional or each.required if name not in TYPES[type_name]}

    derived = ask(provider, type_name, **arguments)

    placeholders = {"aws_iam_group": {"id"}, "aws_iam_user": {"id"}}
    assert set(TYPES[type_name]) - placeholders.get(type_name, set()) == set(TYPES[type_name]) & set(derived)
