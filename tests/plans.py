"""Plan documents for tests, small or huge, as `terraform show -json` writes them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from paritycheck.allowlist import AllowRule, ProtectRule
from paritycheck.config import Config, Normalize
from paritycheck.findings import Finding, Report
from paritycheck.parity import check
from paritycheck.plan import Plan, read_plan, static_address

ENVIRONMENTS = ("dev", "staging", "prod")
TODAY = date(2025, 6, 1)
AWS = "registry.terraform.io/hashicorp/aws"


def resource(address: str, after: Any = None, **change: Any) -> dict[str, Any]:
    """Build one entry of `resource_changes`; keyword arguments go into its `change`, but for `provider`."""
    provider = change.pop("provider", AWS)
    key = re.search(r'\[("[^"]*"|\d+)\]$', address)
    *module, type_name, name = static_address(address).removeprefix("data.").split(".")
    entry: dict[str, Any] = {
        "address": address,
        "mode": "data" if address.startswith("data.") or ".data." in address else "managed",
        "type": type_name,
        "name": name,
        "provider_name": provider,
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {} if after is None else after,
            "after_unknown": {},
            "before_sensitive": False,
            "after_sensitive": {},
            **change,
        },
    }
    if key:
        entry["index"] = json.loads(key[1])
    if module:
        entry["module_address"] = ".".join(part for part in module if part != "data")
    return entry


def configured(address: str, **expressions: Any) -> dict[str, Any]:
    """Build one entry of the configuration's resources; a tuple stands for references, anything else for a constant."""
    wrapped = {
        name: {"references": list(value)} if isinstance(value, tuple) else {"constant_value": value} for name, value in expressions.items()
    }
    type_name, name = address.removeprefix("data.").split(".")
    mode = "data" if address.startswith("data.") else "managed"
    return {"address": address, "mode": mode, "type": type_name, "name": name, "expressions": wrapped}


def document(
    *resources: dict[str, Any],
    variables: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    configuration: Sequence[dict[str, Any]] | None = None,
    sensitive: Sequence[str] = (),
    **parts: Any,
) -> dict[str, Any]:
    """Build a whole plan; `outputs` are values or changes, `configuration` lists blocks, `sensitive` names variables."""
    result: dict[str, Any] = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {name: {"value": value} for name, value in (variables or {}).items()},
        "planned_values": {"root_module": {}},
        "resource_changes": list(resources),
        "output_changes": {name: output(value) for name, value in (outputs or {}).items()},
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    if configuration is not None or sensitive:
        declared = {name: {"sensitive": True} if name in sensitive else {} for name in variables or {}}
        result["configuration"] = {"root_module": {"resources": list(configuration or ()), "variables": declared}}
    return {**result, **parts}


def output(value: Any) -> dict[str, Any]:
    """Build one entry of `output_changes`."""
    if isinstance(value, dict) and "actions" in value:
        return value
    return {"actions": ["create"], "before": None, "after": value, "after_unknown": False, "after_sensitive": False}


def dump(parts: Mapping[str, Any]) -> bytes:
    """Write a document as Terraform does."""
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()


def plan(parts: Mapping[str, Any] | bytes, environment: str = "dev") -> Plan:
    """Read a document as an environment's plan."""
    text = parts if isinstance(parts, bytes) else dump(parts)
    return read_plan(text, environment=environment, engine="files", origin=f"{environment}.json")


def plans(build: Callable[[str], Mapping[str, Any] | bytes], environments: Sequence[str] = ENVIRONMENTS) -> list[Plan]:
    """Read one plan an environment, from a function of its name."""
    return [plan(build(environment), environment) for environment in environments]


def config(allow: Sequence[AllowRule] = (), protect: Sequence[ProtectRule] = (), normalize: Normalize | None = None) -> Config:
    """Build a configuration that has rules and nothing else."""
    return Config(Path("parity.yaml"), "files", (), normalize=normalize or Normalize(), allow=tuple(allow), protect=tuple(protect))


def allow(resources: str = "*", attributes: str = "*", **options: Any) -> AllowRule:
    """Build an allow rule of one pattern each."""
    return AllowRule(options.pop("id", "rule"), (resources,), (attributes,), options.pop("reason", "a reason"), **options)


def protect(resources: str = "*", attributes: str = "*", **options: Any) -> ProtectRule:
    """Build a protect rule of one pattern each."""
    return ProtectRule(options.pop("id", "protection"), (resources,), (attributes,), options.pop("reason", "a reason"), **options)


def report(
    build: Callable[[str], Mapping[str, Any] | bytes], *rules: AllowRule | ProtectRule, normalize: Normalize | None = None, **options: Any
) -> Report:
    """Check the plans that a function builds, by some rules."""
    chosen = config(
        [rule for rule in rules if isinstance(rule, AllowRule)], [rule for rule in rules if isinstance(rule, ProtectRule)], normalize
    )
    return check(plans(build, options.pop("environments", ENVIRONMENTS)), chosen, today=options.pop("today", TODAY), **options)


def values(build: Callable[[str], Any], **options: Any) -> Report:
    """Check plans of one resource whose attribute `value` a function gives, by `rules`."""
    rules = options.pop("rules", ())
    return report(lambda environment: document(resource("aws_x.y", {"value": build(environment)})), *rules, **options)


def brief(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Name findings by rule, address and path."""
    return [(finding.rule, finding.address, finding.path) for finding in findings]


def by_environment(**found: Any) -> Callable[[str], Any]:
    """Return a function that looks an environment's value up."""
    return lambda environment: copy.deepcopy(found[environment])


def huge(environment: str, count: int, drift: int = 100) -> bytes:
    """Build a plan of many queues, every name of which holds the environment; one in `drift` really differs."""
    return dump(
        document(*(_queue(environment, number, drifting=number % drift == 0) for number in range(count)), variables={"env": environment})
    )


def _queue(environment: str, number: int, *, drifting: bool) -> dict[str, Any]:
    name = f"tap-{environment}-queue-{number}"
    after = {
        "name": name,
        "delay_seconds": ENVIRONMENTS.index(environment) if drifting else 0,
        "fifo_queue": False,
        "kms_master_key_id": None,
        "policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:::{name}"}]}),
        "tags": {"Name": name, "Environment": environment},
    }
    return resource(f"aws_sqs_queue.q{number}", after, after_unknown={"id": True, "arn": True, "tags": {}}, after_sensitive={"tags": {}})
