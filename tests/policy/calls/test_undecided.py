"""What cannot be followed is said, with its line; what cannot be read is an error."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from paritycheck.policy.calls import SourceCalls, SourceCodeError, find_calls
from paritycheck.policy.calls.sources import MAX_BYTES


def search(directory: Path, source: str) -> SourceCalls:
    (directory / "app.py").write_text(textwrap.dedent(source), encoding="utf-8")
    return find_calls([directory], "app.handle")


UNDECIDED = {
    "a service from the event": """
        import boto3
        def handle(event, context):
            boto3.client(event["service"]).put_item()  # here
    """,
    "a service that is not known": """
        import boto3
        def handle(event, context):
            boto3.client("nosuchservice").put_item()  # here
    """,
    "a service that is nothing": """
        import boto3
        SERVICE = None
        def handle(event, context):
            boto3.client(SERVICE).put_item()  # here
    """,
    "an operation from the event": """
        import boto3
        client = boto3.client("dynamodb")
        def handle(event, context):
            getattr(client, event["operation"])()  # here
    """,
    "an operation that is not known": """
        import boto3
        client = boto3.client("dynamodb")
        def handle(event, context):
            client.put_everything()  # here
    """,
    "a paginator from the event": """
        import boto3
        client = boto3.client("dynamodb")
        def handle(event, context):
            client.get_paginator(event["x"]).paginate()  # here
    """,
    "a signed address from the event": """
        import boto3
        client = boto3.client("s3")
        def handle(event, context):
            client.generate_presigned_url(event["x"], Params={})  # here
    """,
    "a client that a library gets": """
        import boto3, somelibrary
        def handle(event, context):
            somelibrary.work(boto3.client("s3"))  # here
    """,
    "a session in a list that a library gets": """
        import boto3, somelibrary
        def handle(event, context):
            somelibrary.work([{"session": boto3.Session()}])  # here
    """,
    "a client that something unknown gets": """
        import boto3
        def handle(event, context):
            event["act"](boto3.client("s3"))  # here
    """,
    "a function that gives its client to a library": """
        import boto3, somelibrary
        def handle(event, context):
            somelibrary.work(lambda: boto3.client("s3"))  # here
    """,
    "an operation by name through the standard library": """
        import boto3, operator
        def handle(event, context):
            operator.methodcaller("put_item")(boto3.client("dynamodb"))  # here
    """,
    "code in a text": """
        def handle(event, context):
            exec("import boto3; boto3.client('s3').list_buckets()")  # here
    """,
    "an expression in a text": """
        def handle(event, context):
            eval(event["x"])  # here
    """,
    "a module from the event": """
        import importlib
        def handle(event, context):
            importlib.import_module(event["x"]).run()  # here
    """,
    "a module by __import__": """
        def handle(event, context):
            __import__(event["x"]).run()  # here
    """,
    "boto3 by getattr": """
        import boto3
        def handle(event, context):
            getattr(boto3, event["x"])("s3").list_buckets()  # here
    """,
    "globals": """
        import boto3
        client = boto3.client("s3")
        def handle(event, context):
            globals()["client"].list_buckets()  # here
    """,
    "a dictionary of attributes": """
        import boto3
        class Store:
            pass
        def handle(event, context):
            store = Store()
            store.__dict__["client"] = boto3.client("s3")  # here
            store.client.list_buckets()
    """,
    "credentials of its own": """
        import boto3
        def handle(event, context):
            boto3.client("s3", aws_access_key_id=event["a"], aws_secret_access_key=event["b"]).list_buckets()  # here
    """,
    "a request signed by hand for a service with several operations": """
        import boto3
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        def handle(event, context):
            SigV4Auth(boto3.Session().get_credentials(), "es", "eu-west-1").add_auth(AWSRequest("GET", event["url"]))  # here
    """,
    "a request signed by a library": """
        import boto3
        from requests_aws4auth import AWS4Auth
        def handle(event, context):
            credentials = boto3.Session().get_credentials()
            AWS4Auth(credentials.access_key, credentials.secret_key, "eu-west-1", "es")  # here
    """,
    "an asynchronous client": """
        import aioboto3
        async def go():
            async with aioboto3.Session().client("s3") as s3:  # here
                await s3.list_buckets()
        def handle(event, context):
            return go()
    """,
    "a library that calls AWS by itself": """
        from aws_lambda_powertools.utilities import parameters
        def handle(event, context):
            return parameters.get_secret("x")  # here
    """,
    "a resource that is not known": """
        import boto3
        def handle(event, context):
            boto3.resource("dynamodb").Bucket("x")  # here
    """,
    "an object of which nothing is known": """
        class Store:
            client = None
        def handle(event, context):
            Store().client.put_item(TableName="x")  # here
    """,
    "a class that is made at run time": """
        import boto3
        def handle(event, context):
            type("Store", (), {"put": lambda self: boto3.client("s3").list_buckets()})().put()  # here
    """,
}


@pytest.mark.parametrize("source", UNDECIDED.values(), ids=UNDECIDED.keys())
def test_what_cannot_be_followed_is_undecided_at_its_line(tmp_path: Path, source: str) -> None:
    found = search(tmp_path, source)

    line = next(number for number, text in enumerate(textwrap.dedent(source).splitlines(), 1) if "# here" in text)
    assert line in {each.location.line for each in found.undecided}
    assert all(each.location.file.endswith("app.py") for each in found.undecided)


def test_undecided_code_that_nobody_reaches_is_nothing(tmp_path: Path) -> None:
    found = search(
        tmp_path,
        """
        def unused(x):
            eval(x)
        def handle(event, context):
            return 1
        """,
    )

    assert SourceCalls((), ()) == found


BROKEN = {
    "a syntax error": (b"def handle(:\n", 1),
    "a syntax error further on": (b"x = 1\n\ndef handle(event, context):\n    return (\n", 4),
    "null bytes": (b"def handle(event, context):\n    return '\0'\n", None),
    "bytes that are no UTF-8": (b"x = '\xff\xfe'\ndef handle(event, context): pass\n", None),
    "an encoding that is not known": (b"# -*- coding: nosuch -*-\ndef handle(event, context): pass\n", None),
    "ten thousand parentheses": (b"x = " + b"(" * 10_000 + b")" * 10_000 + b"\n", None),
    "ten thousand additions": (b"x = " + b"1 + " * 10_000 + b"1\ndef handle(event, context): pass\n", None),
    "ten thousand calls": (b"x = f" + b".a()" * 10_000 + b"\ndef handle(event, context): pass\n", None),
    "ten thousand levels of indentation": (b"".join(b" " * n + b"if x:\n" for n in range(10_000)), None),
    "a file that is too large": (b"#" * (MAX_BYTES + 1), None),
    "no handler": (b"def other(): pass\n", None),
    "a handler that is a number": (b"handle = 1\n", None),
}


@pytest.mark.parametrize(("content", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_a_source_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, content: bytes, line: int | None) -> None:
    (tmp_path / "app.py").write_bytes(content)

    with pytest.raises(SourceCodeError) as caught:
        find_calls([tmp_path], "app.handle")

    assert "app.py" in str(caught.value.location)
    if line is not None:
        assert line == caught.value.location.line


def test_a_directory_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    with pytest.raises(SourceCodeError) as caught:
        find_calls([tmp_path / "clerk", tmp_path / "shared"], "app.handler")

    assert "There is no module for the handler 'app.handler' in clerk (no such directory) or shared." == caught.value.message


@pytest.mark.parametrize(
    "entry", ["", "app", "app.", ".handle", "nosuch.handle", "../app.handle", "app..handle", "a b.handle", "app.handle\0"]
)
def test_a_handler_that_is_not_there_is_an_error(tmp_path: Path, entry: str) -> None:
    (tmp_path / "app.py").write_text("def handle(event, context): pass\n", encoding="utf-8")

    with pytest.raises(SourceCodeError):
        find_calls([tmp_path], entry)


def test_a_directory_in_the_place_of_a_source_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "app.py").mkdir()

    with pytest.raises(SourceCodeError):
        find_calls([tmp_path], "app.handle")


def test_nothing_of_a_source_is_run(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    search(
        tmp_path,
        f"""
        import pathlib
        pathlib.Path({str(witness)!r}).write_text("run")
        def handle(event, context): pass
        """,
    )

    assert not witness.exists()


RECURSION = {
    "functions": "def handle(event, context):\n    return handle(event, context)\n",
    "partials": (
        "import functools\nf = print\nfor _ in range(3):\n    f = functools.partial(f, f)\ndef handle(event, context):\n    f()\n"
    ),
    "instances": (
        "class A:\n    def __init__(self):\n        self.a = A()\n    def __call__(self):\n"
        "        return self()\ndef handle(event, context):\n    A()()\n"
    ),
    "containers": (
        "a = []\na.append(a)\nb = {'b': a}\nb['c'] = b\ndef handle(event, context):\n    print(a, b, *a, **b)\n    return sorted(a)\n"
    ),
    "closures": "def f(g):\n    return f(lambda: g)\ndef handle(event, context):\n    f(handle)\n",
    "classes": "class A(A): pass\nclass B(B): pass\ndef handle(event, context):\n    A().x\n    super(A, B()).y()\n",
    "texts": "s = ''\nwhile True:\n    s = s + f'{s}x' + '%s' % s\ndef handle(event, context):\n    return s\n",
    "generators": "def g():\n    yield g()\n    yield from g()\ndef handle(event, context):\n    for x in g():\n        x.send(x)\n",
    "imports": (
        "from app import *\nimport app\nfrom app import handle as again\ndef handle(event, context):\n    app.again(event, context)\n"
    ),
    "libraries": "import x\nq = x.Q()\nq.put(q)\nq.a = x.f(q, q.get)\ndef handle(event, context):\n    q.on(lambda y: q(y)(q))\n",
}


@pytest.mark.parametrize("source", RECURSION.values(), ids=RECURSION.keys())
def test_a_source_that_refers_to_itself_comes_to_an_end(tmp_path: Path, source: str) -> None:
    assert () == search(tmp_path, source).calls


def test_texts_of_a_source_reach_a_reason_shortened(tmp_path: Path) -> None:
    found = search(tmp_path, f"import boto3\ndef handle(event, context):\n    boto3.client({'x' * 10_000!r})\n")

    (undecided,) = found.undecided
    assert len(undecided.reason) < 200
