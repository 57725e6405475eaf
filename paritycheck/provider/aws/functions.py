"""The provider-defined functions of AWS provider 5.100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from paritycheck.provider.aws.arn import Arn, parse_arn
from paritycheck.provider.interface import Function

_PARTS = ("partition", "service", "region", "account_id", "resource")


def trim_iam_role_path(text: str) -> str:
    """Return a role's ARN without the role's path; raise `ValueError` for any other ARN."""
    arn = parse_arn(text)
    if arn.service != "iam":
        raise ValueError(f'the service must be "iam", not {arn.service!r}')
    if arn.region:
        raise ValueError(f"the region must be empty, not {arn.region!r}")
    if not arn.resource.startswith("role/"):
        raise ValueError(f'the resource must begin with "role/", unlike {arn.resource!r}')
    return str(replace(arn, resource="role/" + arn.resource.rpartition("/")[2]))


FUNCTIONS: Mapping[str, Function] = {
    "arn_parse": Function(
        parameters=[("arn", "string")],
        result=["object", dict.fromkeys(_PARTS, "string")],
        call=lambda text: asdict(parse_arn(text)),
    ),
    "arn_build": Function(
        parameters=[(part, "string") for part in _PARTS],
        result="string",
        call=lambda *parts: str(Arn(*parts)),
    ),
    "trim_iam_role_path": Function(parameters=[("arn", "string")], result="string", call=trim_iam_role_path),
}
"""Functions by name, called as ``provider::aws::NAME``."""
