"""Policies that are not roles': who takes a role on, who uses a key, a queue, a topic or a bucket, and what passes an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.policy.violations_documents import Breach, Statement, listed

_STRANGER = "arn:aws:iam::999999999999:root"
_SOMEBODY = "arn:aws:iam::123456789012:role/tap-dev-operations"

PUBLIC = ("resource-policy-public",)
SOURCE = ("resource-policy-source",)
TLS = ("s3-bucket-tls-only", "sns-topic-tls-only", "sqs-queue-tls-only")
KEY_OF_BUCKET = ("s3-bucket-only-key",)
TRUST_ONE = ("role-trust-one-service",)
TRUST_SOURCE = ("role-trust-source",)


def _any(_: Statement) -> bool:
    return True


def _allows(statement: Statement) -> bool:
    return bool(statement["Effect"] == "Allow")


def _serves(statement: Statement) -> bool:
    """Whether it lets a service in, under a condition."""
    return _allows(statement) and "Condition" in statement and "Service" in statement["Principal"]


def _demands_tls(statement: Statement) -> bool:
    return statement.get("Sid") == "OnlyWithTls"


def _demands_key(statement: Statement) -> bool:
    return str(statement.get("Sid", "")).startswith("OnlyBuckets")


def _set(**values: Any) -> Callable[[Statement, list[Statement]], None]:
    return lambda statement, _: statement.update(values)


def _lost(key: str) -> Callable[[Statement, list[Statement]], object]:
    return lambda statement, _: statement.pop(key)


def _removed(statement: Statement, statements: list[Statement]) -> None:
    statements.remove(statement)


def _renamed(key: str, other: str) -> Callable[[Statement, list[Statement]], None]:
    return lambda statement, _: statement.update({other: statement.pop(key)})


def _any_value(statement: Statement, _: list[Statement]) -> None:
    """Let every value of the conditions through."""
    tests = {test.replace("Equals", "Like"): dict.fromkeys(each, "*") for test, each in statement["Condition"].items()}
    statement["Condition"] = tests


def _if_exists(statement: Statement, _: list[Statement]) -> None:
    """Let through whoever does not say."""
    statement["Condition"] = {f"{test.removesuffix('IfExists')}IfExists": each for test, each in statement["Condition"].items()}


def _for_all(statement: Statement, _: list[Statement]) -> None:
    """Let through whoever does not say, by a quantifier that holds of nothing at all."""
    statement["Condition"] = {f"ForAllValues:{test}": each for test, each in statement["Condition"].items()}


def _inverted(statement: Statement, _: list[Statement]) -> None:
    """Let through whatever is not meant."""
    statement["Condition"] = {
        test.replace("Equals", "NotEquals").replace("ArnLike", "ArnNotLike"): each for test, each in statement["Condition"].items()
    }


def _without(key: str) -> Callable[[Statement, list[Statement]], None]:
    def change(statement: Statement, _: list[Statement]) -> None:
        kept = {test: {name: value for name, value in each.items() if name != key} for test, each in statement["Condition"].items()}
        statement["Condition"] = {test: each for test, each in kept.items() if each}

    return change


def _to_another(statement: Statement, _: list[Statement]) -> None:
    """Deny it for another resource."""
    statement["Resource"] = [value.replace("tap-dev-", "tap-dev-former-") for value in listed(statement["Resource"])]


def _beside(statement: Statement, _: list[Statement]) -> None:
    """Trust a second service."""
    statement["Principal"] = {"Service": [*listed(statement["Principal"]["Service"]), "ec2.amazonaws.com"]}


def _new(**parts: Any) -> Callable[[Statement, list[Statement]], None]:
    def change(statement: Statement, statements: list[Statement]) -> None:
        statements.append({"Sid": "Added", "Effect": "Allow", "Resource": statement.get("Resource", "*"), **parts})

    return change


def _breaches(kind: str, *rows: tuple[Any, ...]) -> Iterator[Breach]:
    return (Breach(f"{kind}: {family}", kind, *rest) for family, *rest in rows)


_LIMITS = (
    ("condition lost", _lost("Condition")),
    ("condition lets every value through", _any_value),
    ("condition lets through who does not say", _if_exists),
    ("condition holds of nothing at all", _for_all),
    ("condition inverted", _inverted),
)


def _trust(**parts: Any) -> Callable[[Statement, list[Statement]], None]:
    def change(_: Statement, statements: list[Statement]) -> None:
        statements.append({"Sid": "Added", "Effect": "Allow", "Action": "sts:AssumeRole", **parts})

    return change


_FURTHER = {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}


def _whole(statement: Statement) -> str:
    return f"{_action(statement).partition(':')[0]}:*"


def _action(statement: Statement) -> str:
    """Return an action that carries data."""
    return {"s3": "s3:GetObject", "sns": "sns:Publish", "sqs": "sqs:ReceiveMessage"}[str(listed(statement["Action"])[0]).partition(":")[0]]


def _harmless(statement: Statement) -> str:
    """Return an action that carries none."""
    return {"s3": "s3:GetBucketLocation", "sns": "sns:GetTopicAttributes", "sqs": "sqs:GetQueueUrl"}[_action(statement).partition(":")[0]]


def _let_in(**principals: Any) -> Callable[[Statement, list[Statement]], None]:
    return lambda statement, statements: _new(Action=_action(statement), **principals)(statement, statements)


def _let_do_everything(statement: Statement, statements: list[Statement]) -> None:
    _new(Action=_whole(statement), Principal={"AWS": _SOMEBODY})(statement, statements)


TRUST = (
    *_breaches(
        "trust",
        ("everybody", _any, _set(Principal="*", Condition={}), TRUST_ONE),
        ("everybody of AWS", _any, _set(Principal={"AWS": "*"}, Condition={}), TRUST_ONE),
        ("a whole foreign account", _any, _set(Principal={"AWS": _STRANGER}, Condition={}), TRUST_ONE),
        ("everybody beside", _any, _trust(Principal={"AWS": "*"}), TRUST_ONE),
        ("a role beside", _any, _trust(Principal={"AWS": _SOMEBODY}), TRUST_ONE),
        ("a second service", _any, _beside, TRUST_ONE),
        ("another service", _any, _set(Principal={"Service": "ec2.amazonaws.com"}), ("role-trust-user",)),
        ("everybody but one", _any, _renamed("Principal", "NotPrincipal"), ("policy-all-but", *TRUST_ONE)),
        ("every action", _any, _set(Action="sts:*"), ("resource-policy-wildcard-action",)),
    ),
    *_breaches("trust", *((name, _serves, change, TRUST_SOURCE) for name, change in _LIMITS)),
)
"""Ways to break who may take a role on."""

RESOURCE = (
    *_breaches(
        "resource",
        ("TLS no longer demanded", _demands_tls, _removed, TLS),
        ("TLS refused", _demands_tls, _set(Condition={"Bool": {"aws:SecureTransport": "true"}}), TLS),
        ("plain text allowed", _demands_tls, _set(Effect="Allow"), (*TLS, *PUBLIC)),
        ("TLS demanded of one", _demands_tls, _set(Principal={"AWS": _SOMEBODY}), TLS),
        ("TLS demanded for nothing that counts", _demands_tls, lambda each, _: each.update(Action=_harmless(each)), TLS),
        ("TLS demanded for another", _demands_tls, _to_another, TLS),
        ("TLS demanded under a condition", _demands_tls, lambda each, _: each["Condition"].update(_FURTHER), TLS),
        ("another key let in", _demands_key, _removed, KEY_OF_BUCKET),
        ("another key let in for some", _demands_key, _set(Principal={"AWS": _SOMEBODY}), KEY_OF_BUCKET),
        ("another key let in under a condition", _demands_key, lambda each, _: each["Condition"].update(_FURTHER), KEY_OF_BUCKET),
        ("a foreign account let in", _demands_tls, _let_in(Principal={"AWS": _STRANGER}), ("resource-policy-account",)),
        ("everybody let in", _demands_tls, _let_in(Principal="*"), PUBLIC),
        ("everybody of AWS let in", _demands_tls, _let_in(Principal={"AWS": "*"}), PUBLIC),
        ("all but one let in", _demands_tls, _let_in(NotPrincipal={"AWS": _SOMEBODY}), (*PUBLIC, "policy-all-but")),
        ("somebody may do everything", _demands_tls, _let_do_everything, ("resource-policy-wildcard-action",)),
        ("all actions but one", _serves, _renamed("Action", "NotAction"), ("policy-all-but",)),
        ("all actions", _serves, lambda each, _: each.update(Action=_whole(each)), ("resource-policy-wildcard-action",)),
        ("everybody under no condition", _serves, lambda each, _: (each.pop("Condition"), each.update(Principal="*")), PUBLIC),
    ),
    *_breaches("resource", *((name, _serves, change, SOURCE) for name, change in _LIMITS)),
)
"""Ways to break the policies of buckets, queues and topics."""


def _account(statement: Statement) -> bool:
    return statement.get("Sid") == "Account"


_ADMINISTRATION = ("kms-key-administration",)
_ADMINISTER = ["kms:Put*", "kms:ScheduleKeyDeletion"]
_USE = ["kms:Decrypt", "kms:GenerateDataKey"]

KEY = (
    *_breaches(
        "key",
        ("everything to everybody", _account, _set(Principal="*"), (*_ADMINISTRATION, *PUBLIC)),
        ("everything to a role", _account, _new(Principal={"AWS": _SOMEBODY}, Action="kms:*"), _ADMINISTRATION),
        ("everything to a foreign account", _account, _new(Principal={"AWS": _STRANGER}, Action="kms:*"), _ADMINISTRATION),
        ("everything to a service", _serves, _set(Action="kms:*"), _ADMINISTRATION),
        ("administration to a role", _account, _new(Principal={"AWS": _SOMEBODY}, Action=_ADMINISTER), _ADMINISTRATION),
        ("use by everybody", _account, _new(Principal={"AWS": "*"}, Action=_USE), PUBLIC),
        ("use by all but one", _account, _new(NotPrincipal={"AWS": _SOMEBODY}, Action=_USE), (*PUBLIC, "policy-all-but")),
        ("all actions but one", _serves, _renamed("Action", "NotAction"), (*_ADMINISTRATION, "policy-all-but")),
    ),
    *_breaches("key", *((name, _serves, change, SOURCE) for name, change in _LIMITS)),
)
"""Ways to break who may use a key."""

_OWN_ACCOUNT = ("vpc-endpoint-own-account",)

ENDPOINT = (
    *_breaches("endpoint", *((name, _any, change, _OWN_ACCOUNT) for name, change in _LIMITS)),
    *_breaches(
        "endpoint",
        ("callers of any account", _any, _without("aws:PrincipalAccount"), _OWN_ACCOUNT),
        ("resources of any account", _any, _without("aws:ResourceAccount"), _OWN_ACCOUNT),
        ("everything beside", _any, _new(Principal="*", Action="*", Resource="*"), _OWN_ACCOUNT),
    ),
)
"""Ways to break what passes a VPC endpoint."""

OTHERS = (*TRUST, *RESOURCE, *KEY, *ENDPOINT)
"""All of them."""
