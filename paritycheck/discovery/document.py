"""The `parity.yaml` that describes a stack, without its rules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from paritycheck.discovery.hints import Hints
from paritycheck.discovery.names import rank
from paritycheck.discovery.stacks import Found, Stack
from paritycheck.quoting import quote

_LINE = 110
"""Characters of an environment that stands in one line."""


def document(stack: Stack, hints: Hints, base: Path, engine: str) -> str:
    """Write a stack's `parity.yaml` for the directory in which it is to be."""
    paragraphs = [
        ["version: 1", f"engine: {engine}"],
        [*_order(stack), "environments:", *(line for found in stack.environments for line in _environment(found, base)), *_unset(hints)],
        [*_normalize(hints), *_tokens(hints)],
        [*_policies(hints, base)],
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _order(stack: Stack) -> Iterator[str]:
    yield "# From the smallest to the largest: an allow rule with an order counts on it."
    guessed = [found.name for found in stack.environments if rank(found.name) is None]
    if guessed:
        yield f"# The place of {' and '.join(guessed)} is a guess."


def _environment(found: Found, base: Path) -> Iterator[str]:
    settings = [(key, value) for key, value in _settings(found, base) if value]
    line = f"  {quote(found.name)}: {{{', '.join(f'{key}: {value}' for key, value in settings)}}}"
    if len(line) <= _LINE:
        yield line
    else:
        yield f"  {quote(found.name)}:"
        yield from (f"    {key}: {value}" for key, value in settings)


def _settings(found: Found, base: Path) -> Iterator[tuple[str, str]]:
    yield "dir", "" if found.dir == base else _path(found.dir, base)
    yield "var_files", _sequence(_path(path, base) for path in found.var_files)
    yield "workspace", quote(found.workspace) if found.workspace else ""
    yield "variables", _mapping(found.variables)
    yield "backend_config", _sequence([_path(found.backend, base)] if found.backend else [])


def _unset(hints: Hints) -> Iterator[str]:
    for name in hints.unset:
        yield f"# Nothing sets var.{name}: give it a value in a variables file, or to an environment above: variables: {{{name}: ...}}"


def _normalize(hints: Hints) -> Iterator[str]:
    if hints.variable:
        yield "# The variable that holds the environment's name: where a value differs by that name alone, it is the same."
        yield f"normalize: {{variable: {hints.variable}}}"
    else:
        yield "# Where a value differs by the environment's name alone, it is the same. The names above count,"
        yield "# unless a variable holds another one:"
        yield "# normalize: {variable: environment}"


def _tokens(hints: Hints) -> Iterator[str]:
    if not hints.tokens:
        return
    yield "# These differ by nature too. If they appear in other values, put them under `normalize:`:"
    yield "#   tokens:"
    for label, texts in hints.tokens.items():
        yield f"#     {label}: {_mapping(texts)}"


def _policies(hints: Hints, base: Path) -> Iterator[str]:
    named = _path(hints.policies, base) if hints.policies else None
    yield "# Policies that every environment must keep: a directory of your checks, or checkov's own by their ids."
    yield f"# policies: {named}" if named else "# policies: {builtin: all}"
    if hints.functions:
        sources = _sequence(_path(path, base) for path in hints.code) or "[src]"
        yield "# What each function calls, by its Python code, held against what its role grants."
        yield "# least_privilege:"
        yield "#   functions:"
        yield "#     - resources: [aws_lambda_function.*]"
        yield f"#       sources: {sources}"


def _path(path: Path, base: Path) -> str:
    return quote(Path(os.path.relpath(path, base)).as_posix())


def _sequence(items: Iterable[str]) -> str:
    written = list(items)
    return f"[{', '.join(written)}]" if written else ""


def _mapping(texts: Mapping[str, str]) -> str:
    pairs = [f"{quote(key)}: {quote(text)}" for key, text in texts.items()]
    return f"{{{', '.join(pairs)}}}" if pairs else ""
