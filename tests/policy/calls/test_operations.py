"""The shipped list of operations, held against the models of boto3 that it was made from."""

from __future__ import annotations

import boto3
import botocore.session
import pytest
from botocore import xform_name

from paritycheck.policy.calls.operations import find_service, is_operation

SERVICES = ("apigatewaymanagementapi", "dynamodb", "ec2", "iam", "kinesis", "lambda", "rekognition", "s3", "secretsmanager", "sns", "sqs")


@pytest.mark.parametrize("name", SERVICES)
def test_the_methods_of_a_client_are_boto3s(name: str) -> None:
    model = botocore.session.get_session().get_service_model(name)
    service = find_service(name)

    assert service is not None
    assert {xform_name(operation): operation for operation in model.operation_names} == service.methods


@pytest.mark.parametrize("name", ["dynamodb", "s3", "sqs", "ec2", "sns", "iam"])
def test_the_resources_of_a_service_are_boto3s(name: str) -> None:
    model = boto3.resource(name, region_name="eu-west-1").meta.resource_model
    service = find_service(name)

    assert service is not None
    for kind in model.subresources:
        known = service.resources[kind.resource.type]
        assert [xform_name(each.name) for each in kind.resource.model.identifiers] == list(known.identifiers)
        assert {action.name for action in kind.resource.model.actions} == set(known.actions)
        assert {each.name for each in kind.resource.model.collections} == set(known.collections)
        assert {each.name for each in kind.resource.model.waiters} == set(known.waiters)
        assert {each.name for each in (*kind.resource.model.subresources, *kind.resource.model.references)} == set(known.references)
    assert {each.name for each in model.subresources} == set(service.resources[""].references)


def test_a_service_that_boto3_has_not_is_none() -> None:
    assert find_service("nosuchservice") is None


def test_all_services_of_boto3_are_known() -> None:
    assert [] == [name for name in boto3.Session().get_available_services() if find_service(name) is None]


def test_operations_are_told_from_other_methods() -> None:
    assert is_operation("put_item")
    assert not is_operation("rollback")
