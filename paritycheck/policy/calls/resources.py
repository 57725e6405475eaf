# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Resources of boto3, such as tables and buckets, and collections of them: the calls behind their methods."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from paritycheck.policy.calls.aws import TRANSFERS, known_service, request, transfer
from paritycheck.policy.calls.displays import put
from paritycheck.policy.calls.flow import SOME, attribute, call_method, elements
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Arguments,
    Collection,
    Library,
    Method,
    Resource,
    Values,
)
from paritycheck.policy.calls.operations import Action, ResourceKind
from paritycheck.policy.calls.state import Here

Sources = Mapping[str, Sequence[str]]
"""Where the identifiers of another resource come from; see `ResourceKind.references`."""
_INERT = {"get_available_subresources", "meta"}
_LOADING = {"load", "reload"}
_BUCKET_NAME = {"Bucket": "name", "Object": "bucket_name", "ObjectSummary": "bucket_name"}


def kind_of(resource: Resource) -> ResourceKind | None:
    """Return what boto3 knows of a resource's kind."""
    return known_service(resource.client).resources.get(resource.kind)


@attribute.register
def _(resource: Resource, name: str, here: Here, node: ast.AST) -> Values:
    kind = kind_of(resource)
    if kind is None:
        here.undecided(f"boto3 has no resources of {resource.client.service} that are known", node)
        return SOME
    name = kind.aliases.get(name, name)
    if name in kind.identifiers:
        return here.read(resource, name)
    if name in kind.references:
        return _refer(resource, name, kind, here, node)
    if name in kind.collections:
        return frozenset({Collection(resource, name)})
    return frozenset({Method(resource, name)}) if _is_method(resource, kind, name) else _read(resource, name, kind, here, node)


def _read(resource: Resource, name: str, kind: ResourceKind, here: Here, node: ast.AST) -> Values:
    if kind.load is not None:
        # Any other attribute is a part of what describes the resource, which is asked for when it is read.
        _act(resource, kind.load, Arguments(), here, node)
    else:
        here.undecided(f"{name[:80]} of a resource of {resource.client.service} is not known", node)
    return SOME


def _is_method(resource: Resource, kind: ResourceKind, name: str) -> bool:
    return name in kind.actions or name in kind.waiters or name in _INERT or name in _LOADING or _is_added(resource, name)


def _is_added(resource: Resource, name: str) -> bool:
    """Tell whether boto3 adds a method to a resource that its models do not have."""
    service, kind = resource.client.service, resource.kind
    return (service == "s3" and kind in _BUCKET_NAME and name in TRANSFERS) or (service, kind, name) == (
        "dynamodb",
        "Table",
        "batch_writer",
    )


def _refer(resource: Resource, name: str, kind: ResourceKind, here: Here, node: ast.AST) -> Values:
    other, sources = kind.references[name]
    if all(source != "data" for source, _ in sources.values()):
        return frozenset({Method(resource, name)})
    if kind.load is not None:
        _act(resource, kind.load, Arguments(), here, node)
    return make(resource, other, sources, Arguments(), here, node)


def make(resource: Resource, kind: str, sources: Sources, arguments: Arguments, here: Here, node: ast.AST) -> Values:  # noqa: PLR0917
    """Return another resource, with the identifiers that it has from this one and from arguments."""
    made = Resource(resource.client, kind, node, here.sites)
    place = 0
    for identifier, (source, name) in sources.items():
        if source == "input":
            here.write(made, identifier, arguments.at(place, identifier))
            place += 1
        elif source == "identifier":
            here.write(made, identifier, here.read(resource, name))
        else:
            here.write(made, identifier, arguments.named(name) or SOME)
    return frozenset({made})


@attribute.register
def _(method: Method, name: str, here: Here, node: ast.AST) -> Values:
    if name == "client" and method.name == "meta" and isinstance(method.receiver, Resource):
        return frozenset({method.receiver.client})
    return frozenset({method.receiver}) if name == "__self__" else frozenset({Library("botocore.meta")})


@call_method.register
def _(resource: Resource, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    kind = kind_of(resource)
    if kind is None or name in _INERT:
        return SOME
    if name in kind.references:
        other, sources = kind.references[name]
        return make(resource, other, sources, arguments, here, node)
    action = kind.actions.get(name) or kind.waiters.get(name) or (kind.load if name in _LOADING else None)
    if action is not None:
        return _act(resource, action, arguments, here, node)
    return _call_added(resource, name, arguments, here, node)


def _call_added(resource: Resource, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    if name == "batch_writer":
        tables = here.make("mapping", node)
        put(tables, here.read(resource, "name"), SOME, here)
        request(resource.client, "BatchWriteItem", Arguments(keywords={"RequestItems": frozenset({tables})}), here, node)
        return SOME
    if name not in TRANSFERS:
        return SOME
    known = {"Bucket": here.read(resource, _BUCKET_NAME[resource.kind])}
    if resource.kind != "Bucket":
        known["Key"] = here.read(resource, "key")
    return transfer(resource.client, name, arguments, here, node, **known)


def _act(resource: Resource, action: Action, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    named = dict(arguments.keywords)
    for target, identifier in action.identifiers.items():
        named[target] = here.read(resource, identifier)
    answer = request(resource.client, action.operation, Arguments((), named, arguments.more, arguments.others), here, node)
    if action.kind is None or action.sources is None:
        return answer
    made = make(resource, action.kind, action.sources, Arguments(keywords=named), here, node)
    several = here.make("sequence", node)
    here.write(several, ANY, made)
    return made | {several} | answer


@call_method.register
def _(collection: Collection, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    kind = kind_of(collection.resource)
    if kind is None:
        return SOME
    action = kind.collections[collection.name]
    _act(collection.resource, action, arguments if name == "filter" else Arguments(), here, node)
    batch = known_service(collection.resource.client).resources[action.kind or ""].batch.get(name)
    if batch is None:
        return frozenset({collection})
    for each in elements(collection, here, node):
        if isinstance(each, Resource):
            _act(each, batch, arguments, here, node)
    return SOME


@attribute.register
def _(collection: Collection, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Method(collection, name)})


@elements.register
def _(collection: Collection, here: Here, node: ast.AST) -> Values:
    kind = kind_of(collection.resource)
    if kind is None:
        return NOTHING
    action = kind.collections[collection.name]
    if action.kind is None or action.sources is None:
        return SOME
    _act(collection.resource, action, Arguments(), here, node)
    made = make(collection.resource, action.kind, action.sources, Arguments(), here, node)
    return made | {collection}
