"""What of the functions' calls is seen, whose they are, and what is refused."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.session import Session
from moto import mock_aws

from paritycheck.policy.iam import parse_policy
from tests.observation.recorder import NotGrantedError, Observation, Recorder, _watch_signing
from tests.observation.shop import SECRET, STACK, TABLE

READ = Observation("clerk", "dynamodb:GetItem", 'aws_dynamodb_table.this["orders"]')
KEY = {"TableName": "orders", "Key": {"id": {"S": "o-1"}}}


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(lambda: STACK, tmp_path / "lambdas", "a test")


@pytest.fixture
def client(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Makes clients that are watched, of an AWS that has the table."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    session = Session()
    recorder.watch(session)
    make = boto3.Session(botocore_session=session, region_name="us-east-1").client
    with mock_aws():
        boto3.client("dynamodb", "us-east-1").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield make


Load = Callable[[str], ModuleType]


@pytest.fixture
def load(recorder: Recorder) -> Load:
    """Loads a module that does what it is asked to do, as code of a function or of all of them."""

    def load_call(folder: str) -> ModuleType:
        path = recorder.lambdas / folder / "stores.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def call(act, *arguments, **options):\n    return act(*arguments, **options)\n", encoding="utf-8")
        module = ModuleType(folder)
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(module))
        return module

    return load_call


@pytest.fixture
def clerk(load: Load) -> Callable[..., Any]:
    """A function's code."""
    call: Callable[..., Any] = load("clerk").call
    return call


class TestCalls:
    def test_a_call_of_a_function_is_noted_with_its_test(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        clerk(client("dynamodb").get_item, **KEY)

        assert {READ: {"a test"}} == recorder.observed
        assert [] == recorder.refusals

    def test_a_call_of_a_resource_object_is_noted(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        session = Session()
        recorder.watch(session)
        table = boto3.Session(botocore_session=session, region_name="us-east-1").resource("dynamodb").Table("orders")

        clerk(table.get_item, Key={"id": "o-1"})

        assert {READ} == recorder.observed.keys()

    def test_every_page_is_noted(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName="orders",
                IndexName="by_day",
                KeyConditionExpression="id = :id",
                ExpressionAttributeValues={":id": {"S": "o-1"}},
            )
        )

        with pytest.raises(ClientError, match="by_day"):
            clerk(list, pages)

        assert ['aws_dynamodb_table.this["orders"]/index/by_day'] == [each.resource for each in recorder.observed]

    def test_a_presigned_url_is_noted_as_what_it_is_signed_for(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        s3 = client("s3", config=Config(signature_version="s3v4"))

        clerk(s3.generate_presigned_url, "put_object", Params={"Bucket": "photos", "Key": "photos/o-1/p.jpg"})

        assert {Observation("clerk", "s3:PutObject", 'aws_s3_bucket.this["photos"]/photos/*')} == recorder.observed.keys()
        with pytest.raises(NotGrantedError, match="s3:GetObject"):
            clerk(s3.generate_presigned_url, "get_object", Params={"Bucket": "photos", "Key": "photos/o-1/p.jpg"})

    def test_a_message_to_a_connection_is_noted_by_its_clients_endpoint(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        management = client("apigatewaymanagementapi", endpoint_url="https://wsapi.execute-api.us-east-1.amazonaws.com/v1")

        clerk(management.post_to_connection, ConnectionId="c=", Data=b"x")

        expected = Observation("clerk", "execute-api:ManageConnections", "aws_apigatewayv2_api.sockets/v1/POST/@connections/*")
        assert {expected} == recorder.observed.keys()
        with pytest.raises(NotGrantedError, match="/v1/DELETE/@connections/c="):
            clerk(management.delete_connection, ConnectionId="c=")

    def test_a_condition_that_the_grant_has_is_noted(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with pytest.raises(ClientError, match="ResourceNotFound"):
            clerk(client("secretsmanager").get_secret_value, SecretId=SECRET.arn)

        assert [("secretsmanager:resourcetag/owner",)] == [each.conditions for each in recorder.observed]

    def test_an_action_without_resources_is_noted_so(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        clerk(client("rekognition").detect_labels, Image={"Bytes": b"x"})

        assert {Observation("clerk", "rekognition:DetectLabels", "*")} == recorder.observed.keys()


class TestSigning:
    @pytest.fixture
    def sign(self, recorder: Recorder) -> Callable[[str, str], None]:
        watched = _watch_signing(recorder, SigV4Auth.add_auth)

        def sign_request(service: str, url: str) -> None:
            watched(SigV4Auth(Credentials("a", "b"), service, "us-east-1"), AWSRequest("POST", url, data=b"{}"))

        return sign_request

    def test_a_signed_request_is_noted(self, recorder: Recorder, clerk: Any, sign: Any) -> None:
        clerk(sign, "execute-api", "https://restapi.execute-api.us-east-1.amazonaws.com/v1/pos/r-1")

        assert {Observation("clerk", "execute-api:Invoke", "aws_api_gateway_rest_api.this/v1/POST/pos/*")} == recorder.observed.keys()

    def test_a_server_of_the_tests_stands_for_the_api(
        self, recorder: Recorder, clerk: Any, sign: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POS_URL", "http://127.0.0.1:1234/v1/pos")

        clerk(sign, "execute-api", "http://127.0.0.1:1234/v1/pos/r-1")

        assert ["execute-api:Invoke"] == [each.action for each in recorder.observed]

    @pytest.mark.parametrize("path", ["v1/orders", "v2/pos/r-1", "v1/pos"])
    def test_another_path_is_refused(self, clerk: Any, sign: Any, path: str) -> None:
        with pytest.raises(NotGrantedError, match="execute-api:Invoke"):
            clerk(sign, "execute-api", f"https://restapi.execute-api.us-east-1.amazonaws.com/{path}")

    def test_another_service_is_refused(self, clerk: Any, sign: Any) -> None:
        with pytest.raises(NotGrantedError, match="signed for es"):
            clerk(sign, "es", "https://search.example/x")

    def test_what_a_client_signs_is_noted_once(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with patch.object(SigV4Auth, "add_auth", _watch_signing(recorder, SigV4Auth.add_auth)):
            clerk(client("dynamodb").get_item, **KEY)

        assert {READ} == recorder.observed.keys()


class TestWhose:
    def test_a_call_of_a_test_is_nobodys(self, recorder: Recorder, client: Any) -> None:
        client("dynamodb").scan(TableName="orders")

        assert ({}, []) == (recorder.observed, recorder.refusals)

    def test_a_call_of_a_test_through_shared_code_is_nobodys(self, recorder: Recorder, client: Any, load: Load) -> None:
        load("shared").call(client("dynamodb").scan, TableName="orders")

        assert ({}, []) == (recorder.observed, recorder.refusals)

    def test_shared_code_calls_for_the_function_that_called_it(self, recorder: Recorder, client: Any, clerk: Any, load: Load) -> None:
        clerk(load("shared").call, client("dynamodb").get_item, **KEY)

        assert {READ} == recorder.observed.keys()

    def test_the_innermost_function_calls(self, recorder: Recorder, client: Any, clerk: Any, load: Load) -> None:
        with pytest.raises(NotGrantedError, match="cook"):
            clerk(load("cook").call, client("dynamodb").get_item, **KEY)

    def test_a_functions_code_calls_in_threads(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with ThreadPoolExecutor(2) as threads:
            threads.submit(clerk, client("dynamodb").get_item, **KEY).result()

        assert {READ} == recorder.observed.keys()

    def test_shared_code_that_is_alone_in_a_thread_is_refused(self, recorder: Recorder, client: Any, load: Load) -> None:
        with ThreadPoolExecutor(2) as threads, pytest.raises(NotGrantedError, match="nobody can tell"):
            threads.submit(load("shared").call, client("dynamodb").get_item, **KEY).result()

        assert 1 == len(recorder.refusals)

    def test_a_tests_wrapper_around_a_client_calls_for_the_function(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        dynamodb = client("dynamodb")

        clerk(lambda: dynamodb.get_item(**KEY))

        assert {READ} == recorder.observed.keys()

    def test_a_test_inside_the_client_calls_for_the_function(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        dynamodb = client("dynamodb")
        make_call = type(dynamodb)._make_api_call

        def watched(*arguments: Any) -> Any:
            return make_call(*arguments)

        with patch.object(type(dynamodb), "_make_api_call", watched):
            clerk(dynamodb.get_item, **KEY)

        assert {READ} == recorder.observed.keys()

    def test_what_a_test_does_in_the_middle_of_a_call_is_its_own(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        dynamodb, other = client("dynamodb"), client("dynamodb")
        dynamodb.meta.events.register("before-call.dynamodb.GetItem", lambda **_: other.delete_item(**KEY) and None)

        clerk(dynamodb.get_item, **KEY)

        assert {READ} == recorder.observed.keys()

    def test_what_a_test_does_through_shared_code_in_a_functions_stead_is_its_own(
        self, recorder: Recorder, client: Any, clerk: Any, load: Load
    ) -> None:
        clerk(lambda: load("shared").call(client("dynamodb").delete_item, **KEY))

        assert ({}, []) == (recorder.observed, recorder.refusals)


class TestRefusals:
    def test_a_refusal_says_who_calls_what_and_what_is_granted(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        expected = (
            "clerk (lambdas/clerk/stores.py:2) calls dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/shop-orders, "
            "which its role does not grant; nearest: ReadOrder grants dynamodb:GetItem on "
            "arn:aws:dynamodb:us-east-1:123456789012:table/shop-orders"
        )

        with pytest.raises(NotGrantedError) as raised:
            clerk(client("dynamodb").put_item, TableName="orders", Item={"id": {"S": "o-1"}})

        assert expected == str(raised.value)
        assert [expected] == recorder.take_refusals()
        assert [] == recorder.take_refusals()
        assert {} == recorder.observed

    def test_the_grants_of_the_action_are_nearest(self, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match=r"nearest: FindOrders grants dynamodb:Query on \S+/index/by_day$"):
            clerk(client("dynamodb").query, TableName="orders")

    def test_where_nothing_is_near_the_services_grants_are(self, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match="nearest: StorePhoto grants s3:PutObject"):
            clerk(client("s3").list_objects_v2, Bucket="photos")

    def test_nothing_may_be_near(self, client: Any, clerk: Any, load: Load) -> None:
        with pytest.raises(NotGrantedError, match="nearest: nothing"):
            load("cook").call(client("dynamodb").get_item, **KEY)

    def test_what_a_near_grant_leaves_out_is_said(self, recorder: Recorder, client: Any, load: Load) -> None:
        rest = parse_policy({"Statement": {"Sid": "Rest", "Effect": "Allow", "NotAction": "s3:*", "NotResource": TABLE.arn}})
        recorder.load = lambda: replace(STACK, functions={"cook": replace(STACK.functions["cook"], policy=rest)})

        with pytest.raises(NotGrantedError, match=rf"nearest: Rest grants all but s3:\* on all but {TABLE.arn}$"):
            load("cook").call(client("dynamodb").get_item, **KEY)

    def test_a_denial_is_named(self, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match="NoCode denies it"):
            clerk(client("dynamodb").scan, TableName="orders")

    def test_a_denial_of_the_resource_is_named(self, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match="NoKeys denies it"):
            clerk(client("s3").put_object, Bucket="photos", Key="photos/p.jpg", ServerSideEncryption="AES256")

    @pytest.mark.parametrize("key", ["p.jpg", "other/p.jpg"])
    def test_another_key_is_refused(self, client: Any, clerk: Any, key: str) -> None:
        with pytest.raises(NotGrantedError, match="s3:PutObject"):
            clerk(client("s3").put_object, Bucket="photos", Key=key)

    def test_a_name_that_stands_for_nothing_is_refused(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match=r"^clerk \(lambdas/clerk/stores.py:2\): absent is no aws_dynamodb_table"):
            clerk(client("dynamodb").get_item, TableName="absent", Key={"id": {"S": "o-1"}})

        assert 1 == len(recorder.refusals)

    def test_a_call_of_which_nobody_knows_what_it_needs_is_refused(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match=r"^clerk \(lambdas/clerk/stores.py:2\): a copy is about two objects"):
            clerk(client("s3").copy_object, Bucket="photos", Key="photos/p.jpg", CopySource="photos/q.jpg")

        assert 1 == len(recorder.refusals)

    def test_a_grant_that_cannot_be_judged_is_refused(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match=r"dynamodb:DeleteItem on \S+, which its role does not grant; undecided by Own$"):
            clerk(client("dynamodb").delete_item, **KEY)

        assert 1 == len(recorder.refusals)

    def test_each_part_of_a_transaction_is_held_against_the_role(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        with pytest.raises(NotGrantedError, match="dynamodb:ConditionCheckItem"):
            clerk(client("dynamodb").transact_write_items, TransactItems=[{"ConditionCheck": {**KEY, "ConditionExpression": "x = :x"}}])

    def test_a_function_that_is_not_in_the_stack_is_refused(self, client: Any, load: Load) -> None:
        with pytest.raises(NotGrantedError, match="waiter is no function of the stack"):
            load("waiter").call(client("dynamodb").get_item, **KEY)

    def test_code_that_swallows_the_error_does_not_hide_it(self, recorder: Recorder, client: Any, clerk: Any) -> None:
        def swallow() -> None:
            with pytest.raises(NotGrantedError):
                client("dynamodb").scan(TableName="orders")

        clerk(swallow)

        assert 1 == len(recorder.refusals)


def test_all_sessions_are_watched_once_it_is_attached(recorder: Recorder, clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore._INITIALIZERS", [])
    monkeypatch.setattr(SigV4Auth, "add_auth", SigV4Auth.add_auth)
    recorder.attach()

    with mock_aws(), pytest.raises(ClientError):
        clerk(boto3.Session(region_name="us-east-1").client("dynamodb").get_item, **KEY)

    assert {READ} == recorder.observed.keys()
    assert "clerk" not in sys.modules
    assert "POS_URL" not in os.environ
