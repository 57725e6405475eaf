"""No security group lets the world in."""

from _demands import ResourceCheck
from _network import is_world, ranges

check = ResourceCheck(
    id="CKV_TAP_39",
    slug="security-group-world",
    name="A security group does not let the world in",
    severity="CRITICAL",
    category="NETWORKING",
    demands=ranges(lambda addresses: not is_world(addresses)),
)
