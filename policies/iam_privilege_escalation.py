"""Nobody can give himself more rights than he has, by what several policies of his allow together.

Each combination was a way to an administrator's rights, as https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation and
https://pathfinding.cloud describe them. To pass or to take on roles that are named, or to change functions that are, is no way.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from _demands import ResourceCheck, Verdict
from _documents import IDENTITY, has_unknown_actions, in_documents, narrows, read, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import ESCALATIONS, Effect, Policy, Statement, text_pattern

Parts = frozenset[tuple[str, bool]]

COMBINATIONS = tuple(frozenset((action.lower(), action in each.anywhere) for action in each.actions) for each in ESCALATIONS)
"""Of each combination its parts: an action, and whether it counts only where it is allowed on any resource at all."""

PARTS = sorted(frozenset().union(*COMBINATIONS))


def _escalates(policy: Policy, planned: Planned) -> Verdict:
    """Judge by all that its owner has of this configuration; a policy that has no part in a combination is not to blame."""
    own, denied = _rights(policy)
    granted = own
    for other in _of_owners(planned):
        others, others_denied = _rights(other)
        granted, denied = granted | others, denied | others_denied
    leads = any(combination <= granted - denied and combination & own for combination in COMBINATIONS)
    return unless_unknown(policy, holds=not leads, hides=has_unknown_actions)


@lru_cache(maxsize=4096)
def _rights(policy: Policy) -> tuple[Parts, Parts]:
    """Return which parts of combinations a policy allows, and which it denies whatever else allows them."""
    allowed = [_about(statement) for statement in policy.statements if statement.effect is Effect.ALLOW]
    denied = [_about(statement) for statement in policy.statements if _denies_altogether(statement)]
    return frozenset().union(*allowed), frozenset().union(*denied)


def _about(statement: Statement) -> Parts:
    """Return the parts of combinations that a statement is about."""
    anywhere = statement.effect is Effect.DENY or _is_anywhere(statement)
    named = {action.lower() for action in statement.actions.values}
    patterns = [text_pattern(action) for action in named if "*" in action or "?" in action]
    return frozenset(
        (action, everywhere)
        for action, everywhere in PARTS
        if (anywhere or not everywhere)
        and (action in named or any(pattern.matches(action) for pattern in patterns)) is not statement.actions.negated
    )


def _denies_altogether(statement: Statement) -> bool:
    if statement.effect is not Effect.DENY:
        return False
    return statement.is_known and not statement.conditions and not statement.resources.negated and statement.resources.values == ("*",)


def _is_anywhere(statement: Statement) -> bool:
    """Whether a statement names no resources: what begins alike is named, what only has a type is not."""
    if any("resourcetag/" in condition.key and narrows(condition) for condition in statement.conditions):
        return False
    names = (re.split("[:/]", value)[-1] for value in statement.resources.values)
    return statement.resources.negated or any(not name.strip("*?") for name in names)


def _of_owners(planned: Planned) -> Iterator[Policy]:
    """Yield all policies of each role, user and group that a policy belongs to."""
    found = (policy for owner in _owners(planned) for policy in _policies(owner))
    return (policy for policy in found if policy is not None)


def _owners(planned: Planned) -> Iterator[Planned]:
    """Yield who has a policy: by a block, by itself, or by an attachment."""
    if planned.type == "aws_iam_role":
        yield planned
    for kind in ("role", "user", "group"):
        attached = (each for each in planned.users(f"aws_iam_{kind}_policy_attachment") if each.means("policy_arn", planned))
        for place in (planned, *attached):
            yield from (owner for owner in place.used(f"aws_iam_{kind}") if place.means(kind, owner))


def _policies(owner: Planned) -> Iterator[Policy | None]:
    kind = owner.type.removeprefix("aws_iam_")
    yield from map(read, owner.values("inline_policy.policy"))
    places = (each for each in owner.users(f"aws_iam_{kind}_policy", f"aws_iam_{kind}_policy_attachment") if each.means(kind, owner))
    for place in places:
        attached = (policy for policy in place.used("aws_iam_policy") if place.means("policy_arn", policy))
        yield from (read(each.value("policy")) for each in (place, *attached))


check = ResourceCheck(
    id="CKV_TAP_29",
    name="No combination of actions leads to more rights",
    guideline="Take one part of the combination away, or name the roles that may be passed.",
    severity="CRITICAL",
    category="IAM",
    demands=in_documents(IDENTITY, _escalates),
)
