"""`paritycheck allow`: propose the rule that would allow a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.output import write_file
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection
from paritycheck.errors import UsageError, shown_path
from paritycheck.findings import join_path
from paritycheck.inert import inert
from paritycheck.rules import RULES

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.findings import Finding

_FINGERPRINT = re.compile(r"[0-9a-f]{4,16}")
_LISTED = 10
"""Findings that are listed for somebody who named none or several."""


def allow(selection: Selection, name: str, reason: str | None, chatter: Chatter) -> ExitCode:
    """Check the environments, and add the rule for one of the findings to `parity.yaml`."""
    from paritycheck.config import read_config
    from paritycheck.config.editing import add_allow_rules
    from paritycheck.reporters.causes import Cause, allow_stub

    finding = _find(name, check(selection.load(), chatter).findings)
    config = selection.load()  # others may have added rules meanwhile
    _refuse(finding)
    _refuse_proposed(finding, config)
    stub = allow_stub(Cause(finding.severity, finding.rule, finding.cause, (finding,)), exact=True)
    stub = _with_own_id(stub, {rule.id for rule in config.allow} | {rule.id for rule in config.protect})
    if reason is not None:
        stub = _with_reason(stub, reason)
    shown = shown_path(config.path)
    text = add_allow_rules(config.path.read_bytes().decode("utf-8"), [stub], shown)
    read_config(config.path, text)
    write_file(config.path, text.encode())
    _tell(config, stub, proposed=reason is None)
    return ExitCode.HELD


def _find(name: str, findings: Sequence[Finding]) -> Finding:
    """Return the one finding that is named by the beginning of its fingerprint, or by its address and path."""
    named = [finding for finding in findings if name in (_name(finding), finding.address)]
    if not named and _FINGERPRINT.fullmatch(name):
        named = [finding for finding in findings if finding.fingerprint.startswith(name)]
    if len(named) == 1:
        return named[0]
    allowable = [finding for finding in named or findings if RULES[finding.rule].allowable]
    if not named and not allowable:
        raise UsageError(f"there is no finding {name!r}, and none that a rule could allow", hint="See them all: paritycheck run")
    problem = f"{len(named)} findings are named {name!r}" if named else f"there is no finding {name!r}"
    listed = [f"{finding.fingerprint}  {_name(finding)}" for finding in (allowable or named)[:_LISTED]]
    more = len(allowable or named) - len(listed)
    details = "\n".join([*listed, *([f"and {more} more"] if more else [])])
    raise UsageError(problem, hint="Name one by its fingerprint, or as ADDRESS.PATH:", details=details)


def _name(finding: Finding) -> str:
    return join_path(finding.address, finding.path)


def _refuse(finding: Finding) -> None:
    """Raise `UsageError` for what no rule can allow."""
    if RULES[finding.rule].allowable:
        return
    hint = RULES[finding.rule].fix
    if finding.policy:
        hint = f"Where it is meant, say so beside the resource: #checkov:skip={finding.policy}:REASON"
    elif finding.allow:
        hint = f"It is about the rule {finding.allow!r}. {hint}"
    raise UsageError(f"{finding.rule} is nothing that a rule could allow", hint=hint, location=finding.location)


def _refuse_proposed(finding: Finding, config: Config) -> None:
    """Raise `UsageError` where a rule would allow the finding already, if somebody wrote its reason."""
    proposed = next((rule for rule in config.allow if rule.id == finding.allow and not rule.reason), None)
    if proposed:
        problem = f"allow rule {proposed.id!r} would permit it already, and lacks a reason"
        raise UsageError(problem, hint="Write the reason, or remove the rule.", location=proposed.location)


def _with_own_id(stub: str, taken: set[str]) -> str:
    """Give a rule an id that no other has."""
    proposed = stub.split("\n", 1)[0].removeprefix("- id: ")
    number, own = 1, proposed
    while own in taken:
        number += 1
        own = f"{proposed}-{number}"
    return stub.replace(f"- id: {proposed}", f"- id: {own}", 1)


def _with_reason(stub: str, reason: str) -> str:
    import json

    if not reason.strip() or not reason.isprintable():
        problem = "holds characters that cannot be printed" if reason.strip() else "is empty"
        raise UsageError(f"--reason {problem}", hint="Say in one line why these environments may differ here.")
    return re.sub(r"(?m)^  reason:.*$", lambda _: f"  reason: {json.dumps(reason, ensure_ascii=False)}", stub)


def _tell(config: Config, stub: str, *, proposed: bool) -> None:
    print(inert(f"added to {shown_path(config.path)}:"))
    for line in stub.split("\n"):
        print(f"  {inert(line)}")
    if proposed:
        print("It permits nothing until its reason is written.")
