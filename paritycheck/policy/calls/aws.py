# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Sessions and clients of boto3 and botocore, and requests that are signed by hand: where calls of AWS are found."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.flow import SOME, attribute, call, item, set_attribute
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Answer,
    Arguments,
    Client,
    Credentials,
    Library,
    Method,
    Pages,
    Request,
    Resource,
    Session,
    Signer,
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
_SIGNED = {"execute-api": "Invoke", "appsync": "GraphQL", "vpc-lattice-svcs": "Invoke"}
"""The one operation of a service that is asked by hand; the others have several."""

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


@call.register
def _(method: Method, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    from paritycheck.policy.calls.resources import call_collection, call_resource

    match method.receiver:
        case Session():
            return _call_session(method.name, arguments, here, node)
        case Client() as client:
            return _call_client(client, method.name, arguments, here, node)
        case Pages(client=client, operation=operation):
            return request(client, operation, arguments, here, node)
        case Signer() as signer:
            return _sign(signer, arguments, here, node)
        case Resource() as resource:
            return call_resource(resource, method.name, arguments, here, node)
        case _ as other:
            return call_collection(other, method.name, arguments, here, node)  # type: ignore[arg-type]


def _call_session(name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    if name in {"client", "create_client"}:
        return make_client(arguments, here, node, name)
    if name == "resource":
        return make_resource(arguments, here, node, name)
    return frozenset({Credentials()}) if name == "get_credentials" else SOME


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
        or name in {"get_paginator", "get_waiter", "generate_presigned_url", "generate_presigned_post", "_make_api_call"}
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


def _call_client(client: Client, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    service = known_service(client)
    if name in service.methods:
        return request(client, service.methods[name], arguments, here, node)
    if name in TRANSFERS and client.service == "s3":
        return transfer(client, name, arguments, here, node)
    if (client.service, name) in _TOKENS:
        here.found(*_TOKENS[client.service, name], arguments, node)
        return SOME
    match name:
        case "get_paginator":
            return _prepare(client, "operation_name", service.methods, arguments, here, node)
        case "get_waiter":
            return _prepare(client, "waiter_name", service.waiters, arguments, here, node)
        case "generate_presigned_url" | "_make_api_call":
            return _presign(client, name, arguments, here, node)
        case "generate_presigned_post":
            named = {key: arguments.at(index, key) for index, key in enumerate(("Bucket", "Key"))}
            return request(client, "PutObject", Arguments(keywords=named), here, node)
    return SOME


def _prepare(client: Client, key: str, known: object, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return frozenset(Pages(client, operation) for operation in _choose(client, key, known, arguments, here, node))


def _choose(client: Client, key: str, known: object, arguments: Arguments, here: Here, node: ast.AST) -> list[str]:
    """Return the operations that an argument names, and note it if it names none that is known."""
    names, others = constants(arguments.at(0, key))
    reason = f"an operation of {client.service} is chosen by a name that is not known"
    here.doubt(reason, node, arguments.at(0, key))
    if not isinstance(known, dict) or others or any(name not in known for name in names):
        here.undecided(reason, node)
    return [known[name] for name in names if name in known] if isinstance(known, dict) else []


def _presign(client: Client, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    methods = known_service(client).methods
    by_operation = {operation: operation for operation in methods.values()}
    known = dict(methods) if name == "generate_presigned_url" else by_operation
    key, params = ("ClientMethod", "Params") if name == "generate_presigned_url" else ("operation_name", "api_params")
    named = spread(arguments.at(1, params), here)
    for operation in _choose(client, key, known, arguments, here, node):
        request(client, operation, named, here, node)
    return SOME


def spread(values: Values, here: Here) -> Arguments:
    """Return mappings as keyword arguments."""
    named: dict[str, Values] = {}
    others = NOTHING
    for value in values:
        for name in here.names(value):
            if isinstance(name, str):
                named[name] = named.get(name, NOTHING) | here.read(value, name)
        others |= here.read(value, ANY) | (SOME & {value})
    return Arguments(keywords=named, others=others)


def transfer(client: Client, name: str, arguments: Arguments, here: Here, node: ast.AST, **known: Values) -> Values:
    """Note the calls of one of S3's transfers; `known` are the arguments that a resource gives by itself."""
    operations, names = TRANSFERS[name]
    asked = [each for each in names if each not in known]
    named = {key: arguments.at(index, key) for index, key in enumerate(asked) if key not in {"Filename", "Fileobj", "CopySource"}} | known
    for operation in operations:
        request(client, operation, Arguments(keywords=named), here, node)
    if name == "copy":
        source = spread(arguments.at(0, "CopySource"), here)
        request(client, "GetObject", source, here, node)
    return SOME


@attribute.register
def _(pages: Pages, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Method(pages, name)})


def make_signer(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Answer for botocore's signers, which sign a request for a service."""
    signer = Signer(node, here.sites)
    here.write(signer, "service", arguments.at(1, "service_name"))
    here.doubt("a request is signed for a service whose name is not known", node, arguments.at(1, "service_name"))
    return frozenset({signer})


def make_request(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Answer for botocore's requests."""
    made = Request(node, here.sites)
    for index, key in enumerate(("method", "url")):
        here.write(made, key, arguments.at(index, key))
    return frozenset({made})


@attribute.register
def _(made: Request, name: str, here: Here, node: ast.AST) -> Values:
    return here.read(made, name) | SOME


@set_attribute.register
def _(made: Request, name: object, values: Values, here: Here, node: ast.AST) -> None:
    here.write(made, name, values)


@attribute.register
def _(signer: Signer, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Method(signer, name)})


def _sign(signer: Signer, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    services, others = constants(here.read(signer, "service"))
    if others:
        here.undecided("a request is signed for a service whose name is not known", node)
    made = [value for value in arguments.at(0, "request") if isinstance(value, Request)]
    named = {key: NOTHING.union(*(here.read(value, key) for value in made)) for key in ("method", "url")}
    for service in services:
        if service in _SIGNED:
            here.found(service, _SIGNED[service], Arguments(keywords=named), node)
        else:
            here.undecided(f"a request is signed by hand for {service[:80]}: its operation is not known", node)
    return SOME
