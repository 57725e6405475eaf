"""Which resources a call of a function's code is about: the arguments that name them, as ARNs.

An argument that is the ARN of a fitting resource names it in every service. Else a parameter fills the variable of the ARN's
format that has its name, which is so in most services; `_NAMED` has the others. What the source does not tell is an asterisk
within a name, and no resource at all where it would be the whole name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from paritycheck.policy.calls import Argument, Call, Env, Joined, Text
from paritycheck.policy.iam.knowledge import Action, ResourceType

Resolve = Callable[[Argument], str | None]
"""Gives the text of an argument, an asterisk for unknown parts; `None` where nothing of it is known."""

Facts = Mapping[str, str]
"""`partition`, `region` and `account`."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_VERBS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}
_METHODS = {"PostToConnection": "POST", "GetConnection": "GET", "DeleteConnection": "DELETE"}
_NAMED = {
    "parameternamewithoutleadingslash": ("name", "names"),
    "objectname": ("key",),
    "queuename": ("queueurl", "queuename"),
    "statemachinename": ("statemachinearn",),
    "topicname": ("topicarn", "targetarn", "name"),
}
"""Parameters, in lower case, that fill variables of other names."""
_HEADERS = {
    "s3:x-amz-acl": "ACL",
    "s3:x-amz-server-side-encryption": "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "s3:x-amz-storage-class": "StorageClass",
}
"""Condition keys, and the parameters that set them."""


def argument_text(argument: Argument, environment: Mapping[str, object]) -> str | None:
    """Return what an argument is in a function with an environment."""
    match argument:
        case Text(value):
            return value
        case Env(name):
            found = environment.get(name)
            return found if isinstance(found, str) else None
        case Joined(parts):
            texts = [argument_text(part, environment) for part in parts]
            return None if texts[:1] == [None] else "".join("*" if text is None else text for text in texts)
    return None


def request_context(call: Call, resolve: Resolve) -> Mapping[str, Sequence[str]]:
    """Return the condition keys that a call's own parameters set, as far as they are known; without values, it sets none.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    """
    if call.service != "s3" or "" in call.parameters:
        return {}
    given = {key: [resolve(each) for each in call.parameters.get(name, ())] for key, name in _HEADERS.items()}
    return {key: [text for text in texts if text] for key, texts in given.items() if all(text and "*" not in text for text in texts)}


def called_resources(call: Call, action: Action, resolve: Resolve, facts: Facts) -> frozenset[str] | None:
    """Return the ARNs of what a call does an action to; `None` where the source does not tell all of them."""
    if not action.resource_types:
        return frozenset({"*"})
    finder = _FINDERS.get(action.name.partition(":")[0], _find_by_format)
    found = list(finder(call, action, resolve, facts))
    return None if None in found or not found else frozenset(arn for arn in found if arn)


def _find_by_format(call: Call, action: Action, resolve: Resolve, facts: Facts) -> Iterator[str | None]:
    for kind in action.resource_types:
        yield from _list_arns(call, kind, resolve)
        values = [_list_values(call, variable, kind, resolve) for variable in _VARIABLE.findall(kind.arn) if variable not in _FACTS]
        if len(values) == 1:
            yield from (None if value is None else _fill(kind, value, facts) for value in values[0])


_FACTS = {"Partition": "partition", "Region": "region", "Account": "account"}


def _list_arns(call: Call, kind: ResourceType, resolve: Resolve) -> Iterator[str]:
    for arguments in call.parameters.values():
        for text in map(resolve, arguments):
            if text and text.startswith("arn:") and kind.pattern.matches(text):
                yield text


def _list_values(call: Call, variable: str, kind: ResourceType, resolve: Resolve) -> list[str | None]:
    """Return what parameters say for a variable, leaving out ARNs."""
    wanted = {variable.lower(), f"{kind.name}name".lower(), f"{kind.name}id".lower(), *_NAMED.get(variable.lower(), ())}
    found: list[str | None] = []
    for path, arguments in call.parameters.items():
        if path.rpartition(".")[2].removesuffix("[]").lower() in wanted:
            found += [text for argument in arguments if (text := resolve(argument)) is None or not text.startswith("arn:")]
    return found


def _fill(kind: ResourceType, value: str, facts: Facts) -> str:
    if "://" in value:
        value = value.rpartition("/")[2]
    if kind.name == "Secret":
        value += "-??????"
    return _VARIABLE.sub(lambda match: facts[_FACTS[match[1]]] if match[1] in _FACTS else value.removeprefix("/"), kind.arn)


def _find_tables(call: Call, action: Action, resolve: Resolve, facts: Facts) -> Iterator[str | None]:
    for path, arguments in call.parameters.items():
        *above, last = path.split(".")
        if last != "TableName" and path != "keys(RequestItems)":
            continue
        if len(above) > 1 and _VERBS.get(above[-1], action.name) != action.name:
            continue
        indexes = [resolve(argument) for argument in call.parameters.get(".".join([*above, "IndexName"]), ())]
        for table in map(resolve, arguments):
            if table is None or None in indexes:
                yield None
                continue
            arn = table if table.startswith("arn:") else _arn("dynamodb", f"table/{table}", facts)
            yield from [f"{arn}/index/{index}" for index in indexes] or [arn]


def _find_objects(call: Call, action: Action, resolve: Resolve, facts: Facts) -> Iterator[str | None]:
    on_objects = any(each.name == "object" for each in action.resource_types)
    for path, arguments in call.parameters.items():
        above, _, last = path.rpartition(".")
        if last != "Bucket" or (above == "CopySource") != ("CopySource.Bucket" in call.parameters and action.name.startswith("s3:Get")):
            continue
        keys = [key for name in ("Key", "Name", "Prefix") for key in call.parameters.get(f"{above}.{name}".lstrip("."), ())]
        for bucket in map(resolve, arguments):
            arn = None if bucket is None else bucket if bucket.startswith("arn:") else f"arn:{facts['partition']}:s3:::{bucket}"
            if arn is None or not on_objects:
                yield arn
            else:
                yield from (f"{arn}/{text or '*'}" for text in (map(resolve, keys) if keys else ("*",)))


def _find_requests(call: Call, _action: Action, resolve: Resolve, facts: Facts) -> Iterator[str | None]:
    """Read the addresses that requests are signed for: https://ID.execute-api.REGION.amazonaws.com/STAGE/PATH."""
    urls = call.parameters.get("url") or call.parameters.get("endpoint_url", ())
    methods = [resolve(each) for each in call.parameters.get("method", ())] or [_METHODS.get(call.operation)]
    for url in map(resolve, urls):
        host, path = _split_url(url or "")
        if not host:
            yield None
            continue
        below = path if "url" in call.parameters else f"{path.strip('/')}/@connections/*"
        stage, _, rest = below.strip("/").partition("/")
        yield from (_arn("execute-api", f"{host}/{stage}/{method or '*'}/{rest}", facts) for method in methods)


def _split_url(url: str) -> tuple[str, str]:
    """Return the API's id and the path; what stands for an id that is known only after apply may hold dots."""
    match = re.match(r"(?:https|wss)://(⟦[^⟧]*⟧|[^./]+)\.execute-api\.[^/]*(/[^?#]*)?", url)
    return (match[1], match[2] or "") if match else ("", "")


def _arn(service: str, resource: str, facts: Facts) -> str:
    return f"arn:{facts['partition']}:{service}:{facts['region']}:{facts['account']}:{resource}"


_FINDERS: Mapping[str, Callable[[Call, Action, Resolve, Facts], Iterator[str | None]]] = {
    "dynamodb": _find_tables,
    "execute-api": _find_requests,
    "s3": _find_objects,
}
