"""Harmful changes of whole resources, and of what the plans say of the configuration, outputs, data sources and versions."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from paritycheck.compare.paths import Steps, render
from tests.drift import Document, Documents, Mutant, Stack, find, lookup

# Whole objects -------------------------------------------------------------------------------------------------------


def some_changes(stack: Stack, count: int) -> Iterator[tuple[str, Document]]:
    """Draw resources and data sources, each of another type until there are no more."""
    seen: set[tuple[str, str]] = set()
    for site in stack.pick(lambda site: len(site.steps) == 1, count * 3):
        if count and (site.environment, site.address) not in seen:
            seen.add((site.environment, site.address))
            count -= 1
            yield site.environment, find(stack.documents[site.environment], site.address)


def dropped_resources(stack: Stack, count: int) -> Iterator[Mutant]:
    """Remove a resource or a data source from one environment."""
    for environment, change in some_changes(stack, count):
        address = change["address"]

        def apply(documents: Documents, environment: str = environment, address: str = address) -> None:
            document = documents[environment]
            document["resource_changes"].remove(find(document, address))

        yield Mutant("resource dropped", environment, apply, address, rule="missing-resource")


def extra_instances(stack: Stack, count: int) -> Iterator[Mutant]:
    """Add an instance in one environment, as a `count` or `for_each` that depends on it does."""
    for environment, change in some_changes(stack, count):
        key = stack.random.choice([7, f"{environment}-only", "extra"])
        address = f"{change['address'].partition('[')[0]}[{json.dumps(key)}]"

        extra = {**change, "index": key, "address": address}

        def apply(documents: Documents, environment: str = environment, extra: Document = extra) -> None:
            documents[environment]["resource_changes"].append(copy.deepcopy(extra))

        yield Mutant("one instance more", environment, apply, address, rule="missing-resource")


def other_keys(stack: Stack, count: int) -> Iterator[Mutant]:
    """Give an instance another key in one environment."""
    keyed = ((environment, change) for environment, change in some_changes(stack, count * 4) if isinstance(change.get("index"), str))
    for (environment, change), _ in zip(keyed, range(count), strict=False):
        address, key = change["address"], f"{change['index']}_two"

        def apply(documents: Documents, environment: str = environment, address: str = address, key: str = key) -> None:
            found = find(documents[environment], address)
            found.update(index=key, address=f"{address.partition('[')[0]}[{json.dumps(key)}]")

        new = f"{address.partition('[')[0]}[{json.dumps(key)}]"
        yield Mutant("other key", environment, apply, address, rule="missing-resource", beside=new)


def changed_actions(stack: Stack, count: int) -> Iterator[Mutant]:
    """Plan another action for a resource in one environment."""
    managed = ((environment, change) for environment, change in some_changes(stack, count * 2) if change["mode"] == "managed")
    for (environment, change), _ in zip(managed, range(count), strict=False):
        actions = stack.random.choice([["delete", "create"], ["no-op"], ["update"], ["delete"]])

        def apply(documents: Documents, environment: str = environment, address: str = change["address"], new: Any = actions) -> None:
            find(documents[environment], address)["change"]["actions"] = new

        yield Mutant("other action", environment, apply, change["address"], detail=str(actions))


def changed_providers(stack: Stack, count: int) -> Iterator[Mutant]:
    """Plan a resource by another provider in one environment."""
    for environment, change in some_changes(stack, count):

        def apply(documents: Documents, environment: str = environment, address: str = change["address"]) -> None:
            find(documents[environment], address)["provider_name"] = "registry.terraform.io/elsewhere/aws"

        yield Mutant("other provider", environment, apply, change["address"], rule="provider-difference")


# Configuration, outputs, data sources --------------------------------------------------------------------------------


def changed_edges(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let an expression of one environment refer to another resource that the stack has as well."""
    found = [(name, *edge) for name in stack.environments for edge in _edges(stack.documents[name])]
    for environment, address, steps, refers in stack.random.sample(found, min(count, len(found))):
        strangers = [names for _, _, _, names in found if names[-1].partition("[")[0] not in {name.partition("[")[0] for name in refers}]
        new = stack.random.choice(strangers)
        yield _refer(environment, address, steps, new, kind="refers to another resource")


def _refer(environment: str, address: str, steps: Steps, new: list[str], *, kind: str) -> Mutant:
    def apply(documents: Documents) -> None:
        resources = documents[environment]["configuration"]["root_module"]["resources"]
        block = next(each for each in resources if each["address"] == address)
        lookup(block["expressions"], steps)["references"] = new

    return Mutant(kind, environment, apply, address, render(steps), detail=str(new))


def _edges(document: Document) -> Iterator[tuple[str, Steps, list[str]]]:
    for resource in document["configuration"]["root_module"]["resources"]:
        for steps, names in _references(resource.get("expressions", {})):
            if any(name.startswith(("aws_", "data.")) for name in names):
                yield resource["address"], steps, names


def _references(expression: Any, steps: Steps = ()) -> Iterator[tuple[Steps, list[str]]]:
    if isinstance(expression, dict) and isinstance(expression.get("references"), list):
        yield steps, expression["references"]
    elif isinstance(expression, dict | list):
        for key, part in expression.items() if isinstance(expression, dict) else enumerate(expression):
            yield from _references(part, (*steps, key))


def other_instances(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let a value that is known only after apply refer to another instance in one environment, such as another dead letter queue."""
    found = [(name, *edge) for name in stack.environments for edge in _edges(stack.documents[name]) if '["' in "".join(edge[-1])]
    for environment, address, steps, refers in found:
        blocks = [change for change in stack.changes(environment) if change["address"].partition("[")[0] == address]
        if count and blocks and all(change["change"]["after_unknown"].get(steps[0]) for change in blocks):
            count -= 1
            new = [re.sub(r'\["[^"]*"\]', '["another"]', name) for name in refers]
            yield _refer(environment, address, steps, new, kind="refers to another instance")


def changed_outputs(stack: Stack, count: int) -> Iterator[Mutant]:
    """Drop an output of one environment, change its value, or make it a secret there."""
    outputs = list(stack.documents[stack.environments[0]]["output_changes"])
    for name in stack.random.sample(outputs, min(count, len(outputs))):
        environment = stack.random.choice(stack.environments)
        unknown = stack.documents[environment]["output_changes"][name]["after_unknown"] is True
        choices = [("", _drop_output), ("value", _change_output)] + [
            ("sensitive", _hide_output)
        ] * unknown  # a known one is blotted out elsewhere
        path, change = stack.random.choice(choices)

        def apply(documents: Documents, environment: str = environment, name: str = name, change: Any = change) -> None:
            change(documents[environment], name)

        yield Mutant("other output", environment, apply, f"output.{name}", path)


def _drop_output(document: Document, name: str) -> None:
    del document["output_changes"][name]
    document["planned_values"]["outputs"].pop(name, None)


def _change_output(document: Document, name: str) -> None:
    document["output_changes"][name].update(after="elsewhere", after_unknown=False)


def _hide_output(document: Document, name: str) -> None:
    document["configuration"]["root_module"]["outputs"][name]["sensitive"] = True
    document["output_changes"][name]["after_sensitive"] = True


def changed_data_sources(stack: Stack, count: int) -> Iterator[Mutant]:
    """Drop a data source that was read while planning in one environment, or let it find something else."""
    for _ in range(count):
        environment = stack.random.choice(stack.environments)
        resource = stack.random.choice(_read(stack.documents[environment]))
        texts = [key for key, value in resource["values"].items() if isinstance(value, str) and key != "id" and not value.startswith("{")]
        key = stack.random.choice(sorted(texts)) if texts and stack.random.random() < 0.7 else ""

        def apply(documents: Documents, environment: str = environment, address: str = resource["address"], key: str = key) -> None:
            resources = _read(documents[environment])
            found = next(each for each in resources if each["address"] == address)
            if key:
                found["values"][key] += "x"
            else:
                resources.remove(found)

        yield Mutant("data source found otherwise", environment, apply, resource["address"], key)


def _read(document: Document) -> list[Document]:
    found: list[Document] = document["prior_state"]["values"]["root_module"]["resources"]
    return found


def changed_versions(stack: Stack, _count: int) -> Iterator[Mutant]:
    """Require another version of a provider in one environment, or plan by another Terraform."""
    for name in stack.documents[stack.environments[0]]["configuration"]["provider_config"]:
        environment = stack.random.choice(stack.environments)

        def require(documents: Documents, environment: str = environment, name: str = name) -> None:
            documents[environment]["configuration"]["provider_config"][name]["version_constraint"] = "~> 4.0"

        yield Mutant("other provider version", environment, require, f"provider.{name}", "version", "version-difference")

    def plan(documents: Documents) -> None:
        documents[stack.environments[1]]["terraform_version"] = "1.4.0"

    yield Mutant("other Terraform", stack.environments[1], plan, "terraform", "version", "version-difference")
