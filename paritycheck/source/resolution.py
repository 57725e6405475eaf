"""What names mean: variables, locals, module inputs and outputs, `each`, and resources."""

from __future__ import annotations

from paritycheck.source.constructs import EVERY, Reference, Step
from paritycheck.source.navigation import navigate
from paritycheck.source.scope import Definition, Element, Instance, Scope, Value, inside
from paritycheck.source.syntax import Block
from paritycheck.source.variables import Given


def resolve(scope: Scope, reference: Reference) -> Definition | None:
    """Return what a reference, none of whose steps needs computing, means one step deep; `None` where the source does not say."""
    root, steps = reference.root, reference.steps
    if root in scope.bindings:
        return _element(scope, scope.bindings[root], root, steps)
    instance, found = scope.instance, None
    match root, steps:
        case "var", (str() as name, *_):
            found = instance.definition(name, steps[1:])
        case "terraform", ("workspace",):
            found = instance.workspace
        case "local", (str() as name, *_):
            found = _local(instance, name, steps[1:])
        case "module", (str() as name, *_):
            found = _output(instance, name, steps[1:])
        case (("data" | "ephemeral"), (str() as kind, str() as name, *_)):
            found = _resource(instance, f"{root}.{kind}.{name}", steps[2:])
        case _, (str() as name, *_):
            found = _resource(instance, f"{root}.{name}", steps[1:])
        case _:
            pass
    return found


def _element(scope: Scope, element: Element, name: str, steps: tuple[Step, ...]) -> Definition:
    part = element.part
    if part == "both":
        part, name, steps = str(steps[0]) if steps else "value", f"{name}.{steps[0]}" if steps else name, steps[1:]
    shown = f"{scope.instance.prefix}{name}"
    if part == "key" and isinstance(element.key, str | int):
        return Definition(shown, element.collection.location, Given(element.key), loop=True)
    path = (element.key, *steps) if part == "value" else (EVERY,)
    return Definition(shown, element.collection.location, Value(element.scope, element.collection, path), loop=True)


def _local(instance: Instance, name: str, path: tuple[Step, ...]) -> Definition | None:
    attribute = instance.module.locals.get(name)
    if attribute is None:
        return None
    return Definition(f"{instance.prefix}local.{name}", attribute.location, Value(instance.scope, attribute.value, path))


def _output(instance: Instance, call: str, steps: tuple[Step, ...]) -> Definition | None:
    block = instance.module.blocks.get(f"module.{call}")
    key, path = _split_key(block, steps) if block else (EVERY, steps)
    child = instance.child(call, key)
    output = child.module.blocks.get(f"output.{path[0]}") if child and path else None
    value = output.attributes.get("value") if output else None
    if child is None or value is None:
        return None
    return Definition(f"{instance.prefix}module.{call}.{path[0]}", value.location, Value(child.scope, value.value, path[1:]))


def _resource(instance: Instance, address: str, steps: tuple[Step, ...]) -> Definition | None:
    """Return what an attribute is set to; one that the provider computes stands for the whole block, and leads no further."""
    block = instance.module.blocks.get(address)
    if block is None:
        return None
    key, path = _split_key(block, steps)
    place = navigate(inside(instance.scope, block, key), block, path)
    written = [step for step in path[:1] if isinstance(step, str)] if place.value else []
    return Definition(".".join([f"{instance.prefix}{address}", *written]), place.location, place.value)


def _split_key(block: Block, steps: tuple[Step, ...]) -> tuple[Step, tuple[Step, ...]]:
    """Split the instance key, which only a block with `for_each` or `count` has, from the steps after it."""
    repeated = "for_each" in block.attributes or "count" in block.attributes
    return (steps[0], steps[1:]) if repeated and steps else (EVERY, steps)
