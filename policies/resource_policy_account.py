"""A resource's policy lets nobody of another account in; which account is one's own `aws_caller_identity` says."""

import re
from collections.abc import Iterator

from _demands import Demand, ResourceCheck, Verdict
from _documents import KEYS, RESOURCES, in_documents, no_grant
from _planned import Planned
from paritycheck_checks import is_unknown
from paritycheck_checks.iam import Policy, Statement

_KEYS = {"aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "kms:calleraccount"}
"""Condition keys that tell whose somebody is."""

_ACCOUNT = re.compile(r"(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?::.*)?", re.DOTALL | re.ASCII)


def _named(statement: Statement) -> Iterator[str]:
    """Yield the accounts that a statement names."""
    principals = statement.principals.values if statement.principals and not statement.principals.negated else ()
    yield from (match[1] for each in principals if each.kind == "AWS" and (match := _ACCOUNT.fullmatch(each.name)))
    values = (value for condition in statement.conditions if condition.key in _KEYS for value in condition.values)
    yield from (match[1] for value in values if (match := _ACCOUNT.fullmatch(value)))


def _own(planned: Planned) -> set[object]:
    accounts = (identity.value("account_id") for identity in planned.others("data.aws_caller_identity"))
    return {account for account in accounts if account and not is_unknown(account)}


def _stays_within(policy: Policy, planned: Planned) -> Verdict:
    own = _own(planned)
    if not own:
        return Verdict.ABSENT
    return no_grant(lambda statement: not own.issuperset(_named(statement)))(policy, planned)


def _permission_stays_within(planned: Planned) -> Verdict:
    own = _own(planned)
    values = (planned.value(path) for path in ("principal", "source_account", "source_arn"))
    matches = (_ACCOUNT.fullmatch(value) for value in values if isinstance(value, str) and not is_unknown(value))
    if not own:
        return Verdict.ABSENT
    return Verdict.HOLDS if own.issuperset(match[1] for match in matches if match) else Verdict.FAILS


check = ResourceCheck(
    id="CKV_TAP_61",
    name="A resource's policy lets no other account in",
    guideline=(
        "Build ARNs from `data.aws_caller_identity`. Where another account is meant, suppress this with a reason that says whose it is."
    ),
    severity="MEDIUM",
    category="IAM",
    demands={
        **in_documents({**KEYS, **RESOURCES}, _stays_within),
        "aws_lambda_permission": Demand(_permission_stays_within, ("principal", "source_account", "source_arn")),
    },
)
