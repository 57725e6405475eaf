"""Recorded cases: a folder with a configuration and the plan that a real provider made of it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.agreement import resources

PLAN_NAMES = ("plan.json", "plan.json.gz", "tfplan.json", "terraform-plan.json", "terraform_plan.json", "plan-output.json")
"""Names of recorded plans; where a folder has none of them, any ``*plan*.json`` will do."""

AWS = "registry.terraform.io/hashicorp/aws"


@dataclass(frozen=True, slots=True)
class Case:
    """A configuration and its recorded plan."""

    directory: Path
    recorded: Mapping[str, Any]
    """The plan JSON as ``terraform show -json`` wrote it."""

    @property
    def variables(self) -> dict[str, Any]:
        """Values of the root module's variables, as they were when the plan was recorded."""
        given = self.recorded.get("variables") or {}
        return {name: entry["value"] for name, entry in given.items() if isinstance(entry, dict) and entry.get("value") is not None}


def find_cases(folder: Path) -> Iterator[Path]:
    """Yield each recorded plan below a folder that stands beside a configuration, in order."""
    for directory in sorted({path.parent for pattern in ("*.tf", "*.tf.json") for path in folder.rglob(pattern)}):
        named = [directory / name for name in PLAN_NAMES if (directory / name).is_file()]
        yield from (named or sorted(directory.glob("*plan*.json")))[:1]


def read_case(plan: Path) -> Case:
    """Read a case; raise `ValueError` where the file holds no plan."""
    text = gzip.decompress(plan.read_bytes()) if plan.suffix == ".gz" else plan.read_bytes()
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    recorded = json.loads(text.decode(encoding))
    match recorded:
        case {"resource_changes": list()}:
            return Case(plan.parent, recorded)
        case {"planned_values": dict()} if "resource_changes" not in recorded:
            return Case(plan.parent, {**recorded, "resource_changes": []})
    raise ValueError("not a plan")


def provider_major(case: Case, attributes: Mapping[str, frozenset[str]]) -> int | None:
    """Return the major version of the AWS provider that recorded a plan, or ``None`` where nothing tells it.

    The lock file says it, else the version that the configuration asks for, else Terraform's own (4 stands for all before
    5), else the attributes do: a plan of provider 5 has those of the 5.100 schema (`attributes`, by resource type) and no
    other, but for the youngest.
    """
    lock = case.directory / ".terraform.lock.hcl"
    if lock.is_file() and (
        found := re.search(rf'"{AWS}"\s*{{\s*version\s*=\s*"(\d+)\.', lock.read_text(encoding="utf-8", errors="replace"))
    ):
        return int(found[1])
    if pinned := re.match(r"(?:~>|=)?\s*(\d+)[.\d]*$", version_constraint(case)):
        return int(pinned[1])
    if str(case.recorded.get("terraform_version", "")).startswith("0."):
        return 4
    seen = known = strange = 0
    for kind, names in recorded_attributes(case.recorded):
        if kind.startswith("aws_"):
            seen += len(names & attributes[kind])
            known += len(attributes[kind])
            strange += len(names - attributes[kind])
            if "region" in names - attributes[kind]:
                return 6
    if not known:
        return None
    return 5 if strange == 0 and seen >= 0.9 * known else 4


def version_constraint(case: Case) -> str:
    """Return what the recorded configuration demands of the AWS provider's version, empty where it demands nothing."""
    providers = (case.recorded.get("configuration") or {}).get("provider_config") or {}
    return str((providers.get("aws") or {}).get("version_constraint") or "")


def recorded_attributes(plan: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the type and the attribute names of each resource of a plan that is not deleted."""
    for entry in plan["resource_changes"]:
        change = entry.get("change") or {}
        if entry.get("mode") == "managed" and isinstance(change.get("after"), dict):
            unknown = change.get("after_unknown")
            yield entry["type"], frozenset(change["after"]) | frozenset(unknown if isinstance(unknown, dict) else ())


def prior_state(case: Case) -> dict[str, Any] | None:
    """Return the state that the plan was recorded against, as a state file, or ``None`` where there was none."""
    prior = case.recorded.get("prior_state") or {}
    grouped: dict[tuple[str, str, str], dict[str, Any]] = {}
    for resource in resources((prior.get("values") or {}).get("root_module") or {}):
        if resource.get("mode") == "managed":
            add_instance(grouped, resource)
    if not grouped:
        return None
    version = case.recorded.get("terraform_version", "1.0.0")
    return {"version": 4, "terraform_version": version, "serial": 1, "lineage": "recorded", "outputs": {}, "resources": [*grouped.values()]}


def add_instance(grouped: dict[tuple[str, str, str], dict[str, Any]], resource: Mapping[str, Any]) -> None:
    """Add a resource instance of a plan's prior state to the resources of a state file."""
    suffix = f"{resource['type']}.{resource['name']}"
    module = resource["address"].rpartition(f".{suffix}")[0] if not resource["address"].startswith(suffix) else ""
    source = resource.get("provider_name", "")
    source = source if "/" in source else f"registry.terraform.io/hashicorp/{source}"
    head = {"module": module} if module else {}
    head |= {"mode": "managed", "type": resource["type"], "name": resource["name"], "provider": f'provider["{source}"]', "instances": []}
    instance = {"schema_version": resource.get("schema_version", 0), "attributes": resource.get("values", {})}
    if "index" in resource:
        instance["index_key"] = resource["index"]
    grouped.setdefault((module, resource["type"], resource["name"]), head)["instances"].append(instance)
