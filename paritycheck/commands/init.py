"""`paritycheck init`: write a `parity.yaml` for a stack that is there already."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.output import check_writable, write_file
from paritycheck.commands.progress import Chatter
from paritycheck.errors import ParityError, UsageError, shown_path
from paritycheck.inert import inert

if TYPE_CHECKING:
    from paritycheck.commands.proposing import Proposals
    from paritycheck.discovery import Found, Hints, Stack, Survey, Tree

_NAME = "parity.yaml"
_LISTED = 10

_LAYOUTS = """\
tfvars/dev.tfvars, tfvars/prod.tfvars   variables files for each environment
envs/dev/main.tf, envs/prod/main.tf     a directory for each environment
terraform.workspace, and maps or conditions that name the environments
variable "environment", and maps that have the environments as keys"""

_BY_HAND = "Name the directory of the stack, or write the file by hand: docs/configuration.md tells how. These layouts are known:"


def init(directory: Path, engine: str, output: Path | None, chatter: Chatter, *, plan: bool, force: bool) -> ExitCode:
    """Find the stacks in a directory, and write a `parity.yaml` for each, with today's differences as proposals."""
    from paritycheck.discovery import document, look_closer, walk

    tree = walk(Path(os.path.normpath(directory.absolute())))
    _tell_of_limits(tree)
    stacks = _stacks(tree)
    files = _files(stacks, output)
    for file in files:
        check_writable(file)
        if not force and os.path.lexists(file):
            raise UsageError(f"{shown_path(file)} is there already", hint="Replace it with --force, or name another file with --output.")
    described = [(stack, look_closer(stack)) for stack in stacks]
    for file, (stack, hints) in zip(files, described, strict=True):
        write_file(file, document(stack, hints, file.parent, engine).encode())
        _tell_of_stack(file, stack, hints)
    if plan:
        _propose_all(files, chatter)
    _tell_next(files, plan=plan)
    return ExitCode.HELD


def _stacks(tree: Tree) -> Sequence[Stack]:
    """Return the stacks to write for; raise `UsageError` where there is none."""
    from paritycheck.discovery import find_stacks

    survey = find_stacks(tree)
    stacks = survey.stacks or _around(tree)
    if not stacks:
        raise _nothing(tree, survey)
    for message in survey.unreadable:
        print(f"left out: {inert(message)}", file=sys.stderr)
    for directory in survey.plain:
        print(f"passed over, for it has no environments: {inert(shown_path(directory))}", file=sys.stderr)
    for stack in survey.single:
        name, where = stack.environments[0].name, shown_path(stack.environments[0].dir)
        print(f"passed over, for it has one environment only, {inert(name)}: {inert(where)}", file=sys.stderr)
    return stacks


def _around(tree: Tree) -> Sequence[Stack]:
    """Return the stack of which a directory is one environment, seen from above."""
    from paritycheck.discovery import find_stacks, walk
    from paritycheck.discovery.names import is_folder, is_plain

    if tree.root not in tree.configurations:
        return ()
    for above, below in zip(tree.root.parents, (tree.root, *tree.root.parents), strict=False):
        if is_plain(below.name) or is_folder(above.name):
            found = find_stacks(walk(above)).stacks
            return [stack for stack in found if any(each.dir == tree.root for each in stack.environments)]
        if (below / ".git").exists():
            break
    return ()


def _nothing(tree: Tree, survey: Survey) -> UsageError:
    """Say why there is nothing to write."""
    where = shown_path(tree.root)
    if survey.single:
        found = survey.single[0].environments[0]
        message = f"there is only one environment in {where}: {found.name} ({shown_path(found.dir)})"
        return UsageError(message, hint=f"Parity takes two or more. {_BY_HAND}", details=_LAYOUTS)
    if tree.terragrunt and not tree.configurations:
        hint = "Have Terragrunt write each environment's plan as JSON, and compare those: paritycheck compare dev.json prod.json"
        return UsageError(f"{where} holds Terragrunt's files and no configuration of Terraform's own", hint=hint)
    what = "no environments were found" if tree.configurations else "there are no Terraform files"
    return UsageError(f"{what} in {where} or below it", hint=_BY_HAND, details=_LAYOUTS)


def _files(stacks: Sequence[Stack], output: Path | None) -> list[Path]:
    """Return the file for each stack; raise `UsageError` where several would share one."""
    if output and len(stacks) == 1:
        return [output.absolute()]
    homes = [stack.home for stack in stacks]
    if output is None and len(set(homes)) == len(homes):
        return [home / _NAME for home in homes]
    first = stacks[0].environments[0].dir
    hint = f"Name one environment's directory of the stack that you mean: paritycheck init {shown_path(first)} --output FILE"
    if output:
        hint = "Leave --output out, or name the directory of one stack."
    raise UsageError(f"{len(stacks)} stacks would share one file", hint=hint, details="\n".join(_listing(stacks)))


def _listing(stacks: Sequence[Stack]) -> Iterator[str]:
    for stack in stacks[:_LISTED]:
        yield f"{', '.join(found.name for found in stack.environments)}: {shown_path(stack.environments[0].dir)}"
    if len(stacks) > _LISTED:
        yield f"and {len(stacks) - _LISTED} more"


def _tell_of_stack(file: Path, stack: Stack, hints: Hints) -> None:
    """Say what a file describes."""
    print(f"{inert(shown_path(file))}: {stack.layout.value}")
    width = max(len(found.name) for found in stack.environments)
    for found in stack.environments:
        print(inert(f"  {found.name:{width}}  {_made_of(found)}"))
    if hints.variable:
        print(f"  var.{inert(hints.variable)} holds the environment's name")
    for name in hints.unset[:_LISTED]:
        print(f"nothing sets var.{inert(name)}: give it a value in a variables file, or under `variables:`", file=sys.stderr)
    for path in stack.unused[:_LISTED]:
        print(f"not used, for its name tells no environment: {inert(shown_path(path))}", file=sys.stderr)


def _made_of(found: Found) -> str:
    """Say in one line what makes an environment."""
    parts = [*map(shown_path, found.var_files)]
    parts += [f"workspace {found.workspace}"] if found.workspace else []
    parts += [f"{name} = {value}" for name, value in found.variables.items()]
    return ", ".join(parts or [shown_path(found.dir)])


def _propose_all(files: Sequence[Path], chatter: Chatter) -> None:
    """Propose rules for each stack; what keeps one from being planned keeps no other from it, and the first such error is raised."""
    errors: list[ParityError] = []
    for file in files:
        try:
            _propose(file, chatter)
        except ParityError as error:
            print(f"{inert(shown_path(file))} has no allow rules: its environments cannot be compared yet.", flush=True)
            errors.append(error)
    if not errors:
        return
    for other in errors[1:]:
        print(f"also: {inert(other.message)}", file=sys.stderr)
    print("Mend what is told, then have the rules proposed: paritycheck init --force", flush=True)
    raise errors[0]


def _propose(file: Path, chatter: Chatter) -> None:
    """Plan and compare the environments, and add a rule for each difference to the file."""
    from paritycheck.commands.checking import check
    from paritycheck.commands.proposing import propose
    from paritycheck.config import load_config, read_config
    from paritycheck.config.editing import add_allow_rules

    proposals = propose(check(load_config(file), chatter, topology=True))
    if proposals.rules:
        text = add_allow_rules(file.read_bytes().decode(), proposals.rules, shown_path(file))
        read_config(file, text)
        write_file(file, text.encode())
    _tell_of_proposals(file, proposals)


def _tell_of_proposals(file: Path, proposals: Proposals) -> None:
    shown = inert(shown_path(file))
    if proposals.rules:
        differences = _counted(len(proposals.allowable), "difference")
        print(f"{differences} today: {_counted(len(proposals.rules), 'allow rule')} proposed, without a reason, in {shown}")
    else:
        print("no differences today")
    if proposals.others:
        print(f"{_counted(len(proposals.others), 'finding')} that no rule can allow:", file=sys.stderr)
        for finding in proposals.others[:_LISTED]:
            place = f"{finding.location}: " if finding.location else ""
            print(f"  {inert(f'{place}{finding.rule}: {finding.message}')}", file=sys.stderr)
        if len(proposals.others) > _LISTED:
            print(f"  and {len(proposals.others) - _LISTED} more", file=sys.stderr)


def _tell_next(files: Sequence[Path], *, plan: bool) -> None:
    """Say what to do next, in order."""
    print("\nNext:")
    print("  1. See that the environments are right, from the smallest to the largest.")
    if plan:
        print("  2. Where a proposed difference is meant, write its reason.")
        print("     Where it is not, make the environments alike, and remove the rule.")
    else:
        print("  2. See what differs. `paritycheck allow` proposes the rule for what is meant.")
    print("  3. Check:")
    for file in files:
        print(f"     {inert(_command(file))}")


def _command(file: Path) -> str:
    """Return the command line that checks a stack from here."""
    here = file.name == _NAME and file.parent.resolve() == Path.cwd().resolve()
    return "paritycheck run" if here else f"paritycheck run --config {shlex.quote(shown_path(file))}"


def _tell_of_limits(tree: Tree) -> None:
    """Say what was not looked at."""
    for path in tree.unreadable[:_LISTED]:
        print(f"left out, for it cannot be read: {inert(shown_path(path))}", file=sys.stderr)
    if not tree.whole:
        print(f"not all of {inert(shown_path(tree.root))} was looked at: it is too large. Name the stack's directory.", file=sys.stderr)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
