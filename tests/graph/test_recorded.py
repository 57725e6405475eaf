"""Topologies of what the real provider plans: nothing is lost, no secret gets in, and every picture of them can be read."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from paritycheck.compare import know_secrets
from paritycheck.config import Normalize
from paritycheck.findings import Report
from paritycheck.graph import build_topology
from paritycheck.normalize import build_vocabulary
from paritycheck.plan import Plan
from paritycheck.reporters.picture import By, Drawing
from paritycheck.reporters.picture.layout import lay_out
from paritycheck.topology import Topology
from tests.plans import plan

ASSETS = Path(__file__).parents[1] / "assets"
FIDELITY = sorted(ASSETS.glob("fidelity/*/*.json*"))


def read(path: Path) -> Plan:
    raw = path.read_bytes()
    return plan(gzip.decompress(raw) if path.suffix == ".gz" else raw, path.name.partition(".")[0])


@cache
def stack() -> tuple[Topology, tuple[Plan, ...]]:
    """Build the topology of the recorded plans of our stack; they hold no configuration, and so no references."""
    found = tuple(read(ASSETS / "stack" / f"{name}.json.gz") for name in ("dev", "staging", "prod"))
    vocabulary = build_vocabulary(found, Normalize())
    return build_topology(found, vocabulary, know_secrets(found, vocabulary)), found


def texts(value: Any, marks: Any) -> Iterator[str]:
    """Yield the texts in a value that are marked as sensitive."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, marks if marks is True else marks.get(name, False) if isinstance(marks, dict) else False)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from texts(part, marks[number] if isinstance(marks, list) and number < len(marks) else marks is True)
    elif isinstance(value, str) and marks is True:
        yield value


def test_the_stack_is_there_as_a_whole() -> None:
    topology, found = stack()

    assert len(found[0].resources) == len(topology.nodes) == len({node.address for node in topology.nodes})
    assert {frozenset({"dev", "staging", "prod"})} == {frozenset(node.actions) for node in topology.nodes}


def test_the_stack_is_drawn_without_overlaps() -> None:
    picture = lay_out(stack()[0])

    for group in (picture.panels, *(panel.cards for panel in picture.panels)):
        assert not any(one.box.overlaps(other.box) for one, other in combinations(group, 2))


def test_the_stack_fits_a_page() -> None:
    assert len(repr(stack()[0])) < 2_000_000


@pytest.mark.parametrize("path", FIDELITY, ids=lambda path: str(path.relative_to(ASSETS / "fidelity")))
def test_a_stranger_is_drawn_too(path: Path) -> None:
    one = read(path)
    vocabulary = build_vocabulary([one], Normalize())
    topology = build_topology([one], vocabulary, know_secrets([one], vocabulary))
    report = Report((one.summary,), (), topology=topology)
    secrets = {
        text
        for resource in one.resources.values()
        for text in texts(one.decode(resource.change.after), one.decode(resource.change.after_sensitive))
    }

    assert {key for key, each in one.resources.items() if each.change.action != "delete"} == {node.address for node in topology.nodes}
    assert not [text for text in secrets if len(text) > 3 and text in repr(topology)]
    assert ET.fromstring(Drawing.SVG.render(report)) is not None
    assert all(drawing.render(report, by) for drawing in Drawing for by in By)
