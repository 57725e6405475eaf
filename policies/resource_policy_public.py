"""A resource's own policy says whom it lets in."""

from _demands import ResourceCheck, any_of, attribute, is_set
from _documents import KEYS, RESOURCES, in_documents, is_public, no_grant

check = ResourceCheck(
    id="CKV_TAP_34",
    name="A resource's policy lets nobody in whom it does not name",
    guideline="Name the principals, or add a condition on the organization, the account, the source or the network.",
    severity="CRITICAL",
    category="IAM",
    demands={
        **in_documents({**KEYS, **RESOURCES}, no_grant(is_public)),
        "aws_lambda_layer_version_permission": any_of(
            attribute("principal", lambda principal: principal != "*"), is_set("organization_id")
        ),
    },
)
