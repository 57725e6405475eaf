"""The proof: every function's grants against its needs, in every environment; one finding for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from paritycheck.config import Config, FunctionSources, LeastPrivilege
from paritycheck.errors import ConfigError, Location, shown_path
from paritycheck.findings import Finding
from paritycheck.normalize import Vocabulary
from paritycheck.plan import KEY, Plan, Resource, static_address
from paritycheck.policy.calls import SourceCalls, SourceCodeError, find_calls
from paritycheck.policy.calls import Sources as PythonSources
from paritycheck.policy.privilege.excess import find_excess
from paritycheck.policy.privilege.grant import Member
from paritycheck.policy.privilege.granted import read_managed, resource_documents, role_documents
from paritycheck.policy.privilege.judging import Remark, Role
from paritycheck.policy.privilege.merging import merge
from paritycheck.policy.privilege.model import Doubt, Function, Needs
from paritycheck.policy.privilege.needed import needed
from paritycheck.policy.privilege.observed import Observed, read_observed
from paritycheck.policy.privilege.stack import Stack
from paritycheck.source import Sources

_FUNCTION = "aws_lambda_function"
_OTHERS = "name only functions under least_privilege whose code can be followed"


def prove(
    plans: Sequence[Plan], config: Config, sources: Sequence[Sources], vocabulary: Vocabulary, *, proof: Proof | None = None
) -> tuple[Finding, ...]:
    """Hold what functions are granted against what they need, and every environment's grants against those of the one before.

    `plans` are in the order of the configuration; `sources` are those of the plans' environments, as far as they are at hand.
    Without `least_privilege` in the configuration, only the environments are compared. `proof` keeps what it learns of the
    functions' code for the next time. Raises `ConfigError` for functions or observed calls that are not there.
    """
    of = {each.environment.name: each for each in sources}
    stacks = [Stack(plan, of.get(plan.environment)) for plan in plans]
    findings: list[Finding] = []
    if config.least_privilege:
        proof = proof or Proof(config.least_privilege)
        _refuse_unmatched(config.least_privilege, stacks)
        findings += merge([list(proof.judge(stack)) for stack in stacks], vocabulary)
    return (*findings, *find_excess(stacks, vocabulary))


class Proof:
    """What is the same in all environments: sources are searched once, and observed calls read once."""

    def __init__(self, settings: LeastPrivilege) -> None:
        """Read the observed calls; raise `ConfigError` where that is not possible."""
        self._settings = settings
        self._observed: Mapping[str, Sequence[Observed]] = read_observed(settings.observed) if settings.observed else {}
        self._modules: dict[tuple[Path, ...], PythonSources] = {}
        self._calls: dict[tuple[tuple[Path, ...], str], SourceCalls | SourceCodeError] = {}

    def judge(self, stack: Stack) -> Iterator[Remark]:
        """Yield what is wrong in one environment."""
        by_role: dict[str, list[Member]] = {}
        chosen: set[str] = set()
        for resource in stack.of_type(_FUNCTION):
            function = _read_function(stack, resource)
            entry = _entry(self._settings, resource.address)
            needs = self._needs(stack, function, entry) if entry else Needs((), (Doubt(f"{resource.address} has the role, too"),))
            role = function.role.address if function.role else resource.address
            by_role.setdefault(role, []).append(Member(function, needs))
            if entry:
                chosen.add(role)
        of_resources = resource_documents(stack)
        for role, members in by_role.items():
            if role in chosen:
                yield from _judge_role(stack, members, of_resources)

    def _needs(self, stack: Stack, function: Function, entry: FunctionSources) -> Needs:
        resource = function.resource
        names = {_key(resource), resource.name} if resource.index is not None else {_key(resource), resource.name, function.name}
        observed = [call for name in sorted(names) for call in self._observed.get(name, ())]
        problem = _unreadable(stack, resource)
        calls = None if problem else self._find_calls(stack, function, entry)
        if isinstance(calls, SourceCodeError):
            problem, calls = Doubt(calls.message, _place(calls), path="handler", hint=calls.hint or ""), None
        needs = needed(stack, function, calls, observed)
        return Needs(needs.needs, (*needs.doubts, problem)) if problem else needs

    def _find_calls(self, stack: Stack, function: Function, entry: FunctionSources) -> SourceCalls | SourceCodeError:
        directories = tuple(Path(_fill(text, function)) for text in entry.sources)
        key = directories, stack.text(function.resource, "handler")
        if key not in self._calls:
            modules = self._modules.setdefault(directories, PythonSources(directories))
            try:
                self._calls[key] = find_calls(directories, key[1], sources=modules)
            except SourceCodeError as error:
                self._calls[key] = error
        return self._calls[key]


def _judge_role(stack: Stack, members: Sequence[Member], of_resources: Any) -> Iterator[Remark]:
    function = members[0].function
    if function.role is None:
        sources = stack.sources
        place = sources.locate(function.resource.address, "role") if sources else None
        message = f"what {function.name or function.resource.address} is granted cannot be told: its role is not in the plan"
        yield Remark("undecided-grant", function.resource.address, "role", message, place)
        return
    boundary = stack.value(function.role, "permissions_boundary")
    limit = read_managed(stack, function.role, "permissions_boundary", boundary) if boundary else None
    yield from Role(stack, role_documents(stack, function.role), members, limit, of_resources).judge()


def _read_function(stack: Stack, resource: Resource) -> Function:
    role_arn = stack.text(resource, "role")
    environment = stack.value(resource, "environment[0].variables")
    known = environment if isinstance(environment, dict) else {}
    return Function(
        resource=resource,
        name=stack.text(resource, "function_name"),
        arn=stack.text(resource, "arn"),
        role_arn=role_arn,
        role=stack.find(role_arn, "aws_iam_role") if role_arn else None,
        environment=known if isinstance(environment, dict) or environment is None else None,
    )


def _unreadable(stack: Stack, resource: Resource) -> Doubt | None:
    """Say why a function's code cannot be looked into, if so."""
    runtime = stack.value(resource, "runtime")
    if stack.value(resource, "package_type") == "Image":
        hint = f"Deploy its code as an archive, whose handler the plan tells, or {_OTHERS}."
        return Doubt("it is a container image, whose handler the plan does not tell", path="package_type", hint=hint)
    if not isinstance(runtime, str) or not runtime.startswith("python"):
        message = f"its runtime is {runtime if isinstance(runtime, str) else 'unknown'}, and only Python is followed"
        return Doubt(message, path="runtime", hint=f"{_OTHERS[0].upper()}{_OTHERS[1:]}.")
    if stack.text(resource, "handler"):
        return None
    return Doubt("its handler is known only after apply", path="handler", hint="Write the handler into the configuration.")


def _place(error: SourceCodeError) -> Location | None:
    return Location(shown_path(error.location), 1) if isinstance(error.location, Path) else error.location


def _fill(text: str, function: Function) -> str:
    """Put a function's names for the placeholders; a name that could lead elsewhere is taken as one."""
    resource = function.resource
    names = {
        "key": _key(resource),
        "name": resource.name,
        "function_name": function.name,
    }
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]].replace("/", "_"), text)


def _key(resource: Resource) -> str:
    """Return the innermost key of `for_each` around an instance, be it a module's; else the number of `count`, or the name."""
    texts = [key[2:-2] for key in KEY.findall(resource.address) if key.startswith('["')]
    if texts:
        return re.sub(r"\\(.)", r"\1", texts[-1])
    return str(resource.index if resource.index is not None else resource.name)


def _entry(settings: LeastPrivilege, address: str) -> FunctionSources | None:
    return next((each for each in settings.functions if any(_matches(pattern, address) for pattern in each.functions)), None)


def _matches(pattern: str, address: str) -> bool:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    return any(re.fullmatch(expression, text, re.DOTALL) for text in (address, static_address(address)))


def _refuse_unmatched(settings: LeastPrivilege, stacks: Sequence[Stack]) -> None:
    """Refuse an entry that proves nothing."""
    addresses = {resource.address for stack in stacks for resource in stack.of_type(_FUNCTION)}
    for entry in settings.functions:
        if not any(_matches(pattern, address) for pattern in entry.functions for address in addresses):
            raise ConfigError(
                f"least_privilege: no function is named {' or '.join(entry.functions)}",
                hint=f"Name functions by their addresses, such as {min(addresses, default='aws_lambda_function.orders')}.",
                location=entry.location,
            )
