"""The security group of what forgets to name one lets nothing through."""

from _demands import ResourceCheck, all_of, attribute, named_by

check = ResourceCheck(
    id="CKV_TAP_41",
    name="The default security group lets nothing through",
    guideline="Adopt the group and leave its rules out: Terraform then removes those that are there.",
    severity="MEDIUM",
    category="NETWORKING",
    demands={
        # AWS makes one with every VPC, that lets everything out, and its members to each other.
        "aws_vpc": named_by(("aws_default_security_group", "vpc_id")),
        "aws_default_security_group": all_of(
            attribute("ingress", lambda rules: not rules),
            attribute("egress", lambda rules: not rules),
        ),
    },
)
