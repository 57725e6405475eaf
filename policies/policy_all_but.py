"""Nothing is allowed by what it is not: that allows everything that AWS will ever add."""

from _demands import ResourceCheck, all_of
from _documents import IDENTITY, KEYS, RESOURCES, TRUST, document, in_documents, no_grant
from paritycheck_checks.iam import Statement


def _is_inverted(statement: Statement) -> bool:
    return statement.actions.negated or statement.resources.negated or (statement.principals is not None and statement.principals.negated)


_NO_INVERSION = no_grant(_is_inverted, hides=lambda _: False)

check = ResourceCheck(
    id="CKV_TAP_28",
    name="Nothing is allowed with NotAction, NotResource or NotPrincipal",
    guideline="Allow what is needed by name. `NotAction`, `NotResource` and `NotPrincipal` are fine in denials.",
    severity="HIGH",
    category="IAM",
    demands={
        **in_documents({**IDENTITY, **KEYS, **RESOURCES}, _NO_INVERSION),
        "aws_iam_role": all_of(*(document(places["aws_iam_role"], _NO_INVERSION) for places in (IDENTITY, TRUST))),
    },
)
