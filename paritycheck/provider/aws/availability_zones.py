"""The data sources ``aws_availability_zones`` and ``aws_availability_zone``."""

from __future__ import annotations

from collections.abc import Mapping

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.filters import matches
from paritycheck.provider.aws.regions import abbreviate
from paritycheck.provider.interface import Diagnostic, Object, Refused

_STATES = ("available", "information", "impaired", "unavailable", "constrained")


def read_availability_zones(config: Object, context: AwsContext) -> Object:
    """List the zones of the region, in the order of their names."""
    zones = [zone for zone in _describe_zones(context) if _selects(config, zone)]
    zones = [zone for zone in zones if zone["zone-name"] not in (config["exclude_names"] or ())]
    zones = [zone for zone in zones if zone["zone-id"] not in (config["exclude_zone_ids"] or ())]
    return {
        **config,
        **{name: config[name] or None for name in ("exclude_names", "exclude_zone_ids", "filter", "state")},
        "id": context.region,
        "group_names": sorted({zone["group-name"] for zone in zones}),
        "names": [zone["zone-name"] for zone in zones],
        "zone_ids": [zone["zone-id"] for zone in zones],
    }


def read_availability_zone(config: Object, context: AwsContext) -> Object:
    """Find the one zone that the arguments describe; raise `Refused` where it is not exactly one."""
    zones = [zone for zone in _describe_zones(context) if _selects(config, zone)]
    if len(zones) != 1:
        found = ", ".join(zone["zone-name"] for zone in zones) or "none"
        raise Refused(Diagnostic("Expected one availability zone", f"Found in {context.region}: {found}. Give its name or zone_id."))
    zone = zones[0]
    return {
        **config,
        "filter": config["filter"] or None,
        "id": zone["zone-name"],
        "name": zone["zone-name"],
        "name_suffix": zone["zone-name"].removeprefix(context.region),
        "zone_id": zone["zone-id"],
        "zone_type": zone["zone-type"],
        "group_name": zone["group-name"],
        "network_border_group": context.region,
        "opt_in_status": zone["opt-in-status"],
        "parent_zone_id": "",
        "parent_zone_name": "",
        "region": context.region,
        "state": zone["state"],
    }


def _describe_zones(context: AwsContext) -> list[dict[str, str]]:
    """Describe the region's zones by the names that EC2's filters have."""
    # NOTE: which id stands behind which letter is AWS's choice for each account; here they go in step.
    prefix = abbreviate(context.region)
    return [
        {
            "group-name": context.region,
            "message": "",
            "opt-in-status": "opt-in-not-required",
            "parent-zone-id": "",
            "parent-zone-name": "",
            "region-name": context.region,
            "state": _STATES[0],
            "zone-id": f"{prefix}-az{ord(name[-1]) - ord('a') + 1}",
            "zone-name": name,
            "zone-type": "availability-zone",
        }
        for name in context.availability_zones
    ]


def _selects(config: Object, zone: Mapping[str, str]) -> bool:
    state = config["state"]
    if state and state not in _STATES:
        raise Refused(Diagnostic("Invalid state", f"Expected one of {', '.join(_STATES)}; got {state!r}.", ("state",)))
    wanted = {"state": state, "zone-name": config.get("name"), "zone-id": config.get("zone_id")}
    return matches(zone, config["filter"]) and all(zone[name] == value for name, value in wanted.items() if value)
