"""Configurations and expected objects in the asset were recorded from AWS provider 5.100.0."""

import json
from pathlib import Path

import pytest

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.data_sources import READERS
from paritycheck.provider.interface import UNKNOWN, Object, Refused

RECORDED = [json.loads(line) for line in (Path(__file__).parents[2] / "assets" / "aws_data_sources.jsonl").read_text("utf-8").splitlines()]
ARGUMENTS = {
    "aws_availability_zone": ["all_availability_zones", "filter", "name", "state", "timeouts", "zone_id"],
    "aws_availability_zones": ["all_availability_zones", "exclude_names", "exclude_zone_ids", "filter", "state", "timeouts"],
    "aws_regions": ["all_regions", "filter", "id"],
    "aws_region": ["endpoint", "name"],
    "aws_service": ["dns_name", "region", "reverse_dns_name", "reverse_dns_prefix", "service_id"],
    "aws_service_principal": ["region", "service_name"],
    "aws_lb_hosted_zone_id": ["load_balancer_type", "region"],
}


def read(type_name: str, context: AwsContext | None = None, **config: object) -> Object:
    complete = dict.fromkeys(ARGUMENTS.get(type_name, ["region"])) | config
    return READERS[type_name](complete, context or AwsContext(region="us-east-1"))


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: f"{record['type']}-{record['values']['id']}")
def test_data_sources_answer_as_recorded(record):
    context = AwsContext(region=record["region"], default_tags=record["default_tags"])
    # Whether a service exists in a region is not known offline.
    expected = {key: value for key, value in record["values"].items() if key != "supported"}
    config = dict.fromkeys(expected) | record["config"]

    actual = READERS[record["type"]](config, context)

    assert expected == {key: value for key, value in actual.items() if key != "supported"}


def test_caller_identity_is_the_account_of_the_provider():
    identity = read("aws_caller_identity", AwsContext(region="cn-north-1", account_id="111122223333"))

    assert ("111122223333", "111122223333") == (identity["id"], identity["account_id"])
    assert identity["arn"].startswith("arn:aws-cn:iam::111122223333:")


def test_the_canonical_user_is_the_accounts_own():
    first, second = (read("aws_canonical_user_id", AwsContext(account_id=account))["id"] for account in ("1" * 12, "2" * 12))

    assert (64, True) == (len(first), first != second)


def test_default_tags_leave_out_what_is_unknown():
    assert {"a": "1"} == read("aws_default_tags", AwsContext(default_tags={"a": "1", "b": UNKNOWN}))["tags"]
    assert {} == read("aws_default_tags", AwsContext(default_tags=UNKNOWN))["tags"]


@pytest.mark.parametrize(
    ("region", "config", "names"),
    [
        ("eu-west-1", {}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ("us-west-2", {"exclude_names": ["us-west-2a"]}, ["us-west-2b", "us-west-2c", "us-west-2d"]),
        ("us-west-2", {"exclude_zone_ids": ["usw2-az4"], "state": "available"}, ["us-west-2a", "us-west-2b", "us-west-2c"]),
        ("us-west-2", {"state": "impaired"}, []),
        (
            "us-east-2",
            {"filter": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}]},
            ["us-east-2a", "us-east-2b", "us-east-2c"],
        ),
        ("us-east-2", {"filter": [{"name": "zone-name", "values": ["*a", "?????????b"]}]}, ["us-east-2a", "us-east-2b"]),
    ],
)
def test_availability_zones_are_listed_by_name(region, config, names):
    assert names == read("aws_availability_zones", AwsContext(region=region), **config)["names"]


def test_zone_ids_go_in_step_with_the_names():
    zones = read("aws_availability_zones", AwsContext(region="ap-southeast-1"))

    expected = (["apse1-az1", "apse1-az2", "apse1-az3"], ["ap-southeast-1"])
    assert expected == (zones["zone_ids"], zones["group_names"])


def test_one_availability_zone_is_found_by_its_id():
    zone = read("aws_availability_zone", AwsContext(region="us-gov-west-1"), zone_id="usgw1-az2")

    expected = ("us-gov-west-1b", "b", "us-gov-west-1")
    assert expected == (zone["name"], zone["name_suffix"], zone["region"])


def test_regions_are_those_that_need_no_opt_in_unless_all_are_asked_for():
    names = read("aws_regions")["names"]

    assert 17 == len(names)
    assert "eu-south-2" in set(read("aws_regions", all_regions=True)["names"]) - set(names)
    assert ["cn-north-1", "cn-northwest-1"] == read("aws_regions", AwsContext(region="cn-north-1"))["names"]


@pytest.mark.parametrize(
    ("type_name", "config"),
    [
        ("aws_arn", {"arn": "arn:aws:s3"}),
        ("aws_arn", {"arn": "bucket"}),
        ("aws_region", {"name": "eu-west-1", "endpoint": "ec2.eu-west-2.amazonaws.com"}),
        ("aws_region", {"endpoint": "ec2.eu-west-9.amazonaws.com"}),
        ("aws_service", {}),
        ("aws_service", {"dns_name": "x.y"}),
        ("aws_service_principal", {"service_name": "s3", "region": "eu-west-9"}),
        ("aws_elb_service_account", {"region": "me-central-1"}),
        ("aws_lb_hosted_zone_id", {"load_balancer_type": "gateway"}),
        ("aws_availability_zone", {"name": "us-east-1"}),
        ("aws_availability_zone", {}),
        ("aws_availability_zones", {"state": "open"}),
        ("aws_availability_zones", {"filter": [{"name": "color", "values": ["red"]}]}),
    ],
)
def test_what_has_no_answer_is_refused(type_name, config):
    with pytest.raises(Refused):
        read(type_name, **config)
