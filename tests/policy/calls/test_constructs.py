"""Each way in which a source can get a client to where it is used."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.policy.calls import UNKNOWN, Joined, SourceCalls, Text, find_calls

Find = Callable[[str], SourceCalls]

PUT = "dynamodb:PutItem ${TABLE}"
GET = "dynamodb:GetItem ${TABLE}"
PREFIX = "import os, boto3\n"


@pytest.fixture
def find(tmp_path: Path) -> Find:
    def find(source: str) -> SourceCalls:
        (tmp_path / "app.py").write_text(textwrap.dedent(source), encoding="utf-8")
        return find_calls([tmp_path], "app.handle")

    return find


def told(found: SourceCalls, name: str = "TableName") -> set[str]:
    return {" ".join([str(call), *map(str, call.parameters.get(name, ()))]) for call in found.calls}


FOLLOWED = {
    "a client of the module": """
        client = boto3.client("dynamodb")
        def handle(event, context):
            client.put_item(TableName=os.environ["TABLE"], Item={})
    """,
    "an import under another name": """
        import boto3 as b
        from os import environ as e
        from boto3 import client as make
        def handle(event, context):
            make("dynamodb").put_item(TableName=e["TABLE"])
    """,
    "getenv and get": """
        def handle(event, context):
            boto3.client("dynamodb").put_item(TableName=os.getenv("TABLE"))
    """,
    "a session": """
        session = boto3.session.Session(region_name="eu-west-1")
        def handle(event, context):
            session.client(service_name="dynamodb").put_item(TableName=os.environ.get("TABLE"))
    """,
    "botocore's session": """
        import botocore.session
        def handle(event, context):
            botocore.session.get_session().create_client("dynamodb").put_item(TableName=os.environ["TABLE"])
    """,
    "a table of a resource": """
        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
        def handle(event, context):
            table.put_item(Item={})
    """,
    "the client of a resource": """
        def handle(event, context):
            table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
            table.meta.client.put_item(TableName=table.name)
    """,
    "a field of an object": """
        class Store:
            def __init__(self, client, table):
                self._client, self._table = client, table
            def put(self):
                self._client.put_item(TableName=self._table)
        def handle(event, context):
            Store(boto3.client("dynamodb"), os.environ["TABLE"]).put()
    """,
    "a base class that makes the client": """
        class Base:
            client = None
            def __init__(self):
                self.client = boto3.client("dynamodb")
        class Store(Base):
            def __init__(self):
                super().__init__()
            def put(self):
                self.client.put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            Store().put()
    """,
    "a class attribute": """
        class Store:
            client = boto3.client("dynamodb")
            @classmethod
            def put(cls):
                cls.client.put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            Store.put()
    """,
    "a property": """
        import functools
        class Store:
            @functools.cached_property
            def client(self):
                return boto3.client("dynamodb")
            @property
            def table(self):
                return os.environ["TABLE"]
            @staticmethod
            def put(client, table):
                client.put_item(TableName=table)
        def handle(event, context):
            store = Store()
            store.put(store.client, store.table)
    """,
    "a data class": """
        import dataclasses
        @dataclasses.dataclass(frozen=True)
        class Store:
            client: object
            table: str = dataclasses.field(default_factory=lambda: os.environ["TABLE"])
        def handle(event, context):
            store = Store(client=boto3.client("dynamodb"))
            store.client.put_item(TableName=store.table)
    """,
    "a named tuple": """
        from typing import NamedTuple
        class Store(NamedTuple):
            client: object
            table: str
        def handle(event, context):
            client, table = Store(boto3.client("dynamodb"), os.environ["TABLE"])
            client.put_item(TableName=table)
    """,
    "tuples and starred targets": """
        def make():
            return boto3.client("dynamodb"), os.environ["TABLE"]
        def handle(event, context):
            client, table = make()
            use(*make())
        def use(client, table):
            client.put_item(TableName=table)
    """,
    "a list": """
        def handle(event, context):
            clients = []
            clients.append(boto3.client("dynamodb"))
            for client in clients:
                client.put_item(TableName=os.environ["TABLE"])
    """,
    "a dictionary": """
        clients = {"db": boto3.client("dynamodb"), "other": 1}
        def handle(event, context):
            clients["db"].put_item(TableName=os.environ["TABLE"])
    """,
    "a dictionary by a key that is not known": """
        clients = {}
        def connect(name):
            if name not in clients:
                clients[name] = boto3.client("dynamodb")
            return clients[name]
        def handle(event, context):
            connect(event["x"]).put_item(TableName=os.environ["TABLE"])
    """,
    "a comprehension": """
        def handle(event, context):
            [c.put_item(TableName=t) for c, t in zip([boto3.client("dynamodb")], [os.environ["TABLE"]])]
    """,
    "enumerate, items and sorted": """
        def handle(event, context):
            for number, (name, client) in enumerate(sorted({"a": boto3.client("dynamodb")}.items())):
                client.put_item(TableName=os.environ["TABLE"])
    """,
    "an assignment in an expression": """
        def handle(event, context):
            if client := boto3.client("dynamodb"):
                client.put_item(TableName=os.environ["TABLE"])
    """,
    "a choice": """
        def handle(event, context):
            client = None or (boto3.client("dynamodb") if event else None)
            client.put_item(TableName=os.environ["TABLE"])
    """,
    "a global": """
        client = None
        def connect():
            global client
            if client is None:
                client = boto3.client("dynamodb")
            return client
        def handle(event, context):
            connect()
            client.put_item(TableName=os.environ["TABLE"])
    """,
    "a closure with nonlocal": """
        def outer():
            client = None
            def connect():
                nonlocal client
                client = boto3.client("dynamodb")
            def use():
                client.put_item(TableName=os.environ["TABLE"])
            connect()
            return use
        def handle(event, context):
            outer()()
    """,
    "defaults of parameters": """
        def use(client=boto3.client("dynamodb"), *, table=os.environ["TABLE"]):
            client.put_item(TableName=table)
        def handle(event, context):
            use()
    """,
    "arguments passed through": """
        def inner(client, TableName):
            client.put_item(TableName=TableName)
        def outer(*args, **kwargs):
            return inner(*args, **kwargs)
        def handle(event, context):
            outer(boto3.client("dynamodb"), TableName=os.environ["TABLE"])
    """,
    "a method as a value": """
        def attempt(write, **request):
            return write(**request)
        def handle(event, context):
            attempt(boto3.client("dynamodb").put_item, TableName=os.environ["TABLE"])
    """,
    "a request that a function makes": """
        def request():
            made = {"Item": {}}
            made["TableName"] = os.environ["TABLE"]
            made.update(ReturnValues="NONE")
            return made
        def handle(event, context):
            boto3.client("dynamodb").put_item(**request())
    """,
    "partial and lambda": """
        import functools
        def handle(event, context):
            put = functools.partial(boto3.client("dynamodb").put_item, TableName=os.environ["TABLE"])
            run = lambda act: act(Item={})
            run(put)
    """,
    "caches": """
        import functools
        @functools.cache
        def one():
            return boto3.client("dynamodb")
        @functools.lru_cache(maxsize=1)
        def two():
            return os.environ["TABLE"]
        def handle(event, context):
            one().put_item(TableName=two())
    """,
    "a decorator of its own": """
        import functools
        def retried(function):
            @functools.wraps(function)
            def again(*args, **kwargs):
                return function(*args, **kwargs)
            return again
        @retried
        def put(client, table):
            client.put_item(TableName=table)
        def handle(event, context):
            put(boto3.client("dynamodb"), os.environ["TABLE"])
    """,
    "a decorator of a library": """
        from aws_lambda_powertools import Tracer
        tracer = Tracer()
        class Store:
            def __init__(self):
                self.client = boto3.client("dynamodb")
            @tracer.capture_method
            def put(self, table):
                self.client.put_item(TableName=table)
        @tracer.capture_lambda_handler
        def handle(event, context):
            Store().put(os.environ["TABLE"])
    """,
    "a handler that a library calls": """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.post("/x")
        def create():
            boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            return app.resolve(event, context)
    """,
    "a context manager": """
        import contextlib
        @contextlib.contextmanager
        def connected():
            yield boto3.client("dynamodb")
        def handle(event, context):
            with connected() as client:
                client.put_item(TableName=os.environ["TABLE"])
    """,
    "a class with __enter__ and __call__": """
        class Connected:
            def __enter__(self):
                return self
            def __exit__(self, *args):
                pass
            def __call__(self):
                return boto3.client("dynamodb")
        def handle(event, context):
            with Connected() as connected:
                connected().put_item(TableName=os.environ["TABLE"])
    """,
    "an iterator": """
        class Clients:
            def __iter__(self):
                yield boto3.client("dynamodb")
        def handle(event, context):
            for client in Clients():
                client.put_item(TableName=os.environ["TABLE"])
    """,
    "__getattr__ and getattr": """
        class Lazy:
            def __getattr__(self, name):
                return getattr(boto3.client("dynamodb"), "put_item")
        def handle(event, context):
            Lazy().anything(TableName=os.environ["TABLE"])
    """,
    "a singleton": """
        class Store:
            _instance = None
            def __new__(cls):
                if cls._instance is None:
                    cls._instance = super().__new__(cls)
                    cls._instance.client = boto3.client("dynamodb")
                return cls._instance
            def put(self):
                self.client.put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            Store().put()
    """,
    "a thread pool": """
        from concurrent.futures import ThreadPoolExecutor
        client = boto3.client("dynamodb")
        def handle(event, context):
            with ThreadPoolExecutor() as pool:
                pool.submit(client.put_item, TableName=os.environ["TABLE"]).result()
    """,
    "a queue": """
        import queue
        clients = queue.Queue()
        def handle(event, context):
            clients.put(boto3.client("dynamodb"))
            clients.get().put_item(TableName=os.environ["TABLE"])
    """,
    "an exception": """
        class Stop(Exception):
            def __init__(self, client):
                self.client = client
        def handle(event, context):
            try:
                raise Stop(boto3.client("dynamodb"))
            except Stop as stop:
                stop.client.put_item(TableName=os.environ["TABLE"])
    """,
    "a match": """
        class Store:
            __match_args__ = ("client",)
            def __init__(self):
                self.client = boto3.client("dynamodb")
        def handle(event, context):
            match Store():
                case Store(client):
                    client.put_item(TableName=os.environ["TABLE"])
    """,
    "a patched class": """
        class Store:
            pass
        def put(self):
            self.client.put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            Store.put = put
            setattr(Store, "client", boto3.client("dynamodb"))
            Store().put()
    """,
    "a generator": """
        def clients():
            yield from [boto3.client("dynamodb")]
        def handle(event, context):
            next(clients()).put_item(TableName=os.environ["TABLE"])
    """,
    "coroutines": """
        import asyncio
        async def connect():
            return boto3.client("dynamodb")
        async def put():
            (await connect()).put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            asyncio.run(put())
    """,
    "copies and casts": """
        import copy, typing
        def handle(event, context):
            client = typing.cast("object", copy.copy(boto3.client("dynamodb")))
            client.put_item(TableName=str(os.environ["TABLE"]))
    """,
    "an instance that a library calls": """
        import threading
        class Worker(threading.Thread):
            def __init__(self, client):
                super().__init__()
                self.client = client
            def run(self):
                self.client.put_item(TableName=os.environ["TABLE"])
        def handle(event, context):
            Worker(boto3.client("dynamodb")).start()
    """,
    "an operator": """
        class Store:
            def __init__(self, client):
                self.client = client
            def __lshift__(self, table):
                self.client.put_item(TableName=table)
        def handle(event, context):
            Store(boto3.client("dynamodb")) << os.environ["TABLE"]
    """,
    "environ as a parameter": """
        def read(environ):
            return {"table": environ["TABLE"]}
        def handle(event, context):
            boto3.client("dynamodb").put_item(TableName=read(os.environ)["table"])
    """,
    "the name behind an operation": """
        def handle(event, context):
            boto3.client("dynamodb")._make_api_call("PutItem", {"TableName": os.environ["TABLE"]})
    """,
}


@pytest.mark.parametrize("source", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_a_client_is_followed(find: Find, source: str) -> None:
    found = find(PREFIX + textwrap.dedent(source))

    assert () == found.undecided
    assert PUT in told(found)
    assert {"dynamodb:PutItem"} == {str(call) for call in found.calls}


def test_objects_of_a_class_are_told_apart(find: Find) -> None:
    found = find("""
        import os, boto3
        class Store:
            def __init__(self, table):
                self.client = boto3.client("dynamodb")
                self.table = table
            def put(self): self.client.put_item(TableName=self.table)
            def get(self): return self.client.get_item(TableName=self.table)
        def handle(event, context):
            a, b = Store(os.environ["A"]), Store(os.environ["B"])
            a.put()
            b.get()
    """)

    assert {"dynamodb:PutItem ${A}", "dynamodb:GetItem ${B}"} == told(found)


def test_calls_of_a_function_are_told_apart(find: Find) -> None:
    found = find("""
        import os, boto3
        client = boto3.client("dynamodb")
        def run(operation, table):
            return operation(TableName=table)
        def handle(event, context):
            run(client.put_item, os.environ["A"])
            run(client.get_item, "b")
    """)

    assert {"dynamodb:PutItem ${A}", "dynamodb:GetItem b"} == told(found)


def test_code_that_nobody_reaches_calls_nothing(find: Find) -> None:
    found = find("""
        import boto3
        client = boto3.client("dynamodb")
        def unused():
            client.put_item(TableName="x")
        class Unused:
            def put(self): client.put_item(TableName="x")
        if __name__ == "__main__":
            unused()
        def handle(event, context):
            client.get_item(TableName="y")
    """)

    assert {"dynamodb:GetItem y"} == told(found)


def test_parts_of_a_text_are_kept(find: Find) -> None:
    found = find("""
        import os, boto3
        s3 = boto3.client("s3")
        def handle(event, context):
            s3.put_object(Bucket=os.environ["B"], Key=f"in/{event['id']}.json")
            s3.get_object(Bucket=os.environ["B"], Key="out/" + event["id"])
            s3.delete_object(Bucket=os.environ["B"], Key="{}/{}/x".format("a", event["id"]))
            s3.head_object(Bucket=os.environ["B"], Key="%s/%s" % ("b", event["id"]))
    """)

    assert {"s3:PutObject in/?.json", "s3:GetObject out/?", "s3:DeleteObject a/?/x", "s3:HeadObject b/?"} == told(found, "Key")


def test_paths_reach_into_parameters(find: Find) -> None:
    found = find("""
        import os, boto3
        client = boto3.client("dynamodb")
        def handle(event, context):
            items = [{"Put": {"TableName": os.environ["A"]}}]
            items += [{"Update": {"TableName": "b"}}]
            client.transact_write_items(TransactItems=items)
            client.batch_get_item(RequestItems={os.environ["C"]: {"Keys": []}})
    """)

    get, write = sorted(found.calls, key=str)
    assert ["${A}"] == [str(each) for each in write.parameters["TransactItems[].Put.TableName"]]
    assert ["b"] == [str(each) for each in write.parameters["TransactItems[].Update.TableName"]]
    assert ["${C}"] == [str(each) for each in get.parameters["keys(RequestItems)"]]


def test_what_was_left_undone_is_what_was_asked_for(find: Find) -> None:
    found = find("""
        import os, boto3
        client = boto3.client("dynamodb")
        def handle(event, context):
            request = {os.environ["A"]: {"Keys": []}}
            while request:
                answer = client.batch_get_item(RequestItems=request)
                request = answer.get("UnprocessedKeys")
    """)

    (call,) = found.calls
    assert ["${A}"] == [str(each) for each in call.parameters["keys(RequestItems)"]]
    assert "RequestItems" not in call.parameters


def test_a_parameter_that_may_be_missing_makes_two_calls(find: Find) -> None:
    found = find("""
        import boto3
        def handle(event, context):
            version = {} if event else {"VersionId": event["v"]}
            boto3.client("s3").get_object(Bucket="b", Key="k", **version)
    """)

    assert [["Bucket", "Key"], ["Bucket", "Key", "VersionId"]] == sorted(sorted(call.parameters) for call in found.calls)


def test_a_part_that_the_standard_library_computes_leaves_the_rest_of_a_text(find: Find) -> None:
    found = find("""
        import boto3, urllib.parse
        def handle(event, context):
            key = "incoming/" + urllib.parse.unquote_plus(event["key"])
            boto3.client("s3").get_object(Bucket="b", Key=key)
    """)

    assert (Joined((Text("incoming/"), UNKNOWN)),) == found.calls[0].parameters["Key"]
