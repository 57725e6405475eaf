"""The files of what the functions call: one that is committed, and one that every run of the tests leaves.

Both have the key `calls`, a list sorted by function, action and resource, of objects with

- `function`: its folder;
- `action`: as IAM names it, `service:Action`;
- `resource`: the Terraform address of what is called, followed by what its ARN goes on with (an API's execution ARN, for an
  API), with an asterisk for what is chosen while the function runs; `*` where the action knows no resources. A database's
  secret, which RDS makes, is `aws_rds_cluster.….master_user_secret`. It is the same in every environment;
- `conditions`: the condition keys, in lower case, on which the role grants the call.

What KMS is asked for is not in them: the services do that, and the plan says which of their resources are encrypted.

`COMMITTED` is what all tests saw together. `SEEN` says under `made_by` how many tests passed and, under `incomplete`, why not all
calls can be in it; and for each call, in how many `tests` it was seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.observation.recorder import ROOT, Observation

COMMITTED = ROOT / "tests" / "assets" / "observed_calls.json"
SEEN = ROOT / "build" / "observed_calls.json"
FORMAT_VERSION = 1


def read_calls(path: Path) -> frozenset[Observation]:
    """Return the calls of a file; none if there is no file."""
    if not path.exists():
        return frozenset()
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["format_version"] == FORMAT_VERSION
    return frozenset(
        Observation(call["function"], call["action"], call["resource"], tuple(call["conditions"])) for call in document["calls"]
    )


def write_calls(path: Path, observed: Iterable[Observation]) -> None:
    """Write calls alone, one a line."""
    _write(path, {}, [_describe(each) for each in sorted(observed)])


def write_seen(path: Path, observed: Mapping[Observation, int], *, tests: int, incomplete: list[str]) -> None:
    """Write calls with the number of tests that saw each, and how they came to be seen."""
    made_by = {"tests": tests, "complete": not incomplete, "incomplete": incomplete}
    _write(path, {"made_by": made_by}, [{**_describe(each), "tests": observed[each]} for each in sorted(observed)])


def difference(known: Iterable[Observation], seen: Iterable[Observation]) -> list[str]:
    """Say what one has and the other has not."""
    known, seen = frozenset(known), frozenset(seen)
    lines = [(each, "is new") for each in seen - known] + [(each, "was not seen") for each in known - seen]
    return [f"{each.function}: {each.action} on {each.resource} {what}" for each, what in sorted(lines)]


def _describe(each: Observation) -> dict[str, Any]:
    return {"function": each.function, "action": each.action, "resource": each.resource, "conditions": list(each.conditions)}


def _write(path: Path, head: Mapping[str, Any], calls: list[dict[str, Any]]) -> None:
    parts = [f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in {"format_version": FORMAT_VERSION, **head}.items()]
    lines = ",\n".join(f"    {json.dumps(call)}" for call in calls)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{\n{"".join(parts)}  "calls": [\n{lines}\n  ]\n}}\n', encoding="utf-8")
