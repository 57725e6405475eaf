"""Programs that pass a client on at random, and really run with a boto3 that only notes what is called.

Whatever a run calls is found in the source, or something is undecided: nothing is missed. The passages are ways of Python to
hand a value on; a program is a chain of them, each in a function, a class or a module's code of its own.
"""

from __future__ import annotations

import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.policy.calls import SourceCalls, find_calls

# In each, X is the value that comes in and Y the name that it leaves under; {n} makes names unique.
PASSAGES = {
    "name": "Y = X",
    "pairwise": "Y, other{n} = X, 1",
    "unpacked": "(other{n}, [Y]) = (1, [X])",
    "starred": "other{n}, *rest{n} = 1, 2, X\nY = rest{n}[-1]",
    "conditional": "Y = X if len('a') else None",
    "or": "Y = None or X",
    "walrus": "if (Y := X): pass",
    "function": "def f{n}(): return X\nY = f{n}()",
    "parameter": "def f{n}(a, b=None): return b\nY = f{n}(1, b=X)",
    "default": "def f{n}(a=X): return a\nY = f{n}()",
    "stars": "def f{n}(*a, **k): return k['x'] if k else a[0]\ndef g{n}(*a, **k): return f{n}(*a, **k)\nY = g{n}(x=g{n}(X))",
    "spread": "def f{n}(a, b): return b\nY = f{n}(*[1, X])",
    "spread mapping": "def f{n}(a, b): return a\nY = f{n}(**{'a': X, 'b': 1})",
    "lambda": "Y = (lambda a: a)(X)",
    "closure": "def f{n}(a):\n    def g(): return a\n    return g\nY = f{n}(X)()",
    "nonlocal": "def f{n}():\n    a = None\n    def g():\n        nonlocal a\n        a = X\n    g()\n    return a\nY = f{n}()",
    "field": "class C{n}:\n    def __init__(self, a): self.a = a\nY = C{n}(X).a",
    "foreign field": "class C{n}: pass\nc{n} = C{n}()\nc{n}.a = X\nY = c{n}.a",
    "slot": "class C{n}:\n    __slots__ = ('a',)\nc{n} = C{n}()\nsetattr(c{n}, 'a', X)\nY = getattr(c{n}, 'a')",
    "computed field": "class C{n}: pass\nc{n} = C{n}()\nsetattr(c{n}, chr(97), X)\nY = getattr(c{n}, chr(97))",
    "class attribute": "class C{n}:\n    a = X\nY = C{n}().a",
    "base": (
        "class B{n}:\n    def __init__(self, a): self.a = a\nclass C{n}(B{n}):\n    def __init__(self): super().__init__(X)\nY = C{n}().a"
    ),
    "mixin": (
        "class M{n}:\n    def get(self): return super().get()\nclass B{n}:\n"
        "    def get(self): return X\nclass C{n}(M{n}, B{n}): pass\nY = C{n}().get()"
    ),
    "property": "class C{n}:\n    @property\n    def a(self): return X\nY = C{n}().a",
    "setter": (
        "class C{n}:\n    @property\n    def a(self): return self._a\n    @a.setter\n    def a(self, v): self._a = v\n"
        "c{n} = C{n}()\nc{n}.a = X\nY = c{n}.a"
    ),
    "class method": (
        "class C{n}:\n    @classmethod\n    def make(cls, a): return cls.keep(a)\n"
        "    @staticmethod\n    def keep(a): return a\nY = C{n}.make(X)"
    ),
    "descriptor": "class D{n}:\n    def __get__(self, i, o): return X\nclass C{n}:\n    a = D{n}()\nY = C{n}().a",
    "getattr method": "class C{n}:\n    def __getattr__(self, name): return X\nY = C{n}().anything",
    "getitem method": "class C{n}:\n    def __getitem__(self, key): return X\nY = C{n}()[3]",
    "setitem method": "class C{n}:\n    def __setitem__(self, key, v): self.v = v\nc{n} = C{n}()\nc{n}[1] = X\nY = c{n}.v",
    "call method": "class C{n}:\n    def __call__(self, a): return a\nY = C{n}()(X)",
    "operator method": "class C{n}:\n    def __add__(self, a): return a\nY = C{n}() + X",
    "other's operator": "class C{n}:\n    def __init__(self, a): self.a = a\n    def __rmul__(self, b): return self.a\nY = 2 * C{n}(X)",
    "iterator class": "class C{n}:\n    def __iter__(self): return iter([X])\nfor Y in C{n}(): pass",
    "own iterator": (
        "class I{n}:\n    def __init__(self): self.left = [X]\n    def __iter__(self): return self\n    def __next__(self):\n"
        "        if not self.left: raise StopIteration\n        return self.left.pop()\nfor Y in I{n}(): pass"
    ),
    "data class": (
        "import dataclasses\n@dataclasses.dataclass\nclass C{n}:\n    b: int\n    a: object = None\nY = dataclasses.replace(C{n}(1), a=X).a"
    ),
    "named tuple": "import typing\nclass C{n}(typing.NamedTuple):\n    b: int\n    a: object\nY = C{n}(1, X)[1]",
    "made named tuple": "import collections\nC{n} = collections.namedtuple('C', 'a b')\nY = C{n}(X, 1).a",
    "new": (
        "class C{n}:\n    def __new__(cls, a):\n        made = object.__new__(cls)\n        made.a = a\n        return made\nY = C{n}(X).a"
    ),
    "metaclass": "class M{n}(type):\n    def make(cls): return cls.a\nclass C{n}(metaclass=M{n}):\n    a = X\nY = C{n}.make()",
    "list": "Y = [1, X][1]",
    "appended": "a{n} = []\na{n}.append(X)\nY = a{n}.pop()",
    "inserted": "a{n} = [1]\na{n}.insert(0, X)\nY = a{n}[0]",
    "extended": "a{n} = []\na{n} += [X]\na{n}.extend([1])\nY = a{n}[0]",
    "added lists": "Y = ([1] + [X])[1]",
    "repeated": "Y = ([X] * 3)[2]",
    "slice": "Y = [1, X][1:][0]",
    "slice assignment": "a{n} = [1, 2]\na{n}[1:] = [X]\nY = a{n}[1]",
    "nested list": "Y = [[X]][0][0]",
    "reversed": "Y = list(reversed([X, 1]))[1]",
    "dictionary": "Y = {'a': X, 'b': 1}['a']",
    "get": "Y = {'a': X}.get('a', None)",
    "get default": "Y = {}.get('a', X)",
    "popped": "Y = {'a': X}.pop('a')",
    "popped item": "Y = {'a': X}.popitem()[1]",
    "setdefault": "a{n} = {}\nY = a{n}.setdefault('k', X)",
    "computed key": "a{n} = {}\na{n}[chr(97)] = X\nY = a{n}['a']",
    "number key": "a{n} = {}\na{n}[1] = X\nY = a{n}[1]",
    "merged": "Y = ({'a': 1} | {'b': X})['b']",
    "spread dictionary": "Y = {**{'a': X}, 'b': 1}['a']",
    "updated": "a{n} = {}\na{n}.update(a=X)\nY = list(a{n}.values())[0]",
    "updated from pairs": "a{n} = {}\na{n}.update([('a', X)])\nY = a{n}['a']",
    "dict of pairs": "Y = dict([('a', X)])['a']",
    "dict of keywords": "Y = dict(a=X)['a']",
    "items": "for k{n}, Y in {'a': X}.items(): pass",
    "list comprehension": "Y = [a for a in [X] if a][0]",
    "dict comprehension": "Y = {k: a for k, a in [('a', X)]}['a']",
    "generator": "def g{n}():\n    yield 1\n    yield X\nfor Y in g{n}(): pass",
    "yield from": "def g{n}(): yield from [X]\nY = next(g{n}())",
    "sent": "def g{n}():\n    a = yield 1\n    yield a\ni{n} = g{n}()\nnext(i{n})\nY = i{n}.send(X)",
    "returned by a generator": (
        "def g{n}():\n    yield 1\n    return X\ndef h{n}():\n    global Y\n    Y = yield from g{n}()\nlist(h{n}())"
    ),
    "next": "Y = next(iter([X]))",
    "for": "for Y in (X,): pass",
    "zip": "for a{n}, Y in zip([1], [X]): pass",
    "enumerate": "for a{n}, Y in enumerate([X]): pass",
    "map": "Y = list(map(lambda a: a, [X]))[0]",
    "map of names": "Y = list(map(lambda a, b: b, [1], [X]))[0]",
    "filter": "Y = list(filter(None, [X]))[0]",
    "sorted": "Y = sorted([X], key=lambda a: 1)[0]",
    "max": "Y = max([X], key=lambda a: 1)",
    "partial": "import functools\nY = functools.partial(lambda a, b: a, X)(1)",
    "partial keyword": "import functools\nY = functools.partial(lambda a, b: b, b=X)(1)",
    "reduce": "import functools\nY = functools.reduce(lambda a, b: b, [1, X])",
    "cached": "import functools\n@functools.lru_cache(maxsize=None)\ndef f{n}(): return X\nY = f{n}()",
    "wrapped": (
        "import functools\ndef d{n}(f):\n    @functools.wraps(f)\n    def g(*a, **k): return f(*a, **k)\n    return g\n"
        "@d{n}\ndef f{n}(a): return a\nY = f{n}(X)"
    ),
    "decorator with arguments": (
        "def d{n}(b):\n    def e(f): return lambda *a: f(*a) or b\n    return e\n@d{n}(X)\ndef f{n}(): return None\nY = f{n}()"
    ),
    "class decorator": "def d{n}(c):\n    c.a = X\n    return c\n@d{n}\nclass C{n}: pass\nY = C{n}().a",
    "singledispatch": "import functools\n@functools.singledispatch\ndef f{n}(a): return X\nY = f{n}(1)",
    "registered": (
        "import functools\n@functools.singledispatch\ndef f{n}(a): return None\n@f{n}.register\ndef _(a: int): return X\nY = f{n}(1)"
    ),
    "exception": "class E{n}(Exception):\n    pass\ntry:\n    raise E{n}(X)\nexcept E{n} as e{n}:\n    Y = e{n}.args[0]",
    "plain exception": "try:\n    raise ValueError(X)\nexcept ValueError as e{n}:\n    Y = e{n}.args[0]",
    "finally": "try:\n    a{n} = X\nfinally:\n    Y = a{n}",
    "context manager": "import contextlib\n@contextlib.contextmanager\ndef c{n}(): yield X\nwith c{n}() as Y: pass",
    "own context": "class C{n}:\n    def __enter__(self): return X\n    def __exit__(self, *a): pass\nwith C{n}() as Y: pass",
    "null context": "import contextlib\nwith contextlib.nullcontext(X) as Y: pass",
    "exit stack": (
        "import contextlib\n@contextlib.contextmanager\ndef c{n}(): yield X\n"
        "with contextlib.ExitStack() as s{n}:\n    Y = s{n}.enter_context(c{n}())"
    ),
    "match": "match (1, X):\n    case (1, Y): pass",
    "match mapping": "match {'a': X}:\n    case {'a': Y}: pass",
    "match class": "class C{n}:\n    def __init__(self): self.a = X\nmatch C{n}():\n    case C{n}(a=Y): pass",
    "match or": "match [X]:\n    case [1 as Y] | [Y]: pass",
    "global": "def f{n}():\n    global Y\n    Y = X\nf{n}()",
    "deque": "import collections\nY = collections.deque([X]).popleft()",
    "default dictionary": "import collections\na{n} = collections.defaultdict(lambda: X)\nY = a{n}[1]",
    "chain": "import itertools\nY = list(itertools.chain([X]))[0]",
    "queue": "import queue\nq{n} = queue.SimpleQueue()\nq{n}.put(X)\nY = q{n}.get()",
    "context variable": "import contextvars\nv{n} = contextvars.ContextVar('v')\nv{n}.set(X)\nY = v{n}.get()",
    "thread local": "import threading\nt{n} = threading.local()\nt{n}.a = X\nY = t{n}.a",
    "name space": "import types\nY = types.SimpleNamespace(a=X).a",
    "copy": "import copy\nY = copy.copy([X])[0]",
    "thread": (
        "import threading\na{n} = []\nt{n} = threading.Thread(target=lambda v: a{n}.append(v), args=(X,))\n"
        "t{n}.start()\nt{n}.join()\nY = a{n}[0]"
    ),
    "executor": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as p{n}:\n    Y = p{n}.submit(lambda a: a, X).result()"
    ),
    "executor map": (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as p{n}:\n    Y = list(p{n}.map(lambda a: a, [X]))[0]"
    ),
    "coroutine": "import asyncio\nasync def f{n}(): return X\nY = asyncio.run(f{n}())",
    "gathered": (
        "import asyncio\nasync def f{n}(): return X\nasync def g{n}(): return await asyncio.gather(f{n}())\nY = asyncio.run(g{n}())[0]"
    ),
    "asynchronous generator": (
        "import asyncio\nasync def f{n}():\n    yield X\nasync def g{n}():\n    async for a in f{n}(): return a\nY = asyncio.run(g{n}())"
    ),
    "type of an instance": "class C{n}:\n    a = X\nY = type(C{n}()).a",
    "item getter": "import operator\nY = operator.itemgetter(0)([X])",
    "attribute getter": "import operator\nclass C{n}:\n    a = X\nY = operator.attrgetter('a')(C{n}())",
    "globals": "Z{n} = X\nY = globals().get('Z{n}', X)",
    "dictionary of an instance": "class C{n}: pass\nc{n} = C{n}()\nc{n}.__dict__['a'] = X\nY = c{n}.a",
    "weak reference": "import weakref\nr{n} = weakref.ref(X)\nY = r{n}()",
    "augmented attribute": "class C{n}:\n    a = []\nC{n}.a += [X]\nY = C{n}.a[0]",
    "loop and else": "while True:\n    Y = X\n    break\nelse:\n    Y = None",
    "import of itself": "import app\napp.a{n} = X\nY = app.a{n}",
    "function attribute": "def f{n}(): pass\nf{n}.a = X\nY = f{n}.a",
    "bound method": (
        "class C{n}:\n    def __init__(self, a): self.a = a\n    def get(self): return self.a\ng{n} = C{n}(X).get\nY = g{n}()"
    ),
    "unbound method": "class C{n}:\n    def get(self, a): return a\nY = C{n}.get(C{n}(), X)",
    "self of a method": "class C{n}:\n    def get(self): pass\nc{n} = C{n}()\nc{n}.a = X\nY = c{n}.get.__self__.a",
    "field default factory": (
        "import dataclasses\n@dataclasses.dataclass\nclass C{n}:\n"
        "    a: object = dataclasses.field(default_factory=lambda: X)\nY = C{n}().a"
    ),
    "post init": (
        "import dataclasses\n@dataclasses.dataclass\nclass C{n}:\n    b: object\n"
        "    def __post_init__(self): self.a = self.b\nY = C{n}(X).a"
    ),
    "as dictionary": "import collections\nC{n} = collections.namedtuple('C', 'a')\nY = C{n}(X)._asdict()['a']",
    "enumeration": (
        "import enum\nclass C{n}(enum.Enum):\n"
        "    A = enum.nonmember(X) if hasattr(enum, 'nonmember') else X\nY = getattr(C{n}.A, 'value', C{n}.A)"
    ),
}
PLACES = ("module", "function", "method")


def compose(passages: list[str], places: list[str]) -> str:
    """Return a program that makes a client, passes it on, and calls an operation of it."""
    lines = ["import boto3", "v0 = boto3.client('dynamodb')"]
    for number, (name, place) in enumerate(zip(passages, places, strict=True), 1):
        code = PASSAGES[name].replace("{n}", f"_{number}")
        incoming, outgoing = f"v{number - 1}", f"v{number}"
        code = "".join(
            incoming if part == "X" else outgoing if part == "Y" else part for part in __import__("re").split(r"\b([XY])\b", code)
        )
        if place == "module" or "global " in code or "Z_" in code:
            lines.append(code)
        elif place == "function":
            lines += [f"def place{number}({incoming}):", textwrap.indent(code, "    "), f"    return {outgoing}"]
            lines.append(f"{outgoing} = place{number}({incoming})")
        else:
            lines += [f"class Place{number}:", "    def __init__(self, v): self.v = v", "    def go(self):", f"        {incoming} = self.v"]
            lines += [textwrap.indent(code, "        "), f"        return {outgoing}", f"{outgoing} = Place{number}({incoming}).go()"]
    lines += ["def handle(event, context):", f"    v{len(passages)}.put_item(TableName='t')"]
    return "\n".join(lines) + "\n"


class NotingClient:
    def __init__(self, noted: list[str]) -> None:
        self._noted = noted

    def put_item(self, **request: Any) -> None:
        self._noted.append("dynamodb:PutItem")


def run(source: str) -> list[str]:
    """Run a program with a boto3 that notes; return what was called."""
    noted: list[str] = []
    boto3, app = types.ModuleType("boto3"), types.ModuleType("app")
    boto3.client = lambda service: NotingClient(noted)  # type: ignore[attr-defined]
    with mock.patch.dict(sys.modules, {"boto3": boto3, "app": app}):
        exec(compile(source, "app.py", "exec"), app.__dict__)
        app.handle({}, None)
    return noted


def search(directory: Path, source: str) -> SourceCalls:
    (directory / "app.py").write_text(source, encoding="utf-8")
    return find_calls([directory], "app.handle")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return tmp_path_factory.mktemp("programs")


def assert_nothing_missed(directory: Path, source: str) -> None:
    called = run(source)
    found = search(directory, source)

    assert ["dynamodb:PutItem"] == called
    assert {"dynamodb:PutItem"} == {str(call) for call in found.calls} or found.undecided, source


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("passage", PASSAGES)
def test_no_passage_loses_a_client(directory: Path, passage: str, place: str) -> None:
    assert_nothing_missed(directory, compose([passage], [place]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(PASSAGES)), st.sampled_from(PLACES)), min_size=2, max_size=6))
def test_no_chain_of_passages_loses_a_client(directory: Path, chain: list[tuple[str, str]]) -> None:
    assert_nothing_missed(directory, compose([name for name, _ in chain], [place for _, place in chain]))


FOLLOWED_SHARE = 0.9


def test_most_passages_are_followed_and_not_given_up(directory: Path) -> None:
    followed = [name for name in PASSAGES if not search(directory, compose([name], ["module"])).undecided]

    assert len(followed) >= FOLLOWED_SHARE * len(PASSAGES), sorted(set(PASSAGES) - set(followed))
