"""Nobody but the account itself, whose IAM policies say who, may do everything with a key."""

import re

from _demands import ResourceCheck, Verdict
from _documents import KEYS, allows, in_documents, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import Policy, Principal, Statement

_ACCOUNT = re.compile(r"\d{12}")
_ADMINISTRATION = ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion")


def _administrators(statement: Statement) -> frozenset[Principal]:
    """Return whom a statement makes masters of the key."""
    if not statement.principals or not any(allows(statement, action) for action in _ADMINISTRATION):
        return frozenset()
    return frozenset(statement.principals.values) if not statement.principals.negated else frozenset({Principal("AWS", "*")})


def _belongs_to_one_account(policy: Policy, _: Planned) -> Verdict:
    masters = frozenset().union(*map(_administrators, policy.statements))
    return unless_unknown(policy, holds=len(masters) <= 1 and all(each.kind == "AWS" and _ACCOUNT.fullmatch(each.name) for each in masters))


check = ResourceCheck(
    id="CKV_TAP_15",
    name="Nobody but the account may administer a KMS key",
    guideline=(
        "Allow `kms:*` to the account's root alone. Name the actions that others need, such as `kms:Decrypt`; patterns that include "
        "`kms:PutKeyPolicy` or `kms:ScheduleKeyDeletion` are everything."
    ),
    severity="HIGH",
    category="IAM",
    demands=in_documents(KEYS, _belongs_to_one_account),
)
