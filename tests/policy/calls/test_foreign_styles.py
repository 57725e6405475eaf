"""Functions as other people write them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from paritycheck.policy.calls import SourceCalls, find_calls


def search(directory: Path, **sources: str) -> SourceCalls:
    for name, source in sources.items():
        path = directory / f"{name.replace('_in_', '/').replace('package', '__init__')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), encoding="utf-8")
    return find_calls([directory], "lambda_function.lambda_handler")


def told(found: SourceCalls, *names: str) -> list[str]:
    return sorted(
        {" ".join([str(call), *(str(each) for name in names for each in call.parameters.get(name, ("-",)))]) for call in found.calls}
    )


def test_a_plain_script_with_clients_of_the_module(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import json, os, boto3
            s3 = boto3.client('s3')
            dynamodb = boto3.resource('dynamodb')
            TABLE = os.environ.get('TABLE_NAME', 'orders')
            table = dynamodb.Table(TABLE)
            sqs = boto3.resource('sqs').get_queue_by_name(QueueName='jobs')

            def lambda_handler(event, context):
                for record in event['Records']:
                    bucket = record['s3']['bucket']['name']
                    key = record['s3']['object']['key']
                    body = s3.get_object(Bucket=bucket, Key=key)['Body'].read()
                    with table.batch_writer() as batch:
                        batch.put_item(Item=json.loads(body))
                    sqs.send_message(MessageBody=json.dumps({'key': key}))
                if table.item_count > 10:
                    s3.download_file(bucket, key, '/tmp/x')
                s3.get_waiter('object_exists').wait(Bucket='b', Key='k')
        """,
    )

    assert () == found.undecided
    assert [
        "dynamodb:BatchWriteItem orders ${TABLE_NAME} - - -",
        "dynamodb:DescribeTable - - - orders ${TABLE_NAME}",
        "s3:GetObject - ? - -",
        "s3:HeadObject - ? - -",
        "s3:HeadObject - b - -",
        "sqs:GetQueueUrl - - jobs -",
        "sqs:SendMessage - - - -",
    ] == [
        line.replace("${TABLE_NAME} orders", "orders ${TABLE_NAME}")
        for line in told(found, "keys(RequestItems)", "Bucket", "QueueName", "TableName")
    ]


def test_buckets_and_their_objects(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import boto3
            def lambda_handler(event, context):
                bucket = boto3.resource("s3").Bucket("b")
                for summary in bucket.objects.filter(Prefix="in/"):
                    summary.Object().copy({"Bucket": "c", "Key": "x"})
                    summary.delete()
                bucket.objects.all().delete()
                bucket.upload_file("/tmp/x", "k")
                bucket.Object("o").put(Body=b"")
                boto3.resource("s3").Object("b2", "k2").get()["Body"].read()
                boto3.resource("s3").meta.client.head_bucket(Bucket="b3")
        """,
    )

    assert () == found.undecided
    calls = told(found, "Bucket", "Key")
    assert {
        "s3:ListObjects b -",
        "s3:CopyObject b ?",
        "s3:GetObject c x",
        "s3:DeleteObject b ?",
        "s3:DeleteObjects b -",
        "s3:PutObject b k",
        "s3:AbortMultipartUpload b k",
        "s3:PutObject b o",
        "s3:GetObject b2 k2",
        "s3:HeadBucket b3 -",
    } <= set(calls)


def test_a_package_with_a_base_repository_and_a_factory(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            from aws_lambda_powertools import Logger, Tracer, Metrics
            from aws_lambda_powertools.utilities.typing import LambdaContext
            from service.container import Container
            logger, tracer, metrics = Logger(), Tracer(), Metrics()

            @logger.inject_lambda_context(log_event=True)
            @tracer.capture_lambda_handler
            @metrics.log_metrics
            def lambda_handler(event: dict, context: LambdaContext) -> dict:
                container = Container.instance()
                return container.orders().save({"id": event["id"]})
        """,
        service_in_container="""
            from .config import Config
            from .repositories.orders import OrderRepository

            class Container:
                _instance = None
                def __init__(self, config):
                    self.config = config
                @classmethod
                def instance(cls):
                    if cls._instance is None:
                        cls._instance = cls(Config.from_env())
                    return cls._instance
                def orders(self):
                    return OrderRepository(self.config)
        """,
        service_in_config="""
            import os
            from pydantic import BaseModel
            class Config(BaseModel):
                table: str
                topic: str = "none"
                @classmethod
                def from_env(cls):
                    return cls(table=os.environ["ORDERS_TABLE"], topic=os.environ["TOPIC"])
        """,
        service_in_repositories_in_package="",
        service_in_repositories_in_base="""
            import abc, boto3
            class Repository(abc.ABC):
                def __init__(self, table_name):
                    self._table = boto3.Session().resource("dynamodb").Table(table_name)
                def save(self, item):
                    self.validate(item)
                    return self._table.put_item(Item=item)
                @abc.abstractmethod
                def validate(self, item): ...
        """,
        service_in_repositories_in_orders="""
            import boto3
            from .base import Repository
            sns = boto3.client("sns")
            class OrderRepository(Repository):
                def __init__(self, config):
                    super().__init__(config.table)
                    self.topic = config.topic
                def validate(self, item):
                    self._table.get_item(Key={"id": item["id"]})
                def save(self, item):
                    super().save(item)
                    sns.publish(TopicArn=self.topic, Message="saved")
        """,
    )

    assert () == found.undecided
    assert [
        "dynamodb:GetItem ${ORDERS_TABLE} -",
        "dynamodb:PutItem ${ORDERS_TABLE} -",
        "sns:Publish - ${TOPIC}",
    ] == told(found, "TableName", "TopicArn")


def test_a_dispatcher_by_the_name_of_an_action(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import boto3
            ec2 = boto3.client("ec2")
            def start(ids): ec2.start_instances(InstanceIds=ids)
            def stop(ids): ec2.stop_instances(InstanceIds=ids)
            ACTIONS = {"start": start, "stop": stop}
            def lambda_handler(event, context):
                ACTIONS[event["action"]](event["ids"])
                for name in ("describe_instances", "describe_volumes"):
                    getattr(ec2, name)()
        """,
    )

    assert () == found.undecided
    assert ["ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:StartInstances", "ec2:StopInstances"] == told(found)


def test_another_role_is_undecided_and_the_call_for_it_is_found(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import boto3
            def lambda_handler(event, context):
                got = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::1:role/x", RoleSessionName="x")["Credentials"]
                session = boto3.Session(
                    aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"], aws_session_token=got["Token"]
                )
                session.client("s3").list_buckets()
        """,
    )

    assert ["sts:AssumeRole arn:aws:iam::1:role/x"] == told(found, "RoleArn")
    assert [5] == [each.location.line for each in found.undecided]


def test_signed_requests(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import os, boto3
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
            s3, rds = boto3.client("s3"), boto3.client("rds")
            def lambda_handler(event, context):
                s3.generate_presigned_post(os.environ["BUCKET"], f"up/{event['id']}")
                s3.generate_presigned_url(ClientMethod="get_object", Params=dict(Bucket="b", Key="k"))
                rds.generate_db_auth_token(DBHostname="h", Port=3306, DBUsername="u")
                request = AWSRequest(method="GET", url=os.environ["API"] + "/items")
                SigV4Auth(boto3.Session().get_credentials(), "execute-api", "eu-west-1").add_auth(request)
        """,
    )

    assert () == found.undecided
    assert [
        "execute-api:Invoke - - GET ${API}/items",
        "rds-db:connect - - - -",
        "s3:GetObject b k - -",
        "s3:PutObject ${BUCKET} up/? - -",
    ] == told(found, "Bucket", "Key", "method", "url")


def test_a_library_in_the_archive_is_followed_like_the_rest(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            import boto3, vendored
            from vendored.deep import *
            def lambda_handler(event, context):
                vendored.put(boto3.client("s3"))
                public(boto3.client("sns"))
        """,
        vendored_in_package="from .deep import put",
        vendored_in_deep="""
            def put(client): client.put_object(Bucket="b", Key="k")
            def public(client): client.publish(TopicArn="t")
        """,
    )

    assert () == found.undecided
    assert ["s3:PutObject", "sns:Publish"] == told(found)


def test_a_type_checkers_imports_are_not_followed(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        lambda_function="""
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from mypy_boto3_s3 import S3Client
                import broken
            def lambda_handler(event, context, client: "S3Client" = None): pass
        """,
        broken="def (",
    )

    assert SourceCalls((), ()) == found
