"""What operators make of two values: a text of texts, a container of containers, or what their classes say."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.flow import SOME, attributes, calls, evaluate
from paritycheck.policy.calls.libraries import is_data
from paritycheck.policy.calls.model import Env, Joined, Text, Unknown
from paritycheck.policy.calls.objects import NOTHING, Arguments, Container, Instance, Values
from paritycheck.policy.calls.spreading import spread
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import fill, join

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitOr: "or",
    ast.BitAnd: "and",
    ast.BitXor: "xor",
}


@evaluate.register
def _(node: ast.BinOp, here: Here) -> Values:
    return operate(node.op, evaluate(node.left, here), evaluate(node.right, here), here, node)


def operate(operator: ast.operator, left: Values, right: Values, here: Here, node: ast.AST) -> Values:
    """Return what an operator makes of two values: a text of texts, a container of containers, or what their class says."""
    if isinstance(operator, ast.Mod) and any(isinstance(value, Text) for value in left):
        return fill(left, _operands(right, here, node))
    if all(isinstance(value, Container) for value in left | right):
        joined = NOTHING
    else:
        joined = join([left, right]) if isinstance(operator, ast.Add) else SOME
    name = _OPERATORS[type(operator)]
    answered = NOTHING.union(
        *(
            calls(attributes(mine, f"__{prefix}{name}__", here, node), Arguments((yours,)), here, node)
            for values, yours, prefixes in ((left, right, ("", "i")), (right, left, ("r",)))
            for prefix in prefixes
            if (mine := [value for value in values if isinstance(value, Instance)])
        )
    )
    kept = frozenset(value for value in left | right if not isinstance(value, _TEXTS) and not is_data(value))
    return joined | kept | answered


_TEXTS = (Text, Env, Joined, Unknown)


def _operands(values: Values, here: Here, node: ast.AST) -> list[Values]:
    """Return what `%` puts into a text: the items of a tuple, or the one value."""
    if all(isinstance(value, Container) and value.kind == "tuple" for value in values):
        places, _ = spread(values, here, node)
        return places
    return [values]
