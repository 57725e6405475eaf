# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""What is known of the standard library: the parts of it that move values in ways of their own."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable

from paritycheck.policy.calls.aws import make_client, make_resource, make_session
from paritycheck.policy.calls.collecting import (
    apply,
    choose,
    collect,
    describe_fields,
    list_fields,
    make_mapping,
    pair,
    read_default,
    replace,
)
from paritycheck.policy.calls.containers import call_container
from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    item,
    items,
)
from paritycheck.policy.calls.functions import make_partial
from paritycheck.policy.calls.instances import fill_fields, instantiate
from paritycheck.policy.calls.libraries import PASSING, call_passing
from paritycheck.policy.calls.model import Env, Joined, Text
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Answer,
    Arguments,
    Class,
    Container,
    Environ,
    Instance,
    Values,
)
from paritycheck.policy.calls.reflection import (
    decorate,
    find_super,
    find_type,
    get_attribute,
    import_by_name,
    lose,
    make_method,
    make_property,
    run_program,
    set_by_name,
    wrap,
)
from paritycheck.policy.calls.signing import make_request, make_signer
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


def _text(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    texts = frozenset(value for value in arguments.at(0, "object") if isinstance(value, Text | Env | Joined))
    return texts or SOME


def _partial(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    return make_partial(arguments, here, node)


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


def _insert(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """Put something into a list that is kept in order, and take something out."""
    for value in arguments.at(0, "a"):
        if isinstance(value, Container):
            here.write(value, ANY, arguments.at(1, "x"))
    return all_elements(arguments.at(0, "a"), here, node)


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
_LOST_MODULES = (
    "code codeop ctypes ctypes.cdll importlib importlib.machinery importlib.util logging.config marshal pkgutil runpy shelve timeit"
)
_PROGRAMS = (
    *(f"os.{name}" for name in dir(os) if name.startswith(("exec", "spawn", "posix_spawn"))),
    *("os.popen", "os.system", "pty.spawn", "subprocess.*", "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
)
_DECORATORS = (
    "functools.cache functools.lru_cache functools.total_ordering contextlib.contextmanager contextlib.asynccontextmanager "
    "dataclasses.dataclass abc.abstractmethod typing.final typing.override typing.overload typing.runtime_checkable "
    "typing.no_type_check enum.unique decorator.transparent typing_extensions.override copy.copy copy.deepcopy"
)

KNOWN: dict[str, Known] = {
    **{f"builtins.{name}": _nothing for name in _HARMLESS.split()},
    **{f"builtins.{name}": lose for name in _LOST.split()},
    **{f"builtins.{name}": collect for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter")},
    **dict.fromkeys(_DECORATORS.split(), decorate),
    "builtins.str": _text,
    "str.format": _format,
    "str.*": _nothing,
    "builtins.getattr": get_attribute,
    "builtins.setattr": set_by_name,
    "builtins.super": find_super,
    "builtins.zip": pair,
    "builtins.enumerate": pair,
    "builtins.map": apply,
    "builtins.filter": apply,
    "builtins.next": choose,
    "builtins.anext": choose,
    "builtins.min": choose,
    "builtins.max": choose,
    "builtins.dict": make_mapping,
    "builtins.type": find_type,
    "builtins.__import__": import_by_name,
    "importlib.import_module": import_by_name,
    **{f"{module}.*": lose for module in _LOST_MODULES.split()},
    **{f"gc.get_{name}": lose for name in ("objects", "referents", "referrers")},
    **{f"inspect.{name}": lose for name in ("currentframe", "stack", "trace")},
    **{f"{name}": lose for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "pydoc.locate", "sys._getframe")},
    **dict.fromkeys(_PROGRAMS, run_program),
    **{f"heapq.{name}": _insert for name in ("heappop", "heappush", "heappushpop", "heapreplace")},
    "bisect.insort": _insert,
    "bisect.insort_left": _insert,
    "bisect.insort_right": _insert,
    "builtins.property": make_property,
    "builtins.property.*": make_property,
    "functools.cached_property": make_property,
    "builtins.staticmethod": make_method,
    "builtins.classmethod": make_method,
    "functools.partial": _partial,
    "functools.wraps": wrap,
    "dataclasses.field": read_default,
    "dataclasses.fields": list_fields,
    "dataclasses.replace": replace,
    "dataclasses.asdict": describe_fields,
    "dataclasses.astuple": describe_fields,
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
    "boto3._get_default_session": make_session,
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
