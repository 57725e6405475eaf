"""Findings stand in an order that people expect."""

from __future__ import annotations

from dataclasses import replace

from paritycheck.findings import Finding, Severity, sort_findings


def finding(address: str, path: str = "", severity: Severity = Severity.ERROR) -> Finding:
    return Finding("value-difference", severity, address, "differs", "mend it", path)


def test_numbers_are_sorted_by_their_size() -> None:
    """Those of instances, of list items, and in names; 400 digits are no trouble."""
    ordered = [
        finding("a_b.c"),
        finding("a_b.c9"),
        finding("a_b.c010"),
        finding("a_b.c10"),
        finding("a_b.c[2]", "d[9].e"),
        finding("a_b.c[2]", "d[10]"),
        finding("a_b.c[10]"),
        finding("a_b.c[" + "9" * 400 + "]"),
        finding("a_b.d"),
    ]

    assert tuple(ordered) == sort_findings(ordered[::-1])


def test_causes_are_sorted_by_their_numbers_too() -> None:
    ordered = tuple(replace(finding("a"), cause=cause) for cause in ("CKV_OWN_2 queue-key", "CKV_OWN_10 bucket-key"))

    assert ordered == sort_findings(ordered[::-1])


def test_what_weighs_more_comes_first() -> None:
    ordered = (finding("z"), finding("b", severity=Severity.WARNING), finding("a", severity=Severity.NOTE))

    assert ordered == sort_findings(ordered[::-1])
