"""What checkov's process answers."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from paritycheck.errors import ConfigError, Location, PlanError, shown_path
from paritycheck.findings import Severity

_MILD = {"LOW": Severity.WARNING, "INFO": Severity.NOTE, "NONE": Severity.NOTE}
"""Severities of checks that weigh less than an error."""


class Verdict(StrEnum):
    """What a policy says of a resource."""

    PASS = "pass"  # noqa: S105 -- no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    """It depends on a value that is known only after apply."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A check, as its file declares it."""

    id: str
    name: str
    """What it demands, in a sentence."""
    severity: Severity
    guideline: str | None
    file: Path | None
    """Where it is defined; `None` for a check of checkov's own."""

    @property
    def slug(self) -> str:
        """The name of its file, which is its section in the documentation too; of a check of checkov's own, its id."""
        return self.file.stem.replace("_", "-") if self.file else self.id


@dataclass(frozen=True, slots=True)
class Result:
    """A policy's verdict on one resource in one environment."""

    policy: Policy
    address: str
    verdict: Verdict
    paths: tuple[str, ...]
    """Attributes that decided, as far as the policy says so: `server_side_encryption[0].kms_key_arn`."""


@dataclass(frozen=True, slots=True)
class Results:
    """All verdicts."""

    checkov_version: str
    policies: Mapping[str, Policy]
    """Every policy by its id."""
    environments: Mapping[str, tuple[Result, ...]]
    """Verdicts by environment; a policy that does not apply to a resource gives none."""
    builtin: frozenset[str]
    """Which of the ids that were asked about are checks of checkov's own."""


class _Policy(msgspec.Struct):
    id: str
    name: str
    file: str | None
    severity: str | None
    guideline: str | None


class _Refused(msgspec.Struct):
    file: str
    problem: str
    line: int | None
    about: str = ""
    """What is misspelled in `parity.yaml`."""


class _Failure(msgspec.Struct):
    policy: str
    address: str
    problem: str
    line: int | None


class _Unread(msgspec.Struct):
    address: str
    problem: str


class _Environment(msgspec.Struct):
    read: int
    results: list[tuple[str, str, Verdict, list[str]]]
    failures: list[_Failure]
    unread: list[_Unread] = []


class _Answer(msgspec.Struct):
    version: str
    policies: list[_Policy]
    refused: list[_Refused]
    environments: list[_Environment] = []
    builtin: list[str] = []
    failure: str | None = None


def read_answer(answer: bytes, planned: Mapping[str, int], config: Path, oldest: Sequence[int] = ()) -> Results:
    """Read the answer, where `planned` is how many resources each environment's plan holds, and `config` is `parity.yaml`.

    `oldest` is the oldest version of checkov that will do.
    Raises `PlanError` where there is no verdict: a policy that cannot be loaded or evaluated, or a resource that was not read; and
    `ConfigError` where `parity.yaml` selects a check that there is not.
    """
    try:
        read = msgspec.json.decode(answer, type=_Answer)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise PlanError("The policies' process ended without an answer", hint=_ENDED) from error
    _refuse_version(read.version, oldest)
    _refuse(read.refused, config)
    if read.failure:
        raise PlanError(f"The policies' process failed with {read.failure}", hint=_NO_PLAN)
    if not read.policies:
        raise PlanError("No policy was checked: there is none", hint=_NO_POLICY, location=config)
    policies = {each.id: _policy(each) for each in read.policies}
    for name, environment in zip(planned, read.environments, strict=False):
        _refuse_unread(environment.unread, name)
        _refuse_failures(environment.failures, policies, name)
    for index, (name, count) in enumerate(planned.items()):
        seen = read.environments[index].read if index < len(read.environments) else 0
        if seen != count:
            raise PlanError(f"checkov read {seen} of {count} resources of {name}'s plan", hint=_OTHER_VERSION)
    verdicts = {name: _results(each, policies) for name, each in zip(planned, read.environments, strict=True)}
    return Results(read.version, policies, verdicts, frozenset(read.builtin))


_ENDED = "A policy may have ended it; run the policies one by one to find out which."
_NO_PLAN = "A plan may hold values that no provider writes; compare it without policies to find out."
_NO_POLICY = "Put checks into the directory that `policies` names, or select some of checkov's own under `policies.builtin`."
_OTHER_VERSION = "Use the version of checkov that paritycheck pins: leave out --checkov."
_MEND = "Mend it, or move it out of the policies' directory; a name that begins with an underscore is no policy."


def _policy(read: _Policy) -> Policy:
    severity = _MILD.get((read.severity or "").upper(), Severity.ERROR)
    return Policy(read.id, " ".join(read.name.split()), severity, read.guideline, Path(read.file) if read.file else None)


def _results(environment: _Environment, policies: Mapping[str, Policy]) -> tuple[Result, ...]:
    return tuple(Result(policies[id_], address, verdict, tuple(map(_path, keys))) for id_, address, verdict, keys in environment.results)


def _path(key: str) -> str:
    """Turn checkov's notation of an attribute into ours: `a/[0]/b` into `a[0].b`."""
    path = ""
    for part in key.replace(".", "/").split("/"):
        number = part.removeprefix("[").removesuffix("]")
        path += f"[{number}]" if number.isdigit() and path else f".{part}" if path and part else part
    return path


def _refuse_version(version: str, oldest: Sequence[int]) -> None:
    if [int(number) for number in re.findall(r"[0-9]+", version)[:3]] < list(oldest):
        raise PlanError(f"checkov {version} is too old: it takes {'.'.join(map(str, oldest))} or later", hint=_OTHER_VERSION)


def _refuse(refused: list[_Refused], config: Path) -> None:
    if not refused:
        return
    first, *others = refused
    if first.file == "parity.yaml":
        raise ConfigError(
            f"policies.builtin: {first.problem}", hint="Correct the id, or leave it out.", location=_find(first.about, config)
        )
    details = "\n".join(f"{shown_path(Path(each.file))}: {each.problem}" for each in others)
    file = shown_path(Path(first.file))
    location = Location(file, first.line) if first.line else Path(first.file)
    raise PlanError(f"The policy {file} cannot be loaded: {first.problem}", hint=_MEND, location=location, details=details or None)


def _find(text: str, file: Path) -> Location | Path:
    """Return the line of a file that holds a text, else the file."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        return next((Location(shown_path(file), number) for number, line in lines if text in line), file)
    return file


def _refuse_unread(unread: list[_Unread], environment: str) -> None:
    if unread:
        details = "\n".join(f"{each.address}: {each.problem}" for each in unread[1:6])
        message = f"No policy can judge {unread[0].address} in {environment}'s plan: {unread[0].problem}"
        raise PlanError(message, hint="Make the plan again; Terraform writes none like this.", details=details or None)


def _refuse_failures(failures: list[_Failure], policies: Mapping[str, Policy], environment: str) -> None:
    if not failures:
        return
    first = failures[0]
    policy = policies[first.policy]
    file = shown_path(policy.file) if policy.file else "checkov's own check"
    subject = f" of {first.address}" if first.address else ""
    details = "\n".join(f"{each.policy}: {each.problem} {each.address}" for each in failures[1:6])
    raise PlanError(
        f"The policy {policy.id} ({file}) fails with {first.problem} in {environment}{subject}",
        hint="Let it take any value that the attribute may have; `is_unknown` of paritycheck_checks tells one that is not known yet.",
        location=Location(file, first.line) if first.line else None,
        details=details or None,
    )
