"""Calls that a source hides, deliberately or not: each is found, or said to be undecided where it is hidden."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from paritycheck.policy.calls import find_calls

FOUND = {
    "attrgetter dotted module": """
        import boto3
        import operator
        def handle(event, context):
            operator.attrgetter("session.Session")(boto3)().client("dynamodb").put_item(TableName="t")
    """,
    "TYPE_CHECKING lies": """
        import boto3
        TYPE_CHECKING = True
        if TYPE_CHECKING:
            boto3.client("dynamodb").put_item()
        def handle(event, context): pass
    """,
    "__name__ lies": """
        import boto3
        __name__ = "__main__"
        if __name__ == "__main__":
            boto3.client("dynamodb").put_item()
        def handle(event, context): pass
    """,
    "monkeypatch builtins": """
        import builtins, boto3
        builtins.print = lambda *a: boto3.client("dynamodb").put_item()
        def handle(event, context): print(event)
    """,
    "list.sort key": """
        import boto3
        def handle(event, context):
            a = [1]; a.sort(key=lambda m: boto3.client("dynamodb").put_item())
    """,
    "iter callable sentinel": """
        import boto3
        def handle(event, context):
            for i in iter(lambda: boto3.client("dynamodb").put_item(), None): pass
    """,
    "atexit": """
        import boto3, atexit
        def work(): boto3.client("dynamodb").put_item()
        atexit.register(work)
        def handle(event, context): pass
    """,
    "_get_default_session": """
        import boto3
        def handle(event, context): boto3._get_default_session().client("dynamodb").put_item()
    """,
    "metaclass init": """
        import boto3
        class M(type):
            def __init__(cls, *a): boto3.client("dynamodb").put_item()
        class A(metaclass=M): pass
        def handle(event, context): pass
    """,
    "metaclass getattr": """
        import boto3
        class M(type):
            def __getattr__(cls, n): return boto3.client("dynamodb")
        class A(metaclass=M): pass
        def handle(event, context): A.c.put_item()
    """,
    "__init_subclass__": """
        import boto3
        class B:
            def __init_subclass__(cls): boto3.client("dynamodb").put_item()
        class A(B): pass
        def handle(event, context): pass
    """,
    "__set_name__": """
        import boto3
        class D:
            def __set_name__(self, o, n): boto3.client("dynamodb").put_item()
        class A:
            d = D()
        def handle(event, context): pass
    """,
    "descriptor class access": """
        import boto3
        class D:
            def __get__(self, o, t): return boto3.client("dynamodb")
        class A:
            d = D()
        def handle(event, context): A.d.put_item()
    """,
    "__class_getitem__": """
        import boto3
        class A:
            def __class_getitem__(cls, k): return boto3.client(k)
        def handle(event, context): A["dynamodb"].put_item()
    """,
    "isinstance hook": """
        import boto3
        class M(type):
            def __instancecheck__(cls, i): boto3.client("dynamodb").put_item(); return True
        class A(metaclass=M): pass
        def handle(event, context): return isinstance(1, A)
    """,
    "enum with method": """
        import boto3, enum
        class A(enum.Enum):
            X = "dynamodb"
            def go(self): boto3.client(self.value).put_item()
        def handle(event, context): A.X.go()
    """,
    "enum iterate": """
        import boto3, enum
        class A(enum.Enum):
            X = "dynamodb"
            def go(self): boto3.client("dynamodb").put_item()
        def handle(event, context):
            for a in A: a.go()
    """,
    "annotation": """
        import boto3
        def handle(event, context: boto3.client("dynamodb").put_item()): pass
    """,
    "var annotation": """
        import boto3
        y: boto3.client("dynamodb").put_item() = 1
        def handle(event, context): pass
    """,
    "heapq": """
        import boto3, heapq
        h = []
        heapq.heappush(h, (1, boto3.client("dynamodb")))
        def handle(event, context): heapq.heappop(h)[1].put_item()
    """,
    "sys.stdout replace": """
        import boto3, sys
        class W:
            def write(self, s): boto3.client("dynamodb").put_item()
        sys.stdout = W()
        def handle(event, context): print("a")
    """,
    "sys.excepthook": """
        import boto3, sys
        sys.excepthook = lambda *a: boto3.client("dynamodb").put_item()
        def handle(event, context): raise ValueError
    """,
}

UNDECIDED = {
    "attrgetter boto3": """
        import boto3
        from operator import attrgetter
        def handle(event, context):
            attrgetter("client")(boto3)("dynamodb").put_item(TableName="t")  # here
    """,
    "boto3.__dict__": """
        import boto3
        def handle(event, context):
            boto3.__dict__["client"]("dynamodb").put_item()  # here
    """,
    "sys.modules": """
        import boto3, sys
        def handle(event, context):
            sys.modules["boto3"].client("dynamodb").put_item()  # here
    """,
    "importlib util": """
        import importlib.util as u
        def handle(event, context):
            s = u.find_spec("boto3"); m = u.module_from_spec(s); s.loader.exec_module(m)  # here
            m.client("dynamodb").put_item()
    """,
    "pkgutil": """
        import pkgutil
        def handle(event, context):
            pkgutil.resolve_name("boto3:client")("dynamodb").put_item()  # here
    """,
    "DEFAULT_SESSION": """
        import boto3
        boto3.setup_default_session()
        def handle(event, context): boto3.DEFAULT_SESSION.client("dynamodb").put_item()  # here
    """,
    "subclass Session": """
        import boto3
        class S(boto3.Session):  # here
            def db(self): return self.client("dynamodb")
        def handle(event, context): S().db().put_item()
    """,
    "botocore client creator": """
        import botocore.client
        def handle(event, context): botocore.client.ClientCreator(1,2,3,4,5,6).create_client("dynamodb").put_item()  # here
    """,
    "subprocess aws": """
        import subprocess
        def handle(event, context): subprocess.run(["aws", "dynamodb", "put-item"])  # here
    """,
    "subprocess shell": """
        import subprocess
        def handle(event, context): subprocess.check_output("aws dynamodb put-item", shell=True)  # here
    """,
    "os.system": """
        import os
        def handle(event, context): os.system("aws dynamodb put-item")  # here
    """,
    "os.execvp": """
        import os
        def handle(event, context): os.execvp("aws", ["aws", "dynamodb"])  # here
    """,
    "asyncio subprocess": """
        import asyncio
        async def handle(event, context): await asyncio.create_subprocess_exec("aws", "dynamodb")  # here
    """,
    "requests hand sign": """
        import hmac, hashlib, os, urllib.request
        def handle(event, context):
            k = os.environ["AWS_SECRET_ACCESS_KEY"]  # here
            sig = hmac.new(("AWS4"+k).encode(), b"x", hashlib.sha256).hexdigest()
            urllib.request.urlopen(urllib.request.Request("https://dynamodb.eu-west-1.amazonaws.com", headers={"Authorization": sig}))
    """,
    "requests_aws4auth": """
        import requests
        from requests_aws4auth import AWS4Auth  # here
        def handle(event, context): requests.post("https://dynamodb.eu-west-1.amazonaws.com", auth=AWS4Auth("a","b","c","dynamodb"))
    """,
    "__builtins__": """
        def handle(event, context): __builtins__["exec"]("x")  # here
    """,
    "code.interact": """
        import code
        def handle(event, context): code.InteractiveInterpreter().runcode("import boto3")  # here
    """,
    "timeit": """
        import timeit
        def handle(event, context): timeit.timeit("boto3.client('dynamodb').put_item()", setup="import boto3")  # here
    """,
    "ctypes": """
        import ctypes
        def handle(event, context): ctypes.CDLL("x.so").go()  # here
    """,
    "pickle loads": """
        import pickle
        def handle(event, context): pickle.loads(event["x"])  # here
    """,
    "subclasses": """
        import boto3
        class B: pass
        class A(B):
            def go(self): boto3.client("dynamodb").put_item()
        def handle(event, context):
            for c in B.__subclasses__(): c().go()  # here
    """,
    "inspect frames": """
        import boto3, inspect
        secret = boto3.client("dynamodb")
        def handle(event, context): inspect.currentframe().f_globals["secret"].put_item()  # here
    """,
    "sys._getframe": """
        import boto3, sys
        secret = boto3.client("dynamodb")
        def handle(event, context): sys._getframe().f_globals["secret"].put_item()  # here
    """,
    "__globals__": """
        import boto3
        secret = boto3.client("dynamodb")
        def handle(event, context): handle.__globals__["secret"].put_item()  # here
    """,
    "__closure__": """
        import boto3
        def make():
            c = boto3.client("dynamodb")
            def f(): return c
            return f
        def handle(event, context): make().__closure__[0].cell_contents.put_item()  # here
    """,
    "func.__defaults__": """
        import boto3
        def f(c=boto3.client("dynamodb")): pass
        def handle(event, context): f.__defaults__[0].put_item()  # here
    """,
    "__wrapped__": """
        import boto3, functools
        @functools.lru_cache
        def f(): boto3.client("dynamodb").put_item()
        def handle(event, context): f.__wrapped__()  # here
    """,
    "gc": """
        import boto3, gc
        c = boto3.client("dynamodb")
        def handle(event, context):
            for o in gc.get_objects(): o.put_item()  # here
    """,
    "pandas": """
        import pandas as pd  # here
        def handle(event, context): pd.read_csv("s3://b/k")
    """,
    "dictConfig": """
        import logging.config
        logging.config.dictConfig({"handlers": {"a": {"class": "watchtower.CloudWatchLogHandler"}}})  # here
        def handle(event, context): logging.info("x")
    """,
}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND.keys())
def test_a_hidden_call_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "app.py").write_text(textwrap.dedent(source), encoding="utf-8")

    found = find_calls([tmp_path], "app.handle")

    assert {"dynamodb:PutItem"} == {str(call) for call in found.calls}


@pytest.mark.parametrize("source", UNDECIDED.values(), ids=UNDECIDED.keys())
def test_what_hides_a_call_is_undecided_at_its_line(tmp_path: Path, source: str) -> None:
    (tmp_path / "app.py").write_text(textwrap.dedent(source), encoding="utf-8")

    found = find_calls([tmp_path], "app.handle")

    line = next(number for number, text in enumerate(textwrap.dedent(source).splitlines(), 1) if "# here" in text)
    assert line in {each.location.line for each in found.undecided}


def test_a_module_by_its_relative_name_is_followed(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "hidden.py").write_text('import boto3\nboto3.client("dynamodb").put_item()\n', encoding="utf-8")
    source = 'import importlib\ndef handle(event, context):\n    importlib.import_module(".hidden", package=__package__)\n'
    (package / "app.py").write_text(source, encoding="utf-8")

    found = find_calls([tmp_path], "package.app.handle")

    assert {"dynamodb:PutItem"} == {str(call) for call in found.calls}


def test_a_library_that_only_computes_is_no_doubt(tmp_path: Path) -> None:
    source = "import json\nimport redis\nimport mypy_boto3_s3\ndef handle(event, context):\n    return json.dumps(event)\n"
    (tmp_path / "app.py").write_text(source, encoding="utf-8")

    assert () == find_calls([tmp_path], "app.handle").undecided


def test_what_a_folder_of_the_sources_lacks_is_undecided(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "numbers.py").write_text("LIMIT = 3\n", encoding="utf-8")
    source = "from company import database\nfrom company.numbers import LIMIT\ndef handle(event, context):\n    database.go(LIMIT)\n"
    (tmp_path / "app.py").write_text(source, encoding="utf-8")

    assert [1] == [each.location.line for each in find_calls([tmp_path], "app.handle").undecided]


PLAIN = {
    "boto3 exceptions in backoff": """
        import boto3, backoff
        from botocore.exceptions import ClientError
        from botocore.config import Config
        c = boto3.client("dynamodb", config=Config(retries={"max_attempts": 3}))
        @backoff.on_exception(backoff.expo, ClientError)
        def go(): c.put_item(TableName="t")
        def handle(event, context): go()
    """,
    "client exceptions": """
        import boto3
        c = boto3.client("dynamodb")
        def handle(event, context):
            try: c.put_item(TableName="t")
            except c.exceptions.ConditionalCheckFailedException as err: print(err.response["Error"]["Code"])
    """,
    "powertools full": """
        import boto3
        from aws_lambda_powertools import Logger, Metrics, Tracer
        from aws_lambda_powertools.utilities.typing import LambdaContext
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
        logger, tracer, metrics = Logger(), Tracer(), Metrics()
        t = boto3.resource("dynamodb").Table("t")
        p = BatchProcessor(event_type=EventType.SQS)
        @tracer.capture_method
        def record(r): t.put_item(Item={})
        @metrics.log_metrics
        @tracer.capture_lambda_handler
        @logger.inject_lambda_context
        def handle(event, context): return process_partial_response(event=event, record_handler=record, processor=p, context=context)
    """,
    "xray patch": """
        import boto3
        from aws_xray_sdk.core import patch_all, xray_recorder
        patch_all()
        c = boto3.client("dynamodb")
        def handle(event, context):
            with xray_recorder.in_subsegment("x"): c.put_item(TableName="t")
    """,
    "s3 transfer config": """
        import boto3
        from boto3.s3.transfer import TransferConfig
        def handle(event, context):
            boto3.client("s3").upload_file("a","b","c", Config=TransferConfig(max_concurrency=2))
            boto3.client("dynamodb").put_item(TableName="t")
    """,
    "inspect signature, importlib.metadata, resources": """
        import boto3, inspect
        from importlib import metadata, resources
        def handle(event, context):
            inspect.signature(handle); metadata.version("x"); resources.files("a")
            boto3.client("dynamodb").put_item(TableName="t")
    """,
    "sqlalchemy session": """
        import boto3
        from sqlalchemy.orm import Session, declarative_base
        from sqlalchemy import Column
        Base = declarative_base()
        class A(Base):
            __tablename__ = "a"
            id = Column()
        def handle(event, context):
            with Session() as s: s.add(A())
            boto3.client("dynamodb").put_item(TableName="t")
    """,
    "enum usage": """
        import boto3
        from enum import Enum
        class S(str, Enum):
            A = "dynamodb"
            def label(self): return self.value
        def handle(event, context): boto3.client(S.A.value).put_item(TableName="t")
    """,
}


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN.keys())
def test_what_many_functions_do_is_no_doubt(tmp_path: Path, source: str) -> None:
    (tmp_path / "app.py").write_text(textwrap.dedent(source), encoding="utf-8")

    found = find_calls([tmp_path], "app.handle")

    assert () == found.undecided
    assert "dynamodb:PutItem" in {str(call) for call in found.calls}
