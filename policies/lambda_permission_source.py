"""A service calls a function for one source of one account."""

from _demands import ResourceCheck, all_of, attribute, equals, is_set, where
from _documents import says_something

_OF_A_SERVICE = attribute("principal", lambda principal: str(principal).endswith((".amazonaws.com", ".amazonaws.com.cn")))
_OF_ANYBODY = attribute("principal", lambda principal: "*" in str(principal))
_ONE_SOURCE = is_set("source_arn", lambda arn: says_something(str(arn)))

check = ResourceCheck(
    id="CKV_TAP_33",
    slug="lambda-permission-source",
    name="A service may call a function for one source alone",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_lambda_permission": all_of(
            where(_OF_A_SERVICE, _ONE_SOURCE),
            # The ARN of a bucket does not say whose it is.
            where(equals("principal", "s3.amazonaws.com"), is_set("source_account")),
            where(_OF_ANYBODY, is_set("principal_org_id")),
        ),
    },
)
