"""Calls that were observed while the functions' tests ran, from a file: what a source does not tell may have been seen.

JSON with `"format_version": 1` and `calls`, a list of objects with `function` (by the name that stands for `{key}` or
`{function_name}`), `action` (as IAM names it) and `resource`: the Terraform address of what was called, followed by what its
ARN goes on with, with an asterisk for what is chosen while the function runs; `*` where the action knows no resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from paritycheck.errors import ConfigError, shown_path
from paritycheck.plan import Resource
from paritycheck.policy.privilege.model import Doubt, Need
from paritycheck.policy.privilege.names import FORMS
from paritycheck.policy.privilege.stack import Stack

FORMAT_VERSION = 1
MAX_BYTES = 16 * 1024**2
"""Size of the largest file that is read."""


class Observed(msgspec.Struct, frozen=True):
    """One call."""

    function: str
    action: str
    resource: str


class _File(msgspec.Struct):
    format_version: int
    calls: list[Observed]


def read_observed(path: Path) -> Mapping[str, list[Observed]]:
    """Return a file's calls by function; raise `ConfigError` where it cannot be read or has another format."""
    shown = shown_path(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the observed calls in {shown}: {error.strerror}", location=path) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{shown} is larger than {MAX_BYTES // 1024**2} MiB", hint="Is it the right file?", location=path)
    try:
        file = msgspec.json.decode(data, type=_File)
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            f"{shown} does not hold observed calls: {error}", hint="See docs/configuration.md for the format.", location=path
        ) from error
    if file.format_version != FORMAT_VERSION:
        raise ConfigError(f"{shown} has format_version {file.format_version}, not {FORMAT_VERSION}", hint="Write it again.", location=path)
    found: dict[str, list[Observed]] = {}
    for call in file.calls:
        found.setdefault(call.function, []).append(call)
    return found


def observed_needs(stack: Stack, calls: Iterable[Observed]) -> Iterator[Need | Doubt]:
    """Yield what observed calls need."""
    for call in calls:
        arn = _arn(stack, call.resource)
        if arn:
            yield Need(call.action, arn, f"{call.action.partition(':')[2]} was observed")
        else:
            reason = f"a call was observed to {call.resource[:200]}, which is not in the plan"
            yield Doubt(reason, actions=frozenset({call.action.lower()}))


def _arn(stack: Stack, text: str) -> str:
    if text == "*" or text.startswith("arn:"):
        return text
    for end in range(len(text), 0, -1):
        resource = stack.resources.get(text[:end])
        if resource:
            return _below(stack, resource, text[end:])
    return ""


def _below(stack: Stack, resource: Resource, rest: str) -> str:
    if rest.startswith(".master_user_secret"):
        return stack.text(resource, "master_user_secret[0].secret_arn")
    arn = stack.text(resource, "execution_arn" if "execution_arn" in FORMS.get(resource.type, {}) else "arn")
    return arn + rest if arn and rest[:1] in {"", "/"} else ""
