"""Addresses and attribute paths, as a plan writes them, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from paritycheck.source.constructs import EVERY, Step

_TOKEN = re.compile(r'\[(?P<index>\d{1,9})\]|\["(?P<key>(?:[^"\\]|\\.)*)"\]|(?P<every>\[\*\])|(?P<name>[^.\[\]]+)')
_MODES = {"data", "ephemeral"}
_PLAIN = {"output", "var", "local"}


@dataclass(frozen=True, slots=True)
class Call:
    """A module call on the way to an address, and which of its instances."""

    name: str
    key: Step


@dataclass(frozen=True, slots=True)
class Address:
    """``module.a["x"].aws_sqs_queue.q["b"]``."""

    calls: tuple[Call, ...]
    block: str
    """Address inside its module without an instance key; empty for a module itself."""
    key: Step
    """Instance key; `EVERY` where the address names none."""


def parse_path(path: str) -> tuple[Step, ...]:
    """Take an attribute path apart: ``ingress[0].cidr_blocks`` into ``("ingress", 0, "cidr_blocks")``."""
    return tuple(_step(match) for match in _TOKEN.finditer(path))


def parse_address(address: str) -> Address:
    """Take an address apart; what does not look like one gives an address that is found nowhere."""
    tokens = [(_step(match), match["name"] is not None) for match in _TOKEN.finditer(address)]
    calls = []
    while len(tokens) > 1 and tokens[0] == ("module", True):
        name = str(tokens[1][0])
        keyed = len(tokens) > 2 and not tokens[2][1]
        calls.append(Call(name, tokens[2][0] if keyed else EVERY))
        tokens = tokens[3 if keyed else 2 :]
    names = [str(step) for step, named in tokens if named]
    keys = [step for step, named in tokens if not named]
    mode, plain = names[:1] and names[0] in _MODES, names[:1] and names[0] in _PLAIN
    length = 3 if mode else 2
    return Address(tuple(calls), ".".join(names if plain else names[:length]), keys[0] if keys else EVERY)


def _step(match: re.Match[str]) -> Step:
    if match["index"] is not None:
        return int(match["index"])
    if match["key"] is not None:
        return re.sub(r"\\(.)", r"\1", match["key"])
    return EVERY if match["every"] else match["name"]
