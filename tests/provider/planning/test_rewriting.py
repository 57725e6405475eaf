"""Texts as the provider's plan writes them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.provider.planning.rewriting import REWRITES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@pytest.mark.parametrize("text", ["6", '"text"', '{"a": 1}', "[1]", '["name"]', '[{"environment": [1]}]'])
def test_json_of_another_form_than_expected_stays_a_text(text: str) -> None:
    """Container definitions that hold no containers are the provider's to refuse, and no bug of ours."""
    assert isinstance(REWRITES["containers_json"](text), str)


@pytest.mark.parametrize("name", sorted(REWRITES))
@settings(max_examples=20)
@given(document=JSON)
def test_every_rewriting_takes_every_json(name: str, document: object) -> None:
    """Whatever a configuration holds, there is a text to plan."""
    assert isinstance(REWRITES[name](json.dumps(document)), str)


@pytest.mark.parametrize("name", sorted(REWRITES))
@settings(max_examples=20)
@given(text=st.text())
def test_every_rewriting_takes_every_text(name: str, text: str) -> None:
    """Whatever a configuration holds, there is a text to plan."""
    assert isinstance(REWRITES[name](text), str)
