"""Every rule has one name everywhere, and is documented under it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from paritycheck.rules import RULES, Rule

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def test_the_documentation_has_a_section_for_each_rule_in_the_same_order() -> None:
    assert list(RULES) == list(SECTIONS)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.slug)
def test_a_section_says_what_the_rule_says(rule: Rule) -> None:
    section = SECTIONS[rule.slug]

    assert [] == [text for text in (f"**{rule.severity}**", rule.what, rule.why, rule.fix, rule.before, rule.after) if text not in section]
    assert rule.allowable is ("Can be allowed" in section)


def test_no_finding_has_a_rule_that_is_not_registered() -> None:
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "paritycheck").rglob("*.py") if path.name != "rules.py"]
    slugs = r"[\"'](?:[a-z]+-)+(?:difference|leak|violation|allowance|protection|check|plan|value|resource)[\"']"
    used = {match.strip("\"'") for text in code for match in re.findall(slugs, text)}

    assert set() == {slug for slug in used if slug.count("-") == 1} - RULES.keys() - {"terraform-plan"}
