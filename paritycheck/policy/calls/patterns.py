"""The `match` statement: its names are whatever may be in the subject."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.flow import (
    all_elements,
    attributes,
    evaluate,
    items,
    run,
)
from paritycheck.policy.calls.libraries import all_attributes
from paritycheck.policy.calls.lookup import bind_name
from paritycheck.policy.calls.objects import (
    NOTHING,
    Values,
)
from paritycheck.policy.calls.state import Here


@run.register
def _(node: ast.Match, here: Here) -> None:
    subject = evaluate(node.subject, here)
    for case in node.cases:
        _bind_pattern(case.pattern, subject, here)
        if case.guard is not None:
            evaluate(case.guard, here)
        for statement in case.body:
            run(statement, here)


def _bind_pattern(pattern: ast.pattern, values: Values, here: Here) -> None:
    """Bind the names of a pattern: to the subject, and those inside to whatever is in it."""
    match pattern:
        case ast.MatchAs(name=name) | ast.MatchStar(name=name):
            if name is not None:
                bind_name(name, values, here)
        case ast.MatchMapping(rest=str(name)):
            bind_name(name, values, here)
        case ast.MatchValue(value=value):
            evaluate(value, here)
        case ast.MatchClass(cls=cls, kwd_attrs=names, kwd_patterns=patterns):
            evaluate(cls, here)
            for name, each in zip(names, patterns, strict=True):
                _bind_pattern(each, attributes(values, name, here, pattern), here)
    inner = values
    if not isinstance(pattern, ast.MatchAs | ast.MatchOr):
        # Keys and places are not told apart.
        inner = values.union(
            all_elements(values, here, pattern),
            items(values, NOTHING, here, pattern),
            *(all_attributes(value, here, pattern) for value in values),
        )
    for child in ast.iter_child_nodes(pattern):
        if isinstance(child, ast.pattern):
            _bind_pattern(child, inner, here)
