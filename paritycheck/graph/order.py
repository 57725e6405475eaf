"""In which order services stand in a picture: as the data flows, from where requests come in to what only supports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from paritycheck.topology import Band, Service

T = TypeVar("T", bound=str)


def order_services(services: Mapping[Service, int], flows: Mapping[tuple[str, str], int]) -> tuple[Service, ...]:
    """Order services by band, and in it by `flows`: how much goes from one service to another, by their names.

    `services` are given with how many resources each has: of those that support, the largest come first.
    """
    by_band: dict[Band, list[Service]] = {band: [] for band in Band}
    for service in services:
        by_band[service.band].append(service)
    ordered: list[Service] = []
    for members in (by_band[Band.ENTRY], by_band[Band.FLOW]):
        named = {service.name: service for service in members}
        ordered += (named[name] for name in order_by_flow(named, flows))
    return (*ordered, *sorted(by_band[Band.SUPPORT], key=lambda service: (-services[service], service.name)))


def order_by_flow(names: Iterable[T], flows: Mapping[tuple[str, str], int]) -> list[T]:
    """Return names so that most of what flows goes forward: what has no source left comes first, what has no target left last.

    Where all that is left lies in cycles, what gives more than it takes comes next; names decide between equals. What nothing
    flows to or from comes last. After Eades, Lin and Smyth, https://doi.org/10.1016/0020-0190(93)90079-O
    """
    left = sorted(set(names))
    inner = {pair: weight for pair, weight in flows.items() if pair[0] != pair[1] and pair[0] in left and pair[1] in left}
    alone = [name for name in left if not any(name in pair for pair in inner)]
    left = [name for name in left if name not in alone]
    head: list[T] = []
    tail: list[T] = []
    while left:
        balance = {name: _balance(name, inner) for name in left}
        if sinks := [name for name in left if not balance[name][0]]:
            chosen = sinks[-1]
            tail.insert(0, chosen)
        else:
            sources = [name for name in left if not balance[name][1]]
            chosen = sources[0] if sources else max(left, key=lambda name: balance[name][0] - balance[name][1])
            head.append(chosen)
        left.remove(chosen)
        inner = {pair: weight for pair, weight in inner.items() if chosen not in pair}
    return head + tail + alone


def _balance(name: str, flows: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """Return what goes out of a service, and what comes in."""
    out = sum(weight for (source, _), weight in flows.items() if source == name)
    into = sum(weight for (_, target), weight in flows.items() if target == name)
    return out, into
