"""Which actions an AWS call needs to be allowed.

Most operations need the action of their own name. Those that do not are in `required_actions.json`, whose facts are from the
pages of the operations in AWS's API references and from the Service Authorization Reference, such as
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html and
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html. By service and operation (`*` is
any), it names an action, or a list of actions and of rules. A rule has `actions`, and the paths of parameters that it depends
on: `with` one, `without` one, or by the `verb` that a text begins with. An empty list is an operation that needs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paritycheck.policy.iam.conditions import every, negate
from paritycheck.policy.iam.knowledge import load_knowledge

if TYPE_CHECKING:
    # Most who judge policies search no sources, and most calls need no look at their parameters.
    from paritycheck.policy.calls.model import Argument

DATA = Path(__file__).parents[1] / "data" / "required_actions.json"

Parameters = Mapping[str, Sequence["Argument"]]
"""What each parameter of a call may be, by its path; see `paritycheck.policy.calls.Call`."""


class UndecidedCallError(Exception):
    """A call of which nobody knows what it needs; its text is the reason."""

    def __init__(self, reason: str, candidates: frozenset[str] = frozenset()) -> None:
        """Hold the reason, and all actions that the call may need, as far as they are known."""
        super().__init__(reason)
        self.candidates = candidates


def required_actions(service: str, operation: str, parameters: Parameters) -> frozenset[str]:
    """Return the actions that a call needs, of a service by boto3's name and an operation by the API's.

    Raise `UndecidedCallError` where that is not known, or depends on what is not known.
    """
    rules = _find_rules(service, operation)
    actions: set[str] = set()
    doubtful: set[str] = set()
    for rule in rules:
        certain, possible = _apply(rule, parameters)
        actions |= certain
        doubtful |= possible
    if doubtful - actions:
        raise UndecidedCallError(f"what {service}:{operation} needs depends on parameters that are unknown", frozenset(actions | doubtful))
    if rules and not actions:
        raise UndecidedCallError(f"{service}:{operation} is called with none of the parameters that say what it needs")
    return frozenset(actions)


def _find_rules(service: str, operation: str) -> Sequence[Any]:
    named = _exceptions().get(service, {})
    rules = named.get(operation, named.get("*"))
    if rules is None:
        rules = _find_action(service, operation)
    return rules if isinstance(rules, list) else [rules]


def _find_action(service: str, operation: str) -> str:
    """Return the action of an operation's own name."""
    knowledge = load_knowledge()
    prefix = knowledge.client_prefix(service) or service
    action = knowledge.action(knowledge.operation_action(service, operation) or f"{prefix}:{operation}")
    if action is None:
        raise UndecidedCallError(f"no action of AWS is known for {service}:{operation}")
    return action.name


def _apply(rule: Any, parameters: Parameters) -> tuple[set[str], set[str]]:
    """Return the actions that a rule makes necessary, and those that it may."""
    if isinstance(rule, str):
        return {rule}, set()
    if "verb" in rule:
        return _apply_verb(rule["actions"], parameters.get(rule["verb"], ()))
    given = [_has(parameters, rule["with"])] if "with" in rule else []
    missing = [negate(_has(parameters, rule["without"]))] if "without" in rule else []
    met = every([*given, *missing])
    needed = _listed(rule["actions"])
    if met is None:
        return set(), needed
    return (needed if met else set()), set()


def _apply_verb(actions: Mapping[str, str], texts: Sequence[Argument]) -> tuple[set[str], set[str]]:
    verbs = [_first_word(text) for text in texts]
    found = {actions[verb] for verb in verbs if verb in actions}
    return found, set() if verbs and all(verb in actions for verb in verbs) else set(actions.values())


def _first_word(argument: Argument) -> str:
    from paritycheck.policy.calls.model import Joined, Text

    text = argument.parts[0] if isinstance(argument, Joined) and argument.parts else argument
    words = text.value.split(maxsplit=1) if isinstance(text, Text) else []
    return words[0].upper() if words else ""


def _has(parameters: Parameters, path: str) -> bool | None:
    """Whether a call has a parameter; `None` where something that it would be part of is unknown, or has no parts."""
    below = (f"{path}.", f"{path}[")
    if any(name == path or name.startswith(below) for name in parameters):
        return True
    return None if any(_is_open(parameters[above]) for above in _list_above(path) if above in parameters) else False


def _is_open(arguments: Sequence[Argument]) -> bool:
    from paritycheck.policy.calls.model import Text

    # A copy's source may be one text, with the version's id in it.
    return any(not isinstance(argument, Text) or "versionId=" in argument.value for argument in arguments)


def _list_above(path: str) -> Iterator[str]:
    """Yield the paths of what a parameter is part of, the whole of the parameters included."""
    parts = path.split(".")
    for length in range(len(parts)):
        above = ".".join(parts[:length])
        yield above
        yield above.removesuffix("[]")


def _listed(actions: str | Sequence[str]) -> set[str]:
    return {actions} if isinstance(actions, str) else {*actions}


@lru_cache(maxsize=1)
def _exceptions() -> Mapping[str, Mapping[str, Any]]:
    exceptions: Mapping[str, Mapping[str, Any]] = json.loads(DATA.read_bytes())
    return exceptions
