"""A role is for one service, or for somebody in particular."""

import re

from _demands import ResourceCheck, Verdict
from _documents import TRUST, WHO, in_documents, restricts, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import Effect, Policy, Principal, Statement

_WHOLE_ACCOUNT = re.compile(r"\d{12}")


def _is_for_one(policy: Policy, _: Planned) -> Verdict:
    grants = [statement for statement in policy.statements if statement.effect is Effect.ALLOW and statement.principals]
    named = {principal for statement in grants if statement.principals for principal in statement.principals.values}
    kinds = {principal.kind for principal in named}
    one = (kinds != {"Service"} and "Service" not in kinds) or len(named) == 1
    return unless_unknown(policy, holds=one and not any(map(_trusts_anybody, grants)))


def _trusts_anybody(statement: Statement) -> bool:
    """Whether a statement lets everybody in, or everybody of an account, without a condition that says who."""
    assert statement.principals is not None  # noqa: S101 -- the caller's filter
    wide = statement.principals.negated or any(map(_is_wide, statement.principals.values))
    return wide and not restricts(statement, WHO | {"sts:externalid"})


def _is_wide(principal: Principal) -> bool:
    return "*" in principal.name or (principal.kind == "AWS" and _WHOLE_ACCOUNT.fullmatch(principal.name) is not None)


check = ResourceCheck(
    id="CKV_TAP_31",
    slug="role-trust-one-service",
    name="A role trusts one service, or somebody in particular",
    severity="MEDIUM",
    category="IAM",
    demands=in_documents(TRUST, _is_for_one),
)
