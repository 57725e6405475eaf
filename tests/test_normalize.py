"""An environment's own name becomes a placeholder, and nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.config import Normalize
from paritycheck.errors import ConfigError
from paritycheck.normalize import Vocabulary, build_vocabulary
from tests.plans import ENVIRONMENTS, document, plan, plans, resource

ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}


def vocabulary(normalize: Normalize | None = None, environments: tuple[str, ...] = ENVIRONMENTS) -> Vocabulary:
    return build_vocabulary(
        plans(lambda name: document(resource("aws_x.y"), variables={"env": name}), environments), normalize or Normalize()
    )


def shown(text: str, number: int = 0, words: Vocabulary | None = None) -> str:
    words = words or vocabulary()
    return words.show(words.normalizers[number].normalize(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tap-dev-orders", "tap-{env}-orders"),
        ("dev", "{env}"),
        ("arn:aws:sqs:::dev/x.dev_y", "arn:aws:sqs:::{env}/x.{env}_y"),
        ("TAP_DEV", "TAP_{ENV}"),
        ("Dev orders", "{Env} orders"),
        ("line\ndev", "line\n{env}"),
        ("device", "device"),
        ("mydev", "mydev"),
        ("dev2", "dev2"),
        ("devé", "devé"),
        ("/dev/xvda", "/dev/xvda"),
        ("/dev/db/password", "/{env}/db/password"),
        ("prod", "prod"),
    ],
)
def test_a_name_is_replaced_at_token_boundaries(text: str, expected: str) -> None:
    assert expected == shown(text)


def test_the_longest_name_wins() -> None:
    words = vocabulary(environments=("dev-eu", "dev"))

    assert ["tap-{env}-x", "tap-{env}-eu-x"] == [shown("tap-dev-eu-x", 0, words), shown("tap-dev-eu-x", 1, words)]


def test_the_variable_of_the_configuration_names_the_environment() -> None:
    found = plans(lambda name: document(resource("aws_x.y"), variables={"stage": f"{name}1"}))
    words = build_vocabulary(found, Normalize(variable="stage"))

    assert "tap-{env}" == shown("tap-prod1", 2, words)


def test_further_tokens_have_labels() -> None:
    words = vocabulary(Normalize(tokens={"account": ACCOUNTS}))

    assert "arn:aws:iam::{account}:role/{env}" == shown("arn:aws:iam::333333333333:role/prod", 2, words)


@pytest.mark.parametrize(
    ("normalize", "problem"),
    [
        (Normalize(variable="missing"), "no text in the variable"),
        (Normalize(tokens={"account": {"dev": "1", "staging": "2"}}), "has no text for prod"),
        (Normalize(tokens={"account": {**ACCOUNTS, "prod": ACCOUNTS["dev"]}}), "two environments have the same text"),
        (Normalize(tokens={"a": ACCOUNTS, "b": ACCOUNTS}), "has two labels"),
        (Normalize(tokens={"env": ACCOUNTS}), "no label of its own"),
    ],
)
def test_what_is_not_one_to_one_is_refused(normalize: Normalize, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        vocabulary(normalize)


def test_a_private_use_character_of_a_document_is_no_mark() -> None:
    found = [plan(document(resource("aws_x.y", {"a": "\ue000", "b": "\ue001"})), name) for name in ENVIRONMENTS]

    assert "\ue002" == build_vocabulary(found, Normalize()).mark


def test_an_escaped_private_use_character_counts_too() -> None:
    text = json.dumps(document(resource("aws_x.y", {"a": "\ue000"}))).encode()

    assert "\ue001" == build_vocabulary([plan(text, name) for name in ENVIRONMENTS], Normalize()).mark


def test_mentions_name_the_environments_in_a_text() -> None:
    assert frozenset({("env", 0), ("env", 2)}) == vocabulary().mentions("from-dev-to-PROD-devices")


PIECES = st.lists(
    st.sampled_from(["dev", "DEV", "prod", "staging", "-", "_", "/", "x", "1", "é", "\n", '"', "\\", "111111111111"]), max_size=12
)


@given(PIECES)
def test_normalization_is_idempotent(pieces: list[str]) -> None:
    normalizer = vocabulary(Normalize(tokens={"account": ACCOUNTS, "dev-label": {"dev": "x1", "staging": "x2", "prod": "x3"}})).normalizers[
        0
    ]
    once = normalizer.normalize("".join(pieces))

    assert once == normalizer.normalize(once)


@given(PIECES)
def test_normalization_can_be_undone(pieces: list[str]) -> None:
    normalizer = vocabulary().normalizers[0]

    assert "".join(pieces) == normalizer.restore(normalizer.normalize("".join(pieces)))


@given(PIECES, st.booleans(), st.sampled_from(ENVIRONMENTS[1:]))
def test_equal_bytes_after_normalization_mean_equal_values(pieces: list[str], ascii_only: bool, environment: str) -> None:
    words = vocabulary(Normalize(tokens={"account": ACCOUNTS}))
    number = ENVIRONMENTS.index(environment)
    one, other = "".join(pieces), "".join(pieces).replace("dev", environment)
    raw = [json.dumps({"a": text}, ensure_ascii=ascii_only).encode() for text in (one, other)]

    normalized = words.normalizers[0].normalize_bytes(raw[0])
    if normalized == words.normalizers[number].normalize_bytes(raw[1]) and words.proves(normalized):
        assert words.normalizers[0].normalize(one) == words.normalizers[number].normalize(other)


@pytest.mark.parametrize("name", ["1", "n", "true", "u"])
def test_a_name_that_json_itself_could_hold_is_left_alone_outside_strings(name: str) -> None:
    words = vocabulary(environments=(name, "other"))
    raw = b'{"a":1,"b":[1,-1,1.1,1e1],"c":true,"d":"\\n\\u0031"}'

    assert raw == words.normalizers[0].normalize_bytes(raw)
