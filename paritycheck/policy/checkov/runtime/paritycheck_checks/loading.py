"""The policies: the user's own in their directory, and those of checkov's that they select."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.checks_infra.checks_parser import (
    JSONPATH_PREFIX,
    GraphCheckParser,
    condition_type_to_solver_type,
    operator_to_connection_solver_classes,
    operator_to_filter_solver_classes,
    operator_to_resource_solver_classes,
    operators_to_attributes_solver_classes,
    operators_to_complex_solver_classes,
)
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.resource.registry import resource_registry
from checkov.terraform.plan_runner import TF_LIFECYCLE_CHECK_IDS  # of what no plan holds

MAX_BYTES = 1024 * 1024
"""Size of the largest policy file that is read."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_GRAPH_ID = re.compile(r"\bid[\"']?:\s*[\"']?(CKV2?_\w+)")
_OWN = tuple({id(check): check for registry in (resource_registry, data_registry) for _, check in registry.all_checks()}.values())
"""checkov's own checks: no other is registered yet."""

_MODULE = "paritycheck_policy_"
_KINDS = {"resource", "data"}
_CONDITION_KEYS = {"cond_type", "resource_types", "connected_resource_types", "attribute", "operator", "value"}
_OPERATORS = {
    "attribute": {*operators_to_attributes_solver_classes, *(JSONPATH_PREFIX + each for each in operators_to_attributes_solver_classes)},
    "connection": {*operator_to_connection_solver_classes},
    "filter": {*operator_to_filter_solver_classes},
    "resource": {*operator_to_resource_solver_classes},
}
_REQUIRED = ("id", "name", "category")


@dataclass
class Policy:
    """One check."""

    id: str
    name: str
    file: str | None
    """Where it is defined; `None` for a check of checkov's."""
    severity: str | None
    guideline: str | None
    check: Any = field(repr=False)
    """checkov's object for a check in Python, a function that makes one for a graph check."""
    is_graph: bool = False


class Refused(Exception):  # noqa: N818 -- a policy, not the program, is wrong
    """A policy cannot be used."""

    def __init__(self, file: str, problem: str, line: int | None = None, about: str = "") -> None:
        super().__init__(problem)
        self.file, self.problem, self.line, self.about = file, problem, line, about


def load(directory: str | None, builtin: list[str] | str) -> tuple[list[Policy], list[Refused]]:
    """Load the policies of a directory and the selected ones of checkov's, and what is wrong with any of them.

    `builtin` is a list of ids, or ``all``.
    """
    refused: list[Refused] = []
    own = {check.id for check in _OWN} | builtin_graph_ids()
    custom = list(_custom(Path(directory), refused)) if directory else []
    policies: dict[str, Policy] = {}
    for policy in custom:
        other = policies.get(policy.id)
        if other is not None:
            refused.append(Refused(str(policy.file), f"its id {policy.id} is that of {os.path.relpath(str(other.file), directory)} too"))
        elif policy.id in own:
            refused.append(Refused(str(policy.file), f"its id {policy.id} is that of one of checkov's own checks"))
        else:
            policies[policy.id] = policy
    if builtin:
        available = {policy.id: policy for policy in [*_builtin(), *_builtin_graph()] if policy.id not in TF_LIFECYCLE_CHECK_IDS}
        policies.update(available if builtin == "all" else {id_: available[id_] for id_ in builtin if id_ in available})
        refused += [
            Refused("parity.yaml", f"checkov has no check {id_!r} of a plan", about=id_)
            for id_ in builtin
            if builtin != "all" and id_ not in available
        ]
    return list(policies.values()), refused


def is_builtin(id_: str) -> bool:
    """Return whether checkov has a check of this id for Terraform."""
    return any(check.id == id_ for check in _OWN) or id_ in builtin_graph_ids()


@cache
def builtin_graph_ids() -> frozenset[str]:
    """Return the ids of checkov's graph checks, from their files alone: loading them all takes a second."""
    directory = Path(get_graph_checks_registry("terraform").checks_dir)
    texts = (path.read_text(encoding="utf-8") for path in directory.rglob("*") if path.suffix in _LOADERS)
    return frozenset(found[1] for text in texts if (found := _GRAPH_ID.search(text)))


def _builtin() -> Iterator[Policy]:
    return (_policy(check, None, check) for check in _OWN)


def _builtin_graph() -> Iterator[Policy]:
    registry = get_graph_checks_registry("terraform")
    registry.load_checks()
    for check in registry.checks:
        yield _policy(check, None, lambda check=check: check, is_graph=True)


def _custom(directory: Path, refused: list[Refused]) -> Iterator[Policy]:
    sys.path.insert(0, str(directory))
    try:
        files = sorted(_files(directory), key=lambda path: (path.parent, path.name))
    except OSError as error:
        refused.append(Refused(str(error.filename), f"it cannot be read: {error.strerror}"))
        return
    for beside, paths in groupby(files, key=lambda path: path.parent):
        with _importing(beside):
            yield from _load(paths, refused)


@contextmanager
def _importing(directory: Path) -> Iterator[None]:
    """Let policies import what lies beside them, before what has the same name elsewhere."""
    before = set(sys.modules)
    sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        sys.path.remove(str(directory))
        for name in set(sys.modules) - before:
            if not name.startswith(_MODULE) and str(getattr(sys.modules[name], "__file__", None)).startswith(f"{directory}{os.sep}"):
                del sys.modules[name]


def _load(paths: Iterable[Path], refused: list[Refused]) -> Iterator[Policy]:
    for path in paths:
        try:
            yield from [_checked(policy) for policy in _read(path)]
        except Refused as error:
            refused.append(error)
        except OSError as error:
            refused.append(Refused(str(path), f"it cannot be read: {error.strerror}"))
        except BaseException as error:  # noqa: BLE001 -- a policy is the user's own code; SystemExit would be a silent pass
            refused.append(Refused(str(path), _describe(error), _line(error, str(path))))


def _files(directory: Path) -> Iterator[Path]:
    """Yield the policy files; names that begin with a dot or an underscore are something else, such as what checks share."""
    for path in directory.iterdir():
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix in _LOADERS:
            yield path


def _read(path: Path) -> Iterable[Policy]:
    if path.stat().st_size > MAX_BYTES:
        raise Refused(str(path), f"it is larger than {MAX_BYTES // 1024} KiB")
    return _LOADERS[path.suffix](path)


def _python(path: Path) -> Iterator[Policy]:
    before = len(BaseCheckRegistry.get_all_registered_checks())
    name = f"{_MODULE}{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Refused(str(path), "Python does not take it for a module")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checks = BaseCheckRegistry.get_all_registered_checks()[before:]
    if not checks:
        raise Refused(str(path), "it registers no check: derive a class from BaseResourceCheck, and make one: `check = MyCheck()`")
    for check in checks:
        if check.block_type not in _KINDS:
            raise Refused(str(path), f"it checks a {check.block_type}: only resources and data sources are in a plan's values")
        yield _policy(check, str(path), check)


def _document(path: Path) -> Iterator[Policy]:
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    if not isinstance(raw, dict):
        raise Refused(str(path), "it holds no mapping with metadata and definition")
    metadata, definition = raw.get("metadata"), raw.get("definition")
    if not isinstance(metadata, dict) or not all(isinstance(metadata.get(key), str) for key in _REQUIRED):
        raise Refused(str(path), f"its metadata must give {', '.join(_REQUIRED)}, each a text")
    _check_condition(definition, str(path))

    def make() -> Any:
        return GraphCheckParser().parse_raw_check(json.loads(json.dumps(raw)), resources_types=None)

    policy = _policy(make(), str(path), make, is_graph=True)
    policy.severity = metadata.get("severity")
    yield policy


_LOADERS: dict[str, Callable[[Path], Iterable[Policy]]] = {".py": _python, ".yaml": _document, ".yml": _document, ".json": _document}


def _check_condition(node: Any, file: str) -> None:
    """Refuse a condition that checkov would read as something that always holds, such as one with a misspelled key."""
    if not isinstance(node, dict):
        raise Refused(file, "its definition must be a mapping of a condition")
    combined = [operator for operator in operators_to_complex_solver_classes if operator in node]
    if not combined:
        if unknown := sorted(map(str, node.keys() - _CONDITION_KEYS)):
            raise Refused(file, f"a condition has no key {unknown[0]!r}: it takes {', '.join(sorted(_CONDITION_KEYS))}")
        if not node.get("cond_type") or node["cond_type"] not in condition_type_to_solver_type:
            accepted = ", ".join(filter(None, condition_type_to_solver_type))
            raise Refused(file, f"a condition's cond_type must be one of {accepted}")
        if (operator := node.get("operator")) not in (known := _OPERATORS[node["cond_type"]]):
            near = get_close_matches(str(operator), known, n=1)
            accepted = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(sorted(known))}"
            raise Refused(file, f"a condition of the type {node['cond_type']} has no operator {operator!r}: {accepted}")
        return
    if len(node) > 1:
        raise Refused(file, f"beside {combined[0]!r} a condition takes nothing else")
    parts = node[combined[0]]
    parts = [parts] if isinstance(parts, dict) else parts
    if not isinstance(parts, list) or not parts:
        raise Refused(file, f"{combined[0]!r} takes a list of conditions")
    for part in parts:
        _check_condition(part, file)


def _policy(check: Any, file: str | None, made: Any, *, is_graph: bool = False) -> Policy:
    severity = getattr(check.severity, "name", check.severity)
    return Policy(check.id, check.name, file, severity, check.guideline, made, is_graph)


def _checked(policy: Policy) -> Policy:
    if not _ID.fullmatch(str(policy.id)):
        raise Refused(str(policy.file), "its id must be letters, digits, dashes and underscores, such as CKV_TAP_1")
    if not str(policy.name).strip():
        raise Refused(str(policy.file), "its name must say what the policy demands")
    return policy


def _describe(error: BaseException) -> str:
    """Say what went wrong in one line; a policy that loads has seen no plan, so that nothing secret can be in it."""
    if isinstance(error, yaml.MarkedYAMLError):
        return f"it is not YAML: {error.problem or error.context}"
    if isinstance(error, SyntaxError):
        return f"it is not Python: {error.msg}"
    return f"{type(error).__name__}: {error}".strip(": ").splitlines()[0][:500]


def _line(error: BaseException, file: str) -> int | None:
    """Return the line of a file in which an error arose, or which it is about."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return int(error.problem_mark.line) + 1
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    return line_in(error, file)


def line_in(error: BaseException, file: str) -> int | None:
    """Return the last line of a file that was running when an error arose."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None
