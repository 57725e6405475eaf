"""The regions that AWS provider 5.100 knows, and what AWS owns in each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Region:
    """A region and the accounts and hosted zones that AWS itself has there, ``None`` where there is none."""

    description: str
    dns_suffix: str
    opt_in: bool = False
    """Whether an account must ask for the region."""
    elb_account: str | None = None
    """Account that delivers the access logs of load balancers."""
    redshift_account: str | None = None
    cloudtrail_account: str | None = None
    elb_zone: str | None = None
    """Hosted zone of classic and application load balancers."""
    nlb_zone: str | None = None
    """Hosted zone of network load balancers."""


@cache
def load_regions() -> Mapping[str, Region]:
    """Return all regions by name, in the order of their names."""
    text = files("paritycheck.provider").joinpath("data/aws-regions.json").read_text("utf-8")
    return {name: Region(**facts) for name, facts in json.loads(text).items()}


_COMPASS = {"central": "c", "north": "n", "south": "s", "east": "e", "west": "w", "gov": "g"}


def abbreviate(region: str) -> str:
    """Return the short form of a region's name that zone ids begin with: ``use1`` for ``us-east-1``."""
    area, *words = region.split("-")
    for word, letter in _COMPASS.items():
        words = [part.replace(word, letter) for part in words]
    return area + "".join(words)
