"""Through an endpoint this account's roles reach this account's resources: it is no way out for data."""

from _demands import ResourceCheck, all_of, any_of, equals, is_set, named_by, where
from _documents import document, narrows, no_grant, says_something
from paritycheck_checks.iam import Condition, Statement

CALLERS = {"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"}
OWNERS = {"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount"}


def _lets_others_through(statement: Statement) -> bool:
    callers = statement.principals is not None and not any(each.is_everybody for each in statement.principals.values)
    owners = not statement.resources.negated and all(map(says_something, statement.resources.values))
    return not (
        (callers or any(each.key in CALLERS and narrows(each) for each in statement.conditions))
        and (owners or any(each.key in OWNERS and _narrows_what_has_an_owner(each) for each in statement.conditions))
    )


def _narrows_what_has_an_owner(condition: Condition) -> bool:
    """`IfExists` is as good here: a request without this key is about nothing that belongs to anybody."""
    return narrows(Condition(condition.operator, condition.key, condition.values, condition.quantifier))


_KEEPS_OTHERS_OUT = document("policy", no_grant(_lets_others_through))

check = ResourceCheck(
    id="CKV_TAP_37",
    name="A VPC endpoint leads from this account to this account",
    guideline=(
        "Limit both who asks (`aws:PrincipalAccount`, `aws:PrincipalOrgID`, or principals by name) and what is asked for "
        "(`aws:ResourceAccount`, `aws:ResourceOrgID`, or resources by name)."
    ),
    severity="MEDIUM",
    category="NETWORKING",
    demands={
        "aws_vpc_endpoint_policy": _KEEPS_OTHERS_OUT,
        # The endpoints of a load balancer know no policies.
        "aws_vpc_endpoint": where(
            equals("vpc_endpoint_type", "Gateway", "Interface", default="Gateway"),
            any_of(all_of(is_set("policy"), _KEEPS_OTHERS_OUT), named_by(("aws_vpc_endpoint_policy", "vpc_endpoint_id"))),
        ),
    },
)
