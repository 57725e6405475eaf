# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""What is known of the standard library: the parts of it that move values in ways of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable

from paritycheck.policy.calls.aws import make_client, make_request, make_resource, make_session, make_signer
from paritycheck.policy.calls.classes import field_names, fill_fields, instantiate
from paritycheck.policy.calls.containers import call_container
from paritycheck.policy.calls.expressions import copy_mapping, read_attribute
from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    attribute,
    calls,
    item,
    items,
    set_attribute,
)
from paritycheck.policy.calls.functions import make_partial
from paritycheck.policy.calls.imports import import_module
from paritycheck.policy.calls.libraries import PASSING, all_attributes, ask, call_passing
from paritycheck.policy.calls.model import Env, Joined, Text
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Answer,
    Arguments,
    Aws,
    Class,
    Container,
    Descriptor,
    Environ,
    Field,
    Frame,
    Instance,
    Library,
    Module,
    Super,
    Value,
    Values,
)
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants, join

Known = Callable[[Arguments, Here, ast.AST, str], Values]
"""Answers a call of a library: its arguments, where it is, and the name of what is called."""


def _nothing(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return SOME


def _first(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return arguments.at(0, "")


def _second(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return arguments.at(1, "")


def _transparent(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """A decorator that changes nothing of what is followed here, with or without arguments of its own."""
    functions = [value for value in arguments.at(0, "user_function") if not isinstance(value, Text)]
    return frozenset(functions) or frozenset({Library("decorator.transparent")})


def _wraps(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return frozenset({Library("decorator.transparent")})


def _text(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    texts = frozenset(value for value in arguments.at(0, "object") if isinstance(value, Text | Env | Joined))
    return texts or SOME


def _get_attribute(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    names, others = constants(arguments.at(1, "name"))
    owners = arguments.at(0, "object")
    found = NOTHING.union(arguments.at(2, ""), *(read_attribute(owners, each, here, node) for each in names))
    here.doubt("an attribute is read whose name is not known", node, arguments.at(1, "name"))
    if others:
        for owner in owners:
            if isinstance(owner, Aws | Module) or owner == Library("boto3"):
                here.undecided(f"an attribute of {_describe(owner)} is read whose name is not known", node)
            elif isinstance(owner, Instance | Class):
                found |= all_attributes(owner, here, node)
            else:
                found |= SOME
    return found


def _describe(value: Value) -> str:
    return "a module" if isinstance(value, Module | Library) else "something that calls AWS"


def _set_attribute(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    names, others = constants(arguments.at(1, "name"))
    for owner in arguments.at(0, "object"):
        for each in (*names, *((ANY,) if others or not names else ())):
            set_attribute(owner, each, arguments.at(2, "value"), here, node)
    return NOTHING


def _super(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    if arguments.positional:
        owners, receivers = arguments.at(0, ""), arguments.at(1, "")
    else:
        owners = frozenset({here.frame.owner} if here.frame.owner is not None else ())
        receivers = _read_self(here)
    return frozenset(Super(owner, receiver) for owner in owners if isinstance(owner, Class) for receiver in receivers)


def _read_self(here: Here) -> Values:
    frame: Frame | None = here.frame
    while frame is not None and not (frame.parent is not None and isinstance(frame.parent.code, ast.ClassDef)):
        frame = frame.parent
    if frame is None or not isinstance(frame.code, ast.FunctionDef | ast.AsyncFunctionDef):
        return NOTHING
    parameters = [*frame.code.args.posonlyargs, *frame.code.args.args]
    return here.read(frame, parameters[0].arg) if parameters else NOTHING


def _sequence(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made = here.make("sequence", node)
    here.write(made, ANY, all_elements(arguments.at(0, "iterable"), here, node))
    calls(arguments.named("key"), Arguments((here.read(made, ANY),)), here, node)
    return frozenset({made})


def _zip(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made, row = here.make("sequence", node), here.make("tuple", node)
    first = 0
    if name == "enumerate":
        here.write(row, 0, NOTHING)
        first = 1
    for index, values in enumerate(arguments.positional[: 1 if first else None], first):
        here.write(row, index, all_elements(values, here, node))
    here.write(row, ANY, all_elements(arguments.more, here, node))
    here.write(made, ANY, frozenset({row}))
    return frozenset({made})


def _map(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made = here.make("sequence", node)
    rows = Arguments(
        tuple(all_elements(values, here, node) for values in arguments.positional[1:]), {}, all_elements(arguments.more, here, node)
    )
    answered = calls(arguments.at(0, "function"), rows, here, node)
    here.write(made, ANY, rows.everything() if name == "filter" else answered)
    return frozenset({made})


def _reach(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`next`, `min` and the like: an element of an argument, or an argument."""
    given = NOTHING.union(*arguments.positional, arguments.more)
    chosen = all_elements([value for value in given if not isinstance(value, Text)], here, node) | given
    calls(arguments.named("key"), Arguments((chosen,)), here, node)
    return chosen | arguments.named("default")


def _mapping(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made = here.make("mapping", node)
    copy_mapping(arguments.at(0, ""), made, here, node)
    for key, values in arguments.keywords.items():
        here.write(made, key, values)
    here.write(made, ANY, arguments.others)
    return frozenset({made})


def _type(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    if len(arguments.positional) > 1 or arguments.more:
        here.undecided("a class is made at run time", node)
    return frozenset(value.cls for value in arguments.at(0, "") if isinstance(value, Instance)) or SOME


def _lost(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    here.undecided(f"{name} reaches code or names that are not followed", node)
    return ask("something unknown", arguments, here, node)


def _import(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    names, others = constants(arguments.at(0, "name"))
    here.doubt("a module is imported whose name is not known", node, arguments.at(0, "name"))
    if others:
        here.undecided("a module is imported whose name is not known", node)
    return NOTHING.union(*(import_module(each.partition(".")[0] if name == "__import__" else each, here) for each in names))


def _property(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    kind = {"property": "property", "cached_property": "property", "getter": "property", "setter": "setter"}.get(name)
    made = frozenset(Descriptor(kind or "property", value) for value in arguments.at(0, "fget"))  # type: ignore[arg-type]
    return made | frozenset(Descriptor("setter", value) for value in arguments.at(1, "fset"))


def _method(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return frozenset(Descriptor("static" if name == "staticmethod" else "class", value) for value in arguments.at(0, ""))


def _partial(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return make_partial(arguments, here, node)


def _field(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return arguments.named("default") | calls(arguments.named("default_factory"), Arguments(), here, node)


def _replace(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    for value in arguments.at(0, "obj"):
        for field, values in arguments.keywords.items():
            set_attribute(value, field, values, here, node)
        set_attribute(value, ANY, arguments.others, here, node)
    return arguments.at(0, "obj")


def _as_dict(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made = here.make("mapping" if name == "asdict" else "sequence", node)
    for value in arguments.at(0, "obj"):
        for field in here.names(value) if isinstance(value, Instance) else ():
            if isinstance(field, str):
                here.write(made, field if name == "asdict" else ANY, here.read(value, field))
    return frozenset({made})


def _fields(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    made = here.make("sequence", node)
    for value in arguments.at(0, "class_or_instance"):
        cls = value.cls if isinstance(value, Instance) else value
        here.write(made, ANY, frozenset(map(Field, field_names(cls, here))) if isinstance(cls, Class) else SOME)
    return frozenset({made})


@attribute.register
def _(field: Field, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Text(field.name)}) if name == "name" else SOME


def _environ(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    if name == "getenv":
        return _read_environ(arguments.at(0, "key"), here, node) | arguments.at(1, "default")
    if name in {"get", "pop", "setdefault"}:
        return _read_environ(arguments.at(1, "key"), here, node) | arguments.at(2, "default")
    return frozenset({Environ()}) if name == "copy" else SOME


def _read_environ(keys: Values, here: Here, node: ast.AST) -> Values:
    names, others = constants(keys)
    return frozenset(Env(name) for name in names) | (SOME if others or not names else NOTHING)


@item.register
def _(environ: Environ, keys: Values, here: Here, node: ast.AST) -> Values:
    return _read_environ(keys, here, node)


def _container(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    answered = NOTHING
    for value in arguments.positional[0]:
        if isinstance(value, Container):
            answered |= call_container(value, name, arguments.after(1), here, node)
    return answered


def _answer(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    answers = [value for value in arguments.positional[0] if isinstance(value, Answer)]
    return items(answers, arguments.at(1, "key"), here, node) | arguments.at(2, "default")


def _passing(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return call_passing(PASSING[name], arguments.after(1), here, node)


def _initialize(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    for value in arguments.positional[0]:
        if isinstance(value, Instance):
            fill_fields(value, arguments.after(1), here, node)
    return NOTHING


def _instantiate(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    classes = [value for value in arguments.positional[0] if isinstance(value, Class)]
    return NOTHING.union(*(instantiate(cls, arguments.after(1), here, node) for cls in classes))


def _new(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    classes = [value for value in arguments.everything() if isinstance(value, Class)]
    return frozenset(Instance(cls, node, here.sites) for cls in classes)


def _format(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`"{}/{}".format(a, b)`: a text of its parts, where every field is only a name or a place."""
    from string import Formatter

    formatted = NOTHING
    for template in arguments.positional[0]:
        if not isinstance(template, Text):
            return SOME
        parts: list[Values] = []
        try:
            for place, (literal, field, specification, conversion) in enumerate(Formatter().parse(template.value)):
                parts.append(frozenset({Text(literal)}))
                if field is not None:
                    plain = not specification and not conversion and (not field or field.isidentifier() or field.isdecimal())
                    index = int(field) if field.isdecimal() else place
                    given = arguments.at(index + 1, "") if not field.isidentifier() else arguments.named(field)
                    parts.append(given if plain else SOME)
        except ValueError:
            return SOME
        formatted |= join(parts)
    return formatted


_HARMLESS = (
    "abs all any ascii bin bool bytearray bytes callable chr complex delattr dir divmod float format hasattr hash help hex id "
    "int isinstance issubclass len object oct open ord pow print range repr round slice sum input memoryview breakpoint"
)
_LOST = "compile eval exec globals locals vars"
_DECORATORS = (
    "functools.cache functools.lru_cache functools.total_ordering contextlib.contextmanager contextlib.asynccontextmanager "
    "dataclasses.dataclass abc.abstractmethod typing.final typing.override typing.overload typing.runtime_checkable "
    "typing.no_type_check enum.unique atexit.register decorator.transparent typing_extensions.override copy.copy copy.deepcopy"
)

KNOWN: dict[str, Known] = {
    **{f"builtins.{name}": _nothing for name in _HARMLESS.split()},
    **{f"builtins.{name}": _lost for name in _LOST.split()},
    **{f"builtins.{name}": _sequence for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter")},
    **dict.fromkeys(_DECORATORS.split(), _transparent),
    "builtins.str": _text,
    "str.format": _format,
    "str.*": _nothing,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
    "builtins.super": _super,
    "builtins.zip": _zip,
    "builtins.enumerate": _zip,
    "builtins.map": _map,
    "builtins.filter": _map,
    "builtins.next": _reach,
    "builtins.anext": _reach,
    "builtins.min": _reach,
    "builtins.max": _reach,
    "builtins.dict": _mapping,
    "builtins.type": _type,
    "builtins.__import__": _import,
    "importlib.import_module": _import,
    "importlib.*": _lost,
    "runpy.*": _lost,
    "builtins.property": _property,
    "builtins.property.*": _property,
    "functools.cached_property": _property,
    "builtins.staticmethod": _method,
    "builtins.classmethod": _method,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "dataclasses.field": _field,
    "dataclasses.fields": _fields,
    "dataclasses.replace": _replace,
    "dataclasses.asdict": _as_dict,
    "dataclasses.astuple": _as_dict,
    "typing.cast": _second,
    "os.getenv": _environ,
    "environ.*": _environ,
    "container.*": _container,
    "answer.*": _answer,
    "passing.*": _passing,
    "type.__call__": _instantiate,
    "object.__init__": _initialize,
    "object.__new__": _new,
    "builtins.object.__new__": _new,
    "boto3.client": make_client,
    "boto3.resource": make_resource,
    "boto3.Session": make_session,
    "boto3.session.Session": make_session,
    "boto3.setup_default_session": make_session,
    "botocore.session.get_session": make_session,
    "botocore.session.Session": make_session,
    "botocore.awsrequest.AWSRequest": make_request,
    **{
        f"botocore.{module}.{name}": make_signer
        for module in ("auth", "crt.auth")
        for name in ("SigV4Auth", "SigV4QueryAuth", "SigV3Auth", "SigV2Auth", "S3SigV4Auth", "S3SigV4QueryAuth", "CrtSigV4Auth")
    },
}
"""What libraries do, by their full names; `*` stands for all names in a module."""
