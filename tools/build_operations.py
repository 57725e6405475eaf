"""Build the list of AWS operations that the package ships, from botocore's and boto3's own models.

    python tools/build_operations.py [paritycheck/policy/data/operations.json.xz]

The output is one JSON object, compressed by LZMA: for every service of boto3 its operations, its methods whose names are
not those of their operations in snake case, the operations behind its waiters, and what `boto3.resource` makes of it. How
its parts are read is said in paritycheck/policy/calls/operations.py.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from paritycheck.policy.calls.operations import snake_case

OUTPUT = Path("paritycheck/policy/data/operations.json.xz")


def describe_services() -> dict[str, Any]:
    """Return what is known of every service, by its name in boto3."""
    loader = botocore.session.get_session().get_component("data_loader")
    loader.search_paths.append(str(Path(boto3.__file__).with_name("data")))
    described = {}
    for service in sorted(loader.list_available_services("service-2")):
        operations = sorted(loader.load_service_model(service, "service-2")["operations"])
        described[service] = {
            "operations": operations,
            "irregular": {xform_name(name): name for name in operations if xform_name(name) != snake_case(name)},
            "waiters": {
                xform_name(name): waiter["operation"] for name, waiter in _load(loader, service, "waiters-2").get("waiters", {}).items()
            },
            "resources": _describe_resources(_load(loader, service, "resources-1")),
        }
    return {service: {name: part for name, part in parts.items() if part or name == "operations"} for service, parts in described.items()}


def _load(loader: Any, service: str, kind: str) -> Mapping[str, Any]:
    try:
        return dict(loader.load_service_model(service, kind))
    except UnknownServiceError:
        return {}
    except botocore.exceptions.DataNotFoundError:
        return {}


def _describe_resources(model: Mapping[str, Any]) -> dict[str, Any]:
    if not model:
        return {}
    kinds = {name: _describe_kind(kind) for name, kind in sorted(model["resources"].items())}
    service = _describe_kind(model["service"])
    # The service makes resources of every kind from their identifiers, whether its model says so or not.
    named = {kind for kind, _ in service.get("has", {}).values()}
    made = {name: [name, {key: ["input", ""] for key in kind["identifiers"]}] for name, kind in kinds.items() if name not in named}
    return {"": {**service, "has": {**made, **service.get("has", {})}}, **kinds}


def _describe_kind(kind: Mapping[str, Any]) -> dict[str, Any]:
    identifiers = kind.get("identifiers", [])
    parts = {
        "identifiers": [xform_name(each["name"]) for each in identifiers],
        "aliases": {xform_name(each["memberName"]): xform_name(each["name"]) for each in identifiers if "memberName" in each},
        "load": _describe_action(kind["load"]) if "load" in kind else None,
        "actions": {xform_name(name): _describe_action(action) for name, action in kind.get("actions", {}).items()},
        "batch": {xform_name(name): _describe_action(action) for name, action in kind.get("batchActions", {}).items()},
        "collections": {xform_name(name): _describe_action(action) for name, action in kind.get("hasMany", {}).items()},
        "waiters": {
            "wait_until_" + xform_name(name): [xform_name(waiter["waiterName"]), _describe_params(waiter)]
            for name, waiter in kind.get("waiters", {}).items()
        },
        "has": {},
    }
    for name, reference in kind.get("has", {}).items():
        sources = reference["resource"].get("identifiers", [])
        # What needs nothing of an answer is a method that makes the resource; the others are attributes.
        called = all(each["source"] != "data" for each in sources)
        parts["has"][name if called else xform_name(name)] = [reference["resource"]["type"], _describe_sources(sources)]
    return {name: part for name, part in parts.items() if part}


def _describe_action(action: Mapping[str, Any]) -> list[Any]:
    request, resource = action["request"], action.get("resource")
    described: list[Any] = [request["operation"], _describe_params(request)]
    return described if resource is None else [*described, resource["type"], _describe_sources(resource.get("identifiers", []))]


def _describe_params(request: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return where the parameters of a request come from that are no data of the resource."""
    return {
        each["target"].replace("[*]", "[]").replace("[0]", "[]"): [each["source"], xform_name(each["name"])]
        for each in request.get("params", [])
        if each["source"] == "identifier"
    }


def _describe_sources(identifiers: list[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return where the identifiers of another resource come from: this one's, an argument, a parameter, or elsewhere."""
    described = {}
    for each in identifiers:
        source = each["source"]
        name = xform_name(each["name"]) if source == "identifier" else each.get("path", "") if source == "requestParameter" else ""
        described[xform_name(each["target"])] = [source, name]
    return described


def main() -> None:
    """Read the command line and write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, nargs="?", default=OUTPUT)
    text = json.dumps(describe_services(), separators=(",", ":"), sort_keys=True)
    parser.parse_args().output.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
