"""A role, a user or a group is allowed actions by their names."""

from _demands import ResourceCheck
from _documents import IDENTITY, has_unknown_actions, in_documents, no_grant
from paritycheck_checks.iam import Statement


def _has_wildcard(statement: Statement) -> bool:
    return not statement.actions.negated and any("*" in action or "?" in action for action in statement.actions.values)


check = ResourceCheck(
    id="CKV_TAP_26",
    name="Actions are allowed by name",
    guideline="Name every action that the code calls; `paritycheck policy --least-privilege` tells which those are.",
    severity="HIGH",
    category="IAM",
    demands=in_documents(IDENTITY, no_grant(_has_wildcard, has_unknown_actions)),
)
