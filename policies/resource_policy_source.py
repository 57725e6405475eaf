"""A service uses a resource on behalf of this account alone."""

from _demands import ResourceCheck
from _documents import KEYS, RESOURCES, SOURCE, in_documents, narrows, no_grant, restricts, services
from paritycheck_checks.iam import Statement


def _serves_any_source(statement: Statement) -> bool:
    return bool(services(statement)) and not restricts(statement, SOURCE | {"kms:calleraccount"}) and not _is_for_one_use(statement)


def _is_for_one_use(statement: Statement) -> bool:
    """Whether a key may be used for certain things alone: what its encryption context names."""
    return any(condition.key.startswith("kms:encryptioncontext:") and narrows(condition) for condition in statement.conditions)


check = ResourceCheck(
    id="CKV_TAP_35",
    name="A service uses a resource for this account alone",
    guideline="Add a condition on `aws:SourceArn` or `aws:SourceAccount`; of a key, its encryption context says it as well.",
    severity="HIGH",
    category="IAM",
    demands=in_documents({**KEYS, **RESOURCES}, no_grant(_serves_any_source)),
)
