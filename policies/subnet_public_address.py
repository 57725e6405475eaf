"""Nothing gets a public address by being in a subnet."""

from _demands import ResourceCheck, is_false

check = ResourceCheck(
    id="CKV_TAP_42",
    name="A subnet gives out no public addresses",
    guideline="Leave `map_public_ip_on_launch` off, and give an elastic IP to what needs one.",
    severity="MEDIUM",
    category="NETWORKING",
    demands={
        "aws_default_subnet": is_false("map_public_ip_on_launch", default=True),
        "aws_subnet": is_false("map_public_ip_on_launch"),
    },
)
