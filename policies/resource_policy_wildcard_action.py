"""A resource's own policy allows no more than some actions."""

from _demands import ResourceCheck
from _documents import RESOURCES, TRUST, has_unknown_actions, in_documents, no_grant
from paritycheck_checks.iam import Statement


def _allows_everything(statement: Statement) -> bool:
    """Whether all of a service's actions are allowed; what begins alike, such as `s3:Get*`, may be."""
    return not statement.actions.negated and any(not action.rpartition(":")[2].strip("*?") for action in statement.actions.values)


check = ResourceCheck(
    id="CKV_TAP_36",
    name="A resource's policy does not allow every action",
    guideline="Name the actions. The policies of KMS keys have a rule of their own, kms-key-administration.",
    severity="HIGH",
    category="IAM",
    demands=in_documents({**RESOURCES, **TRUST}, no_grant(_allows_everything, has_unknown_actions)),
)
