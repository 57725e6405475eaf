"""Expressions, one level at a time: what stands in them is read only when somebody looks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from paritycheck.source.constructs import (
    EVERY,
    Call,
    Conditional,
    For,
    Literal,
    ObjectValue,
    Opaque,
    Operation,
    Reference,
    Step,
    Syntax,
    Template,
    Traversal,
    TupleValue,
)
from paritycheck.source.syntax import Expression, SourceFile, unquote

if TYPE_CHECKING:
    from tree_sitter import Node


_MOST_STEPS = 100
"""From how many steps on nobody wrote ``a.b.c...`` by hand."""


def read(expression: Expression) -> Syntax:
    """Return the outermost construct of an expression, which is made out once: thousands of findings can lead to one place."""
    known, nodes = expression.file.constructs, expression.nodes
    place = (nodes[0].start_byte, nodes[-1].end_byte, len(nodes)) if nodes else (0, 0, 0)
    if place not in known:
        known[place] = _read(expression)
    return known[place]


def _read(expression: Expression) -> Syntax:
    file, nodes = expression.file, _unwrapped(expression.nodes)
    while len(nodes) == 1 and nodes[0].type == "template_expr" and (inner := _only_interpolation(nodes[0])):
        nodes = _unwrapped((inner,))
    if not nodes:
        return Opaque()
    length = 3 if nodes[0].type == "(" else 1
    if len(nodes) > length:
        return _traversal(Expression(file, tuple(nodes[:length])), nodes[length:])
    reader = _READERS.get(nodes[0].type)
    return reader(file, nodes[0]) if reader and nodes[0].named_child_count else Opaque()


def _significant(nodes: Sequence[Node]) -> Sequence[Node]:
    return [node for node in nodes if node.type != "comment"]


def _unwrapped(nodes: Sequence[Node]) -> Sequence[Node]:
    """Return the nodes of the innermost expression inside wrappers and parentheses."""
    nodes = _significant(nodes)
    while True:
        if len(nodes) == 1 and nodes[0].type == "expression":
            nodes = _significant(nodes[0].children)
        elif len(nodes) == 3 and nodes[0].type == "(":
            nodes = nodes[1:2]
        else:
            return nodes


def _only_interpolation(node: Node) -> Node | None:
    """Return the expression of ``"${expression}"``, which is not a text but the expression's own value."""
    quoted = node.named_children[0] if node.named_children else None
    if quoted is None or quoted.type != "quoted_template" or quoted.named_child_count != 3:
        return None
    return next(iter(_inner(quoted.named_children[1])), None) if quoted.named_children[1].type == "template_interpolation" else None


def _inner(node: Node) -> Iterator[Node]:
    return (child for child in node.named_children if child.type == "expression")


def _expressions(file: SourceFile, node: Node) -> tuple[Expression, ...]:
    return tuple(Expression(file, (child,)) for child in _inner(node))


def _traversal(base: Expression, postfix: Sequence[Node]) -> Syntax:
    if len(postfix) > _MOST_STEPS:
        return Opaque()
    steps = tuple(step for node in postfix for step in _steps(base.file, node))
    first = base.nodes[0]
    return Reference(base.file.text(first), steps) if first.type == "variable_expr" else Traversal(base, steps)


def _steps(file: SourceFile, node: Node) -> Iterator[Step]:
    match node.type:
        case "get_attr":
            yield file.text(node).lstrip(". \t\r\n")
        case "legacy_index":
            yield int(file.text(node).lstrip("."))
        case "new_index":
            yield from (_index(inner) for inner in _expressions(file, node))
        case "attr_splat" | "full_splat":
            yield EVERY
            yield from (step for child in node.named_children for step in _steps(file, child))
        case "index" | "splat":
            yield from (step for child in node.named_children for step in _steps(file, child))


def _index(expression: Expression) -> Step:
    nodes = _unwrapped(expression.nodes)
    if len(nodes) == 1 and nodes[0].type == "literal_value" and nodes[0].named_children:
        match _literal(expression.file, nodes[0]):
            case Literal(str() | int() as key):
                return key
    return expression


def _literal(file: SourceFile, node: Node) -> Syntax:
    value = node.named_children[0]
    text = file.text(value)
    match value.type:
        case "string_lit":
            return Literal(unquote(text[1:-1]))
        case "numeric_lit":
            return Literal(_number(text))
        case "bool_lit":
            return Literal(text == "true")
        case _:
            return Literal(None)


def _number(text: str) -> int | float | str:
    for parse in (int, float):
        try:
            return parse(text)
        except ValueError:
            continue
    return text


def _template(file: SourceFile, node: Node) -> Syntax:
    parts: list[str | Expression] = []
    plain = True
    for child in node.named_children[0].named_children:
        if child.type == "template_literal":
            parts.append(unquote(file.text(child)))
        elif child.type == "template_interpolation":
            parts.extend(_expressions(file, child))
        elif child.type == "template_directive":
            plain = False
            parts.extend(_outermost(file, child))
    return Template(tuple(parts), plain)


def _outermost(file: SourceFile, node: Node) -> Iterator[Expression]:
    """Yield the outermost expressions anywhere below a node."""
    waiting = list(reversed(node.named_children))
    while waiting:
        child = waiting.pop()
        if child.type == "expression":
            yield Expression(file, (child,))
        else:
            waiting.extend(reversed(child.named_children))


def _collection(file: SourceFile, node: Node) -> Syntax:
    value = node.named_children[0]
    if value.type == "tuple":
        return TupleValue(_expressions(file, value))
    pairs = [_expressions(file, child) for child in value.named_children if child.type == "object_elem"]
    return ObjectValue(tuple((_key(pair[0]), pair[1]) for pair in pairs if len(pair) == 2))


def _key(expression: Expression) -> str | Expression:
    if expression.text.startswith("("):
        return expression
    match read(expression):
        case Reference(name, ()):
            return name
        case Literal(value):
            return str(value)
        case _:
            return expression


def _name(file: SourceFile, node: Node) -> Syntax:
    return Reference(file.text(node), ())


def _call(file: SourceFile, node: Node) -> Syntax:
    lists = [child for child in node.named_children if child.type == "function_arguments"]
    arguments = tuple(argument for child in lists for argument in _expressions(file, child))
    return Call(file.text(node.named_children[0]), arguments)


def _for(file: SourceFile, node: Node) -> Syntax:
    loop = node.named_children[0]
    intro = next((child for child in loop.named_children if child.type == "for_intro"), None)
    results = _expressions(file, loop)
    collections = _expressions(file, intro) if intro else ()
    if intro is None or not results or not collections:
        return Opaque()
    names = tuple(file.text(child) for child in intro.named_children if child.type == "identifier")
    conditions = [found for child in loop.named_children if child.type == "for_cond" for found in _expressions(file, child)]
    key = results[0] if len(results) > 1 else None
    return For(names, collections[0], key, results[-1], conditions[0] if conditions else None)


def _conditional(file: SourceFile, node: Node) -> Syntax:
    parts = _expressions(file, node)
    return Conditional(*parts) if len(parts) == 3 else Opaque()


def _operation(file: SourceFile, node: Node) -> Syntax:
    operands: list[list[Node]] = [[]]
    operator = ""
    for child in _significant(node.named_children[0].children):
        if child.is_named or child.type in {"(", ")"}:
            operands[-1].append(child)
        else:
            operator = child.type
            operands.append([])
    return Operation(operator, tuple(Expression(file, tuple(nodes)) for nodes in operands if nodes))


_READERS: dict[str, Callable[[SourceFile, Node], Syntax]] = {
    "literal_value": _literal,
    "template_expr": _template,
    "collection_value": _collection,
    "variable_expr": _name,
    "function_call": _call,
    "for_expr": _for,
    "conditional": _conditional,
    "operation": _operation,
}
