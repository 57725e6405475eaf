# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Requests that are signed by hand, with botocore's signers."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.flow import SOME, attribute, call_method, set_attribute
from paritycheck.policy.calls.objects import NOTHING, Arguments, Method, Request, Signer, Values
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants

_SIGNED = {"execute-api": "Invoke", "appsync": "GraphQL", "vpc-lattice-svcs": "Invoke"}
"""The one operation of a service that is asked by hand; the others have several."""


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


@call_method.register
def _(signer: Signer, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
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
