"""What one configuration of the AWS provider stands for: an account, a region, default tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paritycheck.provider.interface import UNKNOWN, Object, Value

ACCOUNT_ID = "123456789012"
"""The account of every offline plan: AWS's own example account."""

DEFAULT_REGION = "us-east-1"

_TAG_VARIABLE = "TF_AWS_DEFAULT_TAGS_"
"""Start of an environment variable's name that gives a default tag; the rest is the tag's key."""

_PARTITIONS = (
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
)
# NOTE: most regions show an account three zones, a to c; these show other letters or more.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
_ZONES = {
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "cn-north-1": "abd",
}


@dataclass(frozen=True, slots=True)
class AwsContext:
    """The account, region and tags behind one provider configuration."""

    region: str = DEFAULT_REGION
    account_id: str = ACCOUNT_ID
    default_tags: Mapping[str, Value] | Value = field(default_factory=dict)
    """Tags for every resource that takes tags; ``UNKNOWN`` as a whole, or for a value, where the configuration is."""
    ignore_tags: frozenset[str] = frozenset()
    """Keys that the provider leaves alone."""
    ignore_tag_prefixes: tuple[str, ...] = ()

    @property
    def partition(self) -> str:
        """Partition of the region, such as ``aws``."""
        return self._partition[0]

    @property
    def dns_suffix(self) -> str:
        """Domain of the partition's endpoints, such as ``amazonaws.com``."""
        return self._partition[1]

    @property
    def caller_arn(self) -> str:
        """ARN of whoever plans."""
        return f"arn:{self.partition}:iam::{self.account_id}:user/paritycheck"

    @property
    def caller_id(self) -> str:
        """Unique id of whoever plans."""
        return "AIDACKCEVSQ6C2EXAMPLE"

    @property
    def availability_zones(self) -> tuple[str, ...]:
        """Names of the region's availability zones, in order."""
        return tuple(self.region + letter for letter in _ZONES.get(self.region, "abc"))

    @property
    def _partition(self) -> tuple[str, str]:
        for prefix, name, suffix in _PARTITIONS:
            if self.region.startswith(prefix):
                return name, suffix
        return "aws", "amazonaws.com"


def read_context(config: Object, environ: Mapping[str, str]) -> AwsContext:
    """Derive the context from a provider block and, where it names no region, from the environment."""
    ignored = _first_block(config, "ignore_tags")
    return AwsContext(
        region=_region(config, environ),
        account_id=_account_id(config),
        default_tags=_default_tags(config, environ),
        ignore_tags=frozenset(_texts(ignored.get("keys"))),
        ignore_tag_prefixes=tuple(_texts(ignored.get("key_prefixes"))),
    )


def _region(config: Object, environ: Mapping[str, str]) -> str:
    region = config.get("region")
    if isinstance(region, str) and region:
        return region
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


def _account_id(config: Object) -> str:
    """An account that the provider block pins down is the account."""
    role = _first_block(config, "assume_role").get("role_arn")
    if isinstance(role, str) and len(parts := role.split(":")) > 5 and parts[4].isdigit():
        return parts[4]
    allowed = _texts(config.get("allowed_account_ids"))
    return allowed[0] if len(allowed) == 1 else ACCOUNT_ID


def _default_tags(config: Object, environ: Mapping[str, str]) -> Mapping[str, Value] | Value:
    """Return the block's tags, which win over those of the environment."""
    if config.get("default_tags") is UNKNOWN:
        return UNKNOWN
    tags = _first_block(config, "default_tags").get("tags")
    ambient = {name.removeprefix(_TAG_VARIABLE): value for name, value in environ.items() if name.startswith(_TAG_VARIABLE)}
    return UNKNOWN if tags is UNKNOWN else ambient | (tags or {})


def _first_block(config: Object, name: str) -> Object:
    blocks = config.get(name)
    return blocks[0] if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict) else {}


def _texts(value: Value) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
