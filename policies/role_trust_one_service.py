"""A role is for one service, or for somebody in particular."""

import re

from _demands import ResourceCheck, Verdict
from _documents import TRUST, WHO, in_documents, narrows, restricts, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import Condition, Effect, Policy, Principal, Statement

_WHOLE_ACCOUNT = re.compile(r"\d{12}")


def _is_for_one(policy: Policy, _: Planned) -> Verdict:
    grants = [statement for statement in policy.statements if statement.effect is Effect.ALLOW and statement.principals]
    named = {principal for statement in grants if statement.principals for principal in statement.principals.values}
    kinds = {principal.kind for principal in named}
    one = (kinds != {"Service"} and "Service" not in kinds) or len(named) == 1
    return unless_unknown(policy, holds=one and not any(map(_trusts_anybody, grants)))


def _trusts_anybody(statement: Statement) -> bool:
    """Whether a statement lets everybody in, or everybody of an account or of a provider, without a condition that says who."""
    assert statement.principals is not None  # noqa: S101 -- the caller's filter
    wide = statement.principals.negated or any(map(_is_wide, statement.principals.values))
    unlimited = wide and not restricts(statement, WHO | {"sts:externalid"})
    return unlimited or any(_is_web(each) and not any(map(_says_who, statement.conditions)) for each in statement.principals.values)


def _is_web(principal: Principal) -> bool:
    """Whether somebody is known to a provider of web identities, most of which know all the world."""
    return principal.kind == "Federated" and ":saml-provider/" not in principal.name


def _says_who(condition: Condition) -> bool:
    """Whether a condition is about somebody: a subject, such as `repo:owner/name:*`, or users of one application of Amazon's."""
    if not narrows(condition):
        return False
    if condition.key.endswith(":sub"):
        return all(_is_somebody(value) for value in condition.values)
    return condition.key in _APPLICATIONS


_APPLICATIONS = {"accounts.google.com:aud", "cognito-identity.amazonaws.com:aud", "graph.facebook.com:app_id", "www.amazon.com:app_id"}
"""Who signs in to an application, or has a place in an identity pool, does so with its owner."""


def _is_somebody(subject: str) -> bool:
    """Whether a pattern of subjects says more than a kind of them before its first wildcard."""
    said, wildcard = re.fullmatch(r"([^*?]*)(.?).*", subject, flags=re.DOTALL).groups()  # type: ignore[union-attr]  # it always matches
    return not wildcard or len([part for part in re.split("[:/]", said) if part]) > 1


def _is_wide(principal: Principal) -> bool:
    return "*" in principal.name or (principal.kind == "AWS" and _WHOLE_ACCOUNT.fullmatch(principal.name) is not None)


check = ResourceCheck(
    id="CKV_TAP_31",
    name="A role trusts one service, or somebody in particular",
    guideline=(
        "Make a role for each service. For people and other accounts, name the role that comes, or ask for an external id. For web "
        "identities, set a condition on the subject, such as `repo:owner/name:*`; for an identity pool, on the audience."
    ),
    severity="MEDIUM",
    category="IAM",
    demands=in_documents(TRUST, _is_for_one),
)
