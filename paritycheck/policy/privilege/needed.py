"""What a function needs: the calls that its source makes, those that were observed, what services ask for it, and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from paritycheck.policy.calls import Argument, Call, SourceCalls
from paritycheck.policy.iam import UndecidedCallError, load_knowledge, required_actions
from paritycheck.policy.privilege.called import argument_text, called_resources, request_context
from paritycheck.policy.privilege.encryption import key_actions, key_needs
from paritycheck.policy.privilege.model import Doubt, Function, Need, Needs
from paritycheck.policy.privilege.observed import Observed, observed_needs
from paritycheck.policy.privilege.stack import Stack
from paritycheck.policy.privilege.wiring import wiring


def needed(stack: Stack, function: Function, calls: SourceCalls | None, observed: Sequence[Observed]) -> Needs:
    """Return all that a function needs; without `calls`, of its services and of what was observed alone."""
    seen = frozenset(call.action.lower() for call in observed)
    from_source = [*_from_source(stack, function, calls, seen)] if calls else []
    found = [*from_source, *_with_contexts(observed_needs(stack, observed), from_source), *wiring(stack, function)]
    direct = [_describe(stack, each) for each in found if isinstance(each, Need)]
    found = [*direct, *(each for each in found if isinstance(each, Doubt)), *key_needs(stack, function, direct)]
    needs = {(each.action, each.resource, each.by_code, str(each.context)): each for each in reversed(found) if isinstance(each, Need)}
    return Needs(tuple(reversed(needs.values())), tuple(dict.fromkeys(each for each in found if isinstance(each, Doubt))))


def _with_contexts(observed: Iterable[Need | Doubt], from_source: Iterable[Need | Doubt]) -> Iterator[Need | Doubt]:
    """Yield what was observed with the keys that all calls of the source set in requests of the same action."""
    contexts: dict[str, list[Mapping[str, Sequence[str]]]] = {}
    for need in from_source:
        if isinstance(need, Need):
            contexts.setdefault(need.action.lower(), []).append(need.context)
    for need in observed:
        same = contexts.get(need.action.lower(), []) if isinstance(need, Need) else []
        yield replace(need, context=same[0]) if isinstance(need, Need) and same and all(each == same[0] for each in same) else need


def _from_source(stack: Stack, function: Function, calls: SourceCalls, seen: frozenset[str]) -> Iterator[Need | Doubt]:
    for undecided in calls.undecided:
        yield Doubt(undecided.reason, undecided.location)
    for call in calls.calls:
        yield from _from_call(stack, function, call, seen)


def _from_call(stack: Stack, function: Function, call: Call, seen: frozenset[str]) -> Iterator[Need | Doubt]:
    why = f"{call.location.file}:{call.location.line} calls {call.operation}"
    try:
        actions: Iterable[str] = required_actions(call.service, call.operation, call.parameters)
    except UndecidedCallError as error:
        candidates = frozenset(action.lower() for action in error.candidates)
        if not candidates or not candidates <= seen:
            yield Doubt(f"{error}", call.location, _with_keys(candidates))
            return
        actions = ()
    environment: Mapping[str, object] = function.environment or {}

    def resolve(argument: Argument) -> str | None:
        return argument_text(argument, environment)

    for name in sorted(actions):
        action = load_knowledge().action(name)
        resources = action and called_resources(call, action, resolve, stack.facts)
        context = request_context(call, resolve) if resources else {}
        if resources:
            for arn in sorted(resources):
                below, unknown, _ = arn.partition("*")
                vague, limit = arn.endswith("/*"), below + unknown
                observed = name.lower() in seen
                yield Need(name, arn, why, call.location, limit=limit, context=context, vague=vague, observed=observed)
        elif name.lower() not in seen:
            reason = f"which resources {call.operation} is about cannot be told from the source"
            yield Doubt(reason, call.location, _with_keys({name.lower()}))


def _with_keys(actions: Iterable[str]) -> frozenset[str]:
    """Add what actions may need of the keys of what they are about."""
    return frozenset({*actions, *(used.lower() for action in actions for used in key_actions(action))})


def _describe(stack: Stack, need: Need) -> Need:
    """Add the resource that a need is about, and its tags, which conditions may ask for."""
    target = need.target or stack.owner(need.resource)
    if target is None:
        return need
    service = need.action.partition(":")[0]
    tags = stack.value(target, "tags_all")
    found = {name: value for name, value in tags.items() if isinstance(value, str)} if isinstance(tags, dict) else {}
    if target.type == "aws_rds_cluster" and service == "secretsmanager":
        # RDS makes the secret, and marks it with its cluster.
        found = {"aws:rds:primaryDBClusterArn": stack.text(target, "arn")}
    context = {f"{prefix}:ResourceTag/{name}": [value] for prefix in ("aws", service) for name, value in found.items()}
    return replace(need, target=target, context={**context, **need.context})
