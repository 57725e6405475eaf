"""Seeded drift: one change at a time to the plans of a stack, and whether parity must notice it.

A mutant is made from the plan documents of all environments. A harmful one names the address and the path at which a
finding must point; a harmless one must leave the verdict clean.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Documents = dict[str, Document]
"""Plan documents by environment name, from the smallest to the largest."""
Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """Plans with one change in them."""

    kind: str
    environment: str
    """The environment that was changed, or ``*`` for all of them."""
    documents: Mapping[str, bytes]
    address: str = ""
    path: str = ""
    harmful: bool = True
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.environment} {self.address} {self.path} {self.detail}".strip()


@dataclass
class Stack:
    """A stack's plans, and what the mutations need to know of them."""

    documents: Documents
    is_set: Callable[[str, Steps], bool]
    """Whether the value at a path of a resource type is a set."""
    may_differ: Callable[[str, Steps], bool]
    """Whether an allow rule covers an address and path."""
    seed: int = 20
    raw: Mapping[str, bytes] = field(init=False)
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.raw = {name: dump(document) for name, document in self.documents.items()}
        self.random = random.Random(self.seed)

    @property
    def environments(self) -> list[str]:
        return list(self.documents)

    def changed(self, environment: str, document: Document) -> dict[str, bytes]:
        """Return all documents with one of them replaced."""
        return {**self.raw, environment: dump(document)}

    def resources(self, environment: str) -> list[Document]:
        """List the managed resource changes of an environment."""
        return [change for change in self.documents[environment]["resource_changes"] if change["mode"] == "managed"]


def dump(document: Document) -> bytes:
    """Write a document as Terraform does: compact, in the order that it has."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def leaves(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """List every leaf of a value with its path."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*steps, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*steps, index))
    else:
        yield steps, value


def lookup(value: Any, steps: Steps) -> Any:
    """Return the value at a path."""
    for step in steps:
        value = value[step]
    return value


def assign(value: Any, steps: Steps, new: Any) -> None:
    """Put a value at a path."""
    lookup(value, steps[:-1])[steps[-1]] = new


def shown(steps: Steps) -> str:
    """Write a path as findings do."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def find(document: Document, address: str) -> Document:
    """Return a resource change by its address."""
    return next(change for change in document["resource_changes"] if change["address"] == address)


def edited(stack: Stack, environment: str, address: str, steps: Steps, new: Any) -> dict[str, bytes]:
    """Return the documents with one planned value of one environment replaced."""
    document = copy.deepcopy(stack.documents[environment])
    assign(find(document, address)["change"]["after"], steps, new)
    return stack.changed(environment, document)


def pick(stack: Stack, wanted: Callable[[Any], bool], count: int) -> Iterator[tuple[str, str, Steps, Any]]:
    """Choose leaves (environment, address, path, value) that no rule lets differ, spread over the resources."""
    found: list[tuple[str, str, Steps, Any]] = []
    for environment in stack.environments:
        for change in stack.resources(environment):
            candidates = [
                (environment, change["address"], steps, value)
                for steps, value in leaves(change["change"]["after"])
                if wanted(value) and not stack.may_differ(change["address"], steps)
            ]
            found += stack.random.sample(candidates, min(2, len(candidates)))
    yield from stack.random.sample(found, min(count, len(found)))


def edit_marks(marks: Any, steps: Steps, edit: Callable[[list[Any]], object]) -> None:
    """Do to the marks of a list what was done to the list, where it has any."""
    for step in steps:
        if isinstance(marks, dict):
            marks = marks.get(step)
        elif isinstance(marks, list) and isinstance(step, int) and step < len(marks):
            marks = marks[step]
        else:
            return
    if isinstance(marks, list) and marks:
        edit(marks)


# Harmful ------------------------------------------------------------------------------------------------------------


def dropped_resources(stack: Stack, count: int) -> Iterator[Mutant]:
    """Remove a resource from one environment."""
    for environment in stack.environments:
        for change in stack.random.sample(stack.resources(environment), count // len(stack.environments)):
            document = copy.deepcopy(stack.documents[environment])
            document["resource_changes"] = [item for item in document["resource_changes"] if item["address"] != change["address"]]
            yield Mutant("resource dropped", environment, stack.changed(environment, document), change["address"])


def extra_instances(stack: Stack, count: int) -> Iterator[Mutant]:
    """Add an instance in one environment, as a `count` that depends on it does."""
    for environment in stack.environments:
        for change in stack.random.sample(stack.resources(environment), count // len(stack.environments)):
            document = copy.deepcopy(stack.documents[environment])
            extra = copy.deepcopy(change)
            extra["index"] = 7
            extra["address"] = change["address"].split("[")[0] + "[7]"
            document["resource_changes"].append(extra)
            yield Mutant("count by environment", environment, stack.changed(environment, document), extra["address"])


def other(value: Any) -> Any:
    """Return a value of the same kind that means something else."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "x"
    return "set"


def changed_attributes(stack: Stack, count: int) -> Iterator[Mutant]:
    """Change one leaf of one environment."""
    for environment, address, steps, value in pick(stack, lambda value: value is not None and not isinstance(value, list | dict), count):
        documents = edited(stack, environment, address, steps, other(value))
        yield Mutant("attribute changed", environment, documents, address, shown(steps), detail=repr(value)[:40])


def set_attributes(stack: Stack, count: int) -> Iterator[Mutant]:
    """Set in one environment what is null in the others."""
    for environment, address, steps, _ in pick(stack, lambda value: value is None, count):
        yield Mutant("attribute set", environment, edited(stack, environment, address, steps, "set"), address, shown(steps))


def foreign_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Hard-code another environment's name in one environment."""
    for environment, address, steps, value in pick(stack, lambda value: isinstance(value, str), count * 4):
        if environment not in value.replace("/", "-").replace("_", "-").split("-"):
            continue
        stranger = next(name for name in stack.environments if name != environment)
        documents = edited(stack, environment, address, steps, value.replace(environment, stranger))
        yield Mutant("environment name hard-coded", environment, documents, address, shown(steps), detail=value[:40])
        count -= 1
        if not count:
            return


def hard_coded_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Hard-code one environment's name in all environments."""
    first = stack.environments[0]
    addresses = [change["address"] for change in stack.resources(first) if isinstance(change["change"]["after"].get("name"), str)]
    for address in stack.random.sample(addresses, min(count, len(addresses))):
        documents = {}
        for environment, document in stack.documents.items():
            document = copy.deepcopy(document)
            find(document, address)["change"]["after"]["name"] = f"tap-{first}-fixed"
            documents[environment] = dump(document)
        yield Mutant("one name everywhere", "*", documents, address, "name")


def policies(stack: Stack, environment: str) -> Iterator[tuple[str, Steps, Document]]:
    """List the IAM policy documents in an environment's planned strings."""
    for change in stack.resources(environment):
        for steps, value in leaves(change["change"]["after"]):
            if isinstance(value, str) and value.startswith("{"):
                decoded = json.loads(value)
                if decoded.get("Statement"):
                    yield change["address"], steps, decoded


def widened_policies(stack: Stack, count: int) -> Iterator[Mutant]:
    """Widen one statement's action or resource in one environment."""
    found = [(environment, *policy) for environment in stack.environments for policy in policies(stack, environment)]
    for environment, address, steps, policy in stack.random.choices(found, k=count):
        policy = copy.deepcopy(policy)
        statement = stack.random.choice(policy["Statement"])
        key = stack.random.choice([key for key in ("Action", "Resource", "Condition", "Principal") if key in statement])
        if key == "Condition":
            del statement[key]
        else:
            statement[key] = {"Service": "evil.amazonaws.com"} if key == "Principal" else "iam:*"
        documents = edited(stack, environment, address, steps, json.dumps(policy))
        yield Mutant("policy widened", environment, documents, address, shown(steps), detail=f"{statement.get('Sid')} {key}")


def unknown_values(stack: Stack, count: int) -> Iterator[Mutant]:
    """Make a known value unknown in one environment."""
    for environment, address, steps, value in pick(stack, lambda value: isinstance(value, str | int), count * 2):
        if len(steps) != 1:
            continue
        document = copy.deepcopy(stack.documents[environment])
        change = find(document, address)["change"]
        del change["after"][steps[0]]
        change["after_unknown"][steps[0]] = True
        yield Mutant(
            "known became unknown", environment, stack.changed(environment, document), address, shown(steps), detail=str(value)[:40]
        )
        count -= 1
        if not count:
            return


def configured(module: Document, prefix: str = "") -> Iterator[tuple[str, Document]]:
    """List the configured resources of a module and its children."""
    for resource in module.get("resources", ()):
        yield prefix + resource["address"], resource
    for name, call in module.get("module_calls", {}).items():
        yield from configured(call["module"], f"{prefix}module.{name}.")


def changed_edges(stack: Stack, count: int) -> Iterator[Mutant]:
    """Let an expression of one environment refer to another resource."""
    planned = {change["address"].split("[")[0] for change in stack.resources(stack.environments[0])}
    for environment in stack.environments:
        document = stack.documents[environment]
        found = [
            (position, address, attribute, references)
            for position, (address, resource) in enumerate(configured(document["configuration"]["root_module"]))
            for attribute, expression in resource.get("expressions", {}).items()
            if isinstance(expression, dict) and address in planned
            if (references := expression.get("references"))
            if any(reference.split(".")[0] not in {"var", "local", "each", "count", "data", "path"} for reference in references)
        ]
        for position, address, attribute, _ in stack.random.sample(found, min(count // len(stack.environments), len(found))):
            mutant = copy.deepcopy(document)
            resource = [item for _, item in configured(mutant["configuration"]["root_module"])][position]
            resource["expressions"][attribute]["references"] = ["aws_sns_topic.elsewhere.arn", "aws_sns_topic.elsewhere"]
            yield Mutant("edge changed", environment, stack.changed(environment, mutant), address, attribute)


def changed_actions(stack: Stack, count: int) -> Iterator[Mutant]:
    """Plan another action, or another provider, for one resource in one environment."""
    for environment in stack.environments:
        for change in stack.random.sample(stack.resources(environment), count // len(stack.environments)):
            document = copy.deepcopy(stack.documents[environment])
            target = find(document, change["address"])
            if stack.random.random() < 0.5:
                target["change"]["actions"] = ["delete", "create"]
            else:
                target["provider_name"] = "registry.terraform.io/elsewhere/aws"
            yield Mutant("action or provider changed", environment, stack.changed(environment, document), change["address"])


def dropped_outputs(stack: Stack, count: int) -> Iterator[Mutant]:
    """Remove an output from one environment."""
    for _ in range(count):
        environment = stack.random.choice(stack.environments)
        document = copy.deepcopy(stack.documents[environment])
        name = stack.random.choice(list(document["output_changes"]))
        del document["output_changes"][name]
        document["planned_values"].get("outputs", {}).pop(name, None)
        yield Mutant("output dropped", environment, stack.changed(environment, document), f"output.{name}")


def shortened_lists(stack: Stack, count: int) -> Iterator[Mutant]:
    """Remove one item of a list in one environment."""
    found = [
        (environment, change["address"], steps)
        for environment in stack.environments
        for change in stack.resources(environment)
        for steps, _ in leaves(change["change"]["after"])
        if steps and isinstance(steps[-1], int) and not stack.may_differ(change["address"], steps)
    ]
    for environment, address, steps in stack.random.sample(found, min(count, len(found))):
        document = copy.deepcopy(stack.documents[environment])
        change = find(document, address)["change"]
        del lookup(change["after"], steps[:-1])[steps[-1]]
        for marks in ("after_unknown", "after_sensitive"):
            edit_marks(change.get(marks), steps[:-1], lambda items, index=steps[-1]: items.pop(index))
        yield Mutant("list item dropped", environment, stack.changed(environment, document), address, shown(steps[:-1]))


# Harmless -----------------------------------------------------------------------------------------------------------


def reformatted_documents(stack: Stack, count: int) -> Iterator[Mutant]:
    """Write a document with other white space, another key order, or escapes."""
    for index in range(count):
        environment = stack.environments[index % len(stack.environments)]
        document = stack.documents[environment]
        match index % 3:
            case 0:
                text = json.dumps(document, indent=1 + index % 5, ensure_ascii=False)
            case 1:
                text = json.dumps(document, sort_keys=True, ensure_ascii=index % 2 == 0)
            case _:
                text = json.dumps(document, ensure_ascii=False).replace(
                    environment, f"\\u{ord(environment[0]):04x}{environment[1:]}", index
                )
        yield Mutant("document reformatted", environment, {**stack.raw, environment: text.encode()}, harmful=False, detail=str(index))


def shuffled_resources(stack: Stack, count: int) -> Iterator[Mutant]:
    """List the resources of one environment in another order."""
    for index in range(count):
        environment = stack.environments[index % len(stack.environments)]
        document = copy.deepcopy(stack.documents[environment])
        stack.random.shuffle(document["resource_changes"])
        yield Mutant("resources shuffled", environment, stack.changed(environment, document), harmful=False, detail=str(index))


def embedded(stack: Stack) -> list[tuple[str, str, Steps, Any]]:
    """List the JSON documents in planned strings: environment, address, path, decoded."""
    return [
        (environment, change["address"], steps, json.loads(value))
        for environment in stack.environments
        for change in stack.resources(environment)
        for steps, value in leaves(change["change"]["after"])
        if isinstance(value, str) and value.startswith("{")
    ]


def reindented_strings(stack: Stack, count: int) -> Iterator[Mutant]:
    """Indent a JSON string otherwise, or order its keys otherwise, in one environment."""
    for environment, address, steps, decoded in stack.random.choices(embedded(stack), k=count):
        text = json.dumps(decoded, indent=stack.random.choice([None, 1, 4]), sort_keys=stack.random.random() < 0.5)
        yield Mutant(
            "JSON re-indented", environment, edited(stack, environment, address, steps, text), address, shown(steps), harmful=False
        )


def rewritten_policies(stack: Stack, count: int) -> Iterator[Mutant]:
    """Reorder a policy's statements and actions, or write a single action as a list."""
    found = [(environment, *policy) for environment in stack.environments for policy in policies(stack, environment)]
    for environment, address, steps, policy in stack.random.choices(found, k=count):
        policy = copy.deepcopy(policy)
        stack.random.shuffle(policy["Statement"])
        for statement in policy["Statement"]:
            for key in ("Action", "Resource"):
                value = statement.get(key)
                if isinstance(value, list):
                    stack.random.shuffle(value)
                elif isinstance(value, str):
                    statement[key] = [value]
        documents = edited(stack, environment, address, steps, json.dumps(policy))
        yield Mutant("policy rewritten", environment, documents, address, shown(steps), harmful=False)


def reordered_sets(stack: Stack, count: int) -> Iterator[Mutant]:
    """List the members of a set in another order."""
    found = []
    for environment in stack.environments:
        for change in stack.resources(environment):
            after = change["change"]["after"]
            collections = {steps[:depth] for steps, _ in leaves(after) for depth in range(1, len(steps)) if isinstance(steps[depth], int)}
            for steps in sorted(collections, key=str):
                unique = {json.dumps(item, sort_keys=True) for item in lookup(after, steps)}
                if len(unique) > 1 and stack.is_set(change["type"], steps):
                    found.append((environment, change["address"], steps))
    for environment, address, steps in stack.random.choices(found, k=count) if found else ():
        document = copy.deepcopy(stack.documents[environment])
        change = find(document, address)["change"]
        lookup(change["after"], steps).reverse()
        for marks in ("after_unknown", "after_sensitive"):
            edit_marks(change.get(marks), steps, list.reverse)
        yield Mutant("set reordered", environment, stack.changed(environment, document), address, shown(steps), harmful=False)


def own_names(stack: Stack, count: int) -> Iterator[Mutant]:
    """Put each environment's own name into the same attribute of all environments."""
    addresses = [change["address"] for change in stack.resources(stack.environments[0]) if "tags" in change["change"]["after"]]
    for address in stack.random.sample(addresses, min(count, len(addresses))):
        documents = {}
        for environment, document in stack.documents.items():
            document = copy.deepcopy(document)
            after = find(document, address)["change"]["after"]
            after["tags"] = {**(after["tags"] or {}), "Stage": f"arn:x:{environment}/{environment.upper()}_{environment}.a"}
            documents[environment] = dump(document)
        yield Mutant("own name everywhere", "*", documents, address, "tags", harmful=False)


def same_changes(stack: Stack, count: int) -> Iterator[Mutant]:
    """Make the same change in all environments."""
    first = stack.environments[0]
    names = [change["address"] for change in stack.resources(first)]
    for address in stack.random.sample(names, min(count, len(names))):
        documents = {}
        for environment, document in stack.documents.items():
            document = copy.deepcopy(document)
            after = find(document, address)["change"]["after"]
            after["description"] = "the same"
            documents[environment] = dump(document)
        yield Mutant("same change everywhere", "*", documents, address, "description", harmful=False)


HARMFUL: Sequence[tuple[Callable[[Stack, int], Iterator[Mutant]], int]] = (
    (dropped_resources, 15),
    (extra_instances, 9),
    (changed_attributes, 60),
    (set_attributes, 12),
    (foreign_names, 12),
    (hard_coded_names, 6),
    (widened_policies, 15),
    (unknown_values, 9),
    (changed_edges, 12),
    (changed_actions, 9),
    (dropped_outputs, 3),
    (shortened_lists, 6),
)
"""Generators of harmful mutants, each with how many it makes."""

HARMLESS: Sequence[tuple[Callable[[Stack, int], Iterator[Mutant]], int]] = (
    (reformatted_documents, 21),
    (shuffled_resources, 9),
    (reindented_strings, 33),
    (rewritten_policies, 33),
    (reordered_sets, 24),
    (own_names, 24),
    (same_changes, 24),
)
"""Generators of harmless mutants, each with how many it makes."""
