"""Random policies and requests, made of so few names that they often meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from paritycheck.policy.iam import Principal, Request

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one"

ACTION_NAMES = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:SendNothing", "sns:Publish")
ACTION_PATTERNS = (*ACTION_NAMES, "sqs:*", "sqs:Send*", "SQS:sendmessage", "sqs:?eceiveMessage", "s?s:*", "*")
RESOURCES = ("*", "arn:aws:sqs:eu:1:a", "arn:aws:sqs:eu:1:ab", "arn:aws:sqs:eu:1:a:b", "arn:aws:sqs:us:1:ann", "arn:aws:sns:eu:1:a")
RESOURCE_PATTERNS = (
    *RESOURCES,
    "arn:aws:sqs:*",
    "arn:aws:sqs:*:1:a*",
    "arn:aws:sqs:e*u:1:?",
    "arn:aws:sqs:eu:1:a?",
    "arn:aws:*:eu:1:a",
    "arn:aws:sqs:us:1:${aws:username}",
    "arn:aws:sqs:us:1:${*}",
    "arn:aws:sqs:*${aws:username}*",
)
PRINCIPALS = (
    Principal("AWS", ROLE),
    Principal("AWS", SESSION),
    Principal("AWS", f"arn:aws:iam::{ACCOUNT}:role/path/other"),
    Principal("AWS", ACCOUNT),
    Principal("Service", "sns.amazonaws.com"),
)
KEYS = ("aws:username", "aws:SourceArn", "aws:SecureTransport", "sqs:Number")
VALUES = ("ann", "a", "true", "false", "10", "arn:aws:sqs:eu:1:a", "arn:aws:sqs:*:1:*", "a*", "${aws:username}")
OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "ArnEquals",
    "ArnLike",
    "ArnNotLike",
    "Bool",
    "NumericLessThan",
)


def some(values: tuple[Any, ...], size: int = 3) -> st.SearchStrategy[Any]:
    """Return one of some values, or a list of them."""
    one = st.sampled_from(values)
    return st.one_of(one, st.lists(one, min_size=1, max_size=size))


def named(key: str, values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Return an element of a statement, most often without its Not."""
    return st.tuples(st.sampled_from((key, key, key, f"Not{key}")), some(values)).map(lambda pair: {pair[0]: pair[1]})


operators = st.one_of(
    st.just("Null"),
    st.builds(
        lambda quantifier, operator, suffix: quantifier + operator + suffix,
        st.sampled_from(("", "", "ForAnyValue:", "ForAllValues:")),
        st.sampled_from(OPERATORS),
        st.sampled_from(("", "", "IfExists")),
    ),
)
conditions = st.dictionaries(operators, st.dictionaries(st.sampled_from(KEYS), some(VALUES), min_size=1, max_size=2), max_size=2)


def _principals() -> st.SearchStrategy[Any]:
    names = {kind: tuple(each.name for each in PRINCIPALS if each.kind == kind) for kind in ("AWS", "Service")}
    kinds = st.one_of(
        *(some((*values, "*") if kind == "AWS" else values).map(lambda value, kind=kind: {kind: value}) for kind, values in names.items())
    )
    return st.one_of(st.just("*"), kinds)


def statements(*, principals: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return statements of roles' policies, or of resources'."""
    who = st.tuples(st.sampled_from(("Principal", "Principal", "NotPrincipal")), _principals()).map(lambda pair: {pair[0]: pair[1]})
    return st.builds(
        lambda effect, actions, resources, condition, principal: {
            "Effect": effect,
            **actions,
            **resources,
            **principal,
            **({"Condition": condition} if condition else {}),
        },
        st.sampled_from(("Allow", "Allow", "Deny")),
        named("Action", ACTION_PATTERNS),
        named("Resource", RESOURCE_PATTERNS),
        st.one_of(st.just({}), st.just({}), conditions),
        who if principals else st.just({}),
    )


def policies(*, principals: bool = False, size: int = 4) -> st.SearchStrategy[dict[str, Any]]:
    """Return policy documents."""
    return st.builds(
        lambda version, found: {"Version": version, "Statement": found},
        st.sampled_from(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17")),
        st.lists(statements(principals=principals), max_size=size),
    )


def unknown_places(document: Any, unknown: Any) -> st.SearchStrategy[Any]:
    """Return a policy in which some statement's element is known only after apply."""

    def replace(choice: tuple[int, int]) -> Any:
        found = document["Statement"]
        if not found:
            return document
        number = choice[0] % len(found)
        keys = [key for key in found[number] if key != "Effect"]
        changed = {**found[number], keys[choice[1] % len(keys)]: unknown}
        return {**document, "Statement": [*found[:number], changed, *found[number + 1 :]]}

    return st.tuples(st.integers(0, 9), st.integers(0, 9)).map(replace)


requests = st.builds(
    Request,
    st.sampled_from(ACTION_NAMES),
    st.sampled_from(RESOURCES),
    st.sampled_from(PRINCIPALS),
    st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES[:7]), min_size=1, max_size=2)),
)
