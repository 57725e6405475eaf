# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Sessions and clients of boto3 and botocore, and requests that are signed by hand: where calls of AWS are found."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from paritycheck.policy.calls.flow import SOME, attribute, call, call_method, item
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Answer,
    Arguments,
    Client,
    Container,
    Credentials,
    Library,
    Method,
    Pages,
    Resource,
    Session,
    Values,
)
from paritycheck.policy.calls.operations import Service, find_service
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants

_ENDPOINT = "endpoint_url"
_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")

# https://docs.aws.amazon.com/service-authorization/latest/reference/ has no API operations for these: they are signed only.
_TOKENS = {
    ("rds", "generate_db_auth_token"): ("rds-db", "connect"),
    ("dsql", "generate_db_connect_auth_token"): ("dsql", "DbConnect"),
    ("dsql", "generate_db_connect_admin_auth_token"): ("dsql", "DbConnectAdmin"),
}
_UPLOADS = ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
# https://docs.aws.amazon.com/boto3/latest/reference/customizations/s3.html: what is large goes in parts.
TRANSFERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "upload_file": (_UPLOADS, ("Filename", "Bucket", "Key")),
    "upload_fileobj": (_UPLOADS, ("Fileobj", "Bucket", "Key")),
    "download_file": (("HeadObject", "GetObject"), ("Bucket", "Key", "Filename")),
    "download_fileobj": (("HeadObject", "GetObject"), ("Bucket", "Key", "Fileobj")),
    "copy": (
        ("HeadObject", "CopyObject", "CreateMultipartUpload", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload"),
        ("CopySource", "Bucket", "Key"),
    ),
}
"""Methods of S3's client that make several calls, and the names of their arguments."""
_INERT = {"can_paginate", "close", "waiter_names"}


def make_session(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Answer for what makes a session."""
    return SOME if _has_own_keys(arguments, here, node) else frozenset({Session()})


def make_client(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Answer for `boto3.client` and methods like it."""
    names, others = constants(arguments.at(0, "service_name"))
    here.doubt("a client is made for a service whose name is not known", node, arguments.at(0, "service_name"))
    if _has_own_keys(arguments, here, node):
        return SOME
    if others:
        here.undecided("a client is made for a service whose name is not known", node)
    clients = NOTHING
    for service in names:
        if find_service(service) is None:
            here.undecided(f"a client is made for a service that is not known: {service[:80]!r}", node)
            continue
        client = Client(service, node, here.sites)
        here.write(client, _ENDPOINT, arguments.named(_ENDPOINT) | arguments.more)
        clients |= {client}
    return clients | (SOME if others else NOTHING)


def make_resource(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Answer for `boto3.resource` and methods like it."""
    clients = make_client(arguments, here, node, name)
    resources = NOTHING
    for client in clients:
        if isinstance(client, Client):
            resources |= {Resource(client, "", node, here.sites)}
    return resources | (clients & SOME)


def _has_own_keys(arguments: Arguments, here: Here, node: ast.AST) -> bool:
    if any(arguments.keywords.get(key) for key in _KEYS):
        here.undecided("a client or session has credentials of its own, which are not the function's role's", node)
        return True
    return False


@attribute.register
def _(session: Session, name: str, here: Here, node: ast.AST) -> Values:
    return NOTHING if name.startswith("_") else frozenset({Method(session, name)})


@attribute.register
def _(credentials: Credentials, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({credentials})


@call.register
def _(credentials: Credentials, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return frozenset({credentials})


@item.register
def _(credentials: Credentials, keys: Values, here: Here, node: ast.AST) -> Values:
    return frozenset({credentials})


@call_method.register
def _(session: Session, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    if name in {"client", "create_client"}:
        return make_client(arguments, here, node, name)
    if name == "resource":
        return make_resource(arguments, here, node, name)
    return frozenset({Credentials()}) if name == "get_credentials" else SOME


@call_method.register
def _(pages: Pages, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return request(pages.client, pages.operation, arguments, here, node)


def known_service(client: Client) -> Service:
    """Return what is known of a client's service: it was made because something is."""
    service = find_service(client.service)
    if service is None:
        raise ValueError(client.service)
    return service


@attribute.register
def _(client: Client, name: str, here: Here, node: ast.AST) -> Values:
    if name in {"exceptions", "meta"}:
        return frozenset({Library(f"botocore.{name}")})
    known = (
        name in known_service(client).methods
        or name in _INERT
        or name in _SPECIAL
        or (client.service == "s3" and name in TRANSFERS)
        or (client.service, name) in _TOKENS
    )
    return frozenset({Method(client, name)}) if known else NOTHING


def request(client: Client, operation: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Note a call by a client, and return its answer."""
    endpoint = here.read(client, _ENDPOINT)
    keywords = {**arguments.keywords, **({_ENDPOINT: endpoint} if endpoint else {})}
    here.found(client.service, operation, Arguments((), keywords, arguments.more, arguments.others), node)
    answer = Answer(node, here.sites)
    for name, values in arguments.keywords.items():
        here.write(answer, name, values)
    return frozenset({answer})


@call_method.register
def _(client: Client, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    methods = known_service(client).methods
    if name in methods:
        return request(client, methods[name], arguments, here, node)
    if name in TRANSFERS and client.service == "s3":
        return transfer(client, name, arguments, here, node)
    if (client.service, name) in _TOKENS:
        here.found(*_TOKENS[client.service, name], arguments, node)
        return SOME
    return _SPECIAL[name](client, arguments, here, node) if name in _SPECIAL else SOME


def _get_paginator(client: Client, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    operations = _choose(client, arguments.at(0, "operation_name"), known_service(client).methods, here, node)
    return frozenset(Pages(client, operation) for operation in operations)


def _get_waiter(client: Client, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    operations = _choose(client, arguments.at(0, "waiter_name"), known_service(client).waiters, here, node)
    return frozenset(Pages(client, operation) for operation in operations)


def _sign_url(client: Client, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    for operation in _choose(client, arguments.at(0, "ClientMethod"), known_service(client).methods, here, node):
        request(client, operation, _spread(arguments.at(1, "Params"), here), here, node)
    return SOME


def _sign_post(client: Client, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    named = {key: arguments.at(index, key) for index, key in enumerate(("Bucket", "Key"))}
    request(client, "PutObject", Arguments(keywords=named), here, node)
    return SOME


def _call_by_name(client: Client, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    operations = {operation: operation for operation in known_service(client).methods.values()}
    for operation in _choose(client, arguments.at(0, "operation_name"), operations, here, node):
        request(client, operation, _spread(arguments.at(1, "api_params"), here), here, node)
    return SOME


_SPECIAL = {
    "get_paginator": _get_paginator,
    "get_waiter": _get_waiter,
    "generate_presigned_url": _sign_url,
    "generate_presigned_post": _sign_post,
    "_make_api_call": _call_by_name,
}


def _choose(client: Client, names: Values, known: Mapping[str, str], here: Here, node: ast.AST) -> list[str]:
    """Return the operations that an argument names, and note it if it may name one that is not known."""
    texts, others = constants(names)
    if others or not texts or any(text not in known for text in texts):
        here.undecided(f"an operation of {client.service} is chosen by a name that is not known", node)
    return [known[text] for text in texts if text in known]


def _spread(values: Values, here: Here) -> Arguments:
    """Return mappings as keyword arguments."""
    named: dict[str, Values] = {}
    others = NOTHING
    for value in values:
        for name in here.names(value):
            if isinstance(name, str):
                named[name] = named.get(name, NOTHING) | here.read(value, name)
        others |= here.read(value, ANY) if isinstance(value, Container) else SOME
    return Arguments(keywords=named, others=others)


def transfer(client: Client, name: str, arguments: Arguments, here: Here, node: ast.AST, **known: Values) -> Values:
    """Note the calls of one of S3's transfers; `known` are the arguments that a resource gives by itself."""
    operations, names = TRANSFERS[name]
    asked = [each for each in names if each not in known]
    named = {key: arguments.at(index, key) for index, key in enumerate(asked) if key not in {"Filename", "Fileobj", "CopySource"}} | known
    for operation in operations:
        request(client, operation, Arguments(keywords=named), here, node)
    if name == "copy":
        source = _spread(arguments.at(0, "CopySource"), here)
        request(client, "GetObject", source, here, node)
    return SOME


@attribute.register
def _(pages: Pages, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Method(pages, name)})
