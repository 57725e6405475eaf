"""Rules added to `parity.yaml`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.config.editing import add_allow_rules
from paritycheck.config.yamltext import parse
from paritycheck.errors import ConfigError

HEAD = "version: 1  # the first\nenvironments: {dev: {}, prod: {}}\n"
STUB = '- id: new\n  resources: ["aws_sqs_queue.orders"]\n  attributes: [delay_seconds]\n  reason:  # why'
INDENTED = "\n".join(f"  {line}" for line in STUB.split("\n")) + "\n"
OLD = "allow:\n  # the load\n  - id: old\n    resources: [a.*]\n    attributes: [b]\n    reason: >-\n      It grows,\n\n      and grows.\n"
FLUSH = "allow:\n- id: old\n  resources: [a.*]\n  attributes: [b]\n  reason: r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, f"{HEAD}\nallow:\n{INDENTED}"),
        (f"{HEAD}allow:\n", f"{HEAD}allow:\n{INDENTED}"),
        (f"{HEAD}allow: []  # none yet\nprotect: []\n", f"{HEAD}allow:  # none yet\n{INDENTED}protect: []\n"),
        (HEAD + OLD, HEAD + OLD + INDENTED),
        (f"{HEAD}{OLD}\n# what may never differ\nprotect: []\n", f"{HEAD}{OLD}{INDENTED}\n# what may never differ\nprotect: []\n"),
        (f"{OLD}    # no more\n\n\n{HEAD}", f"{OLD}    # no more\n{INDENTED}\n\n{HEAD}"),
        (HEAD + FLUSH, f"{HEAD}{FLUSH}{STUB}\n"),
        (f"{FLUSH}{HEAD}", f"{FLUSH}{STUB}\n{HEAD}"),
        (HEAD.rstrip("\n"), f"{HEAD}\nallow:\n{INDENTED}"),
        (f"{HEAD}{OLD}".replace("\n", "\r\n"), f"{HEAD}{OLD}{INDENTED}".replace("\n", "\r\n")),
    ],
)
def test_adds_behind_what_is_there(text: str, expected: str) -> None:
    assert expected == add_allow_rules(text, [STUB], "parity.yaml")


def test_adds_several_in_their_order() -> None:
    other = STUB.replace("id: new", "id: other")

    assert ["new", "other"] == [rule["id"] for rule in parse(add_allow_rules(HEAD, [STUB, other], "f"), "f").data["allow"]]


@pytest.mark.parametrize(
    "text", [HEAD + "allow: [{id: old, resources: [a.*], attributes: [b], reason: r}]\n", "{version: 1}\n", HEAD + "...\n"]
)
def test_what_it_cannot_edit_it_leaves_to_the_user(text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        add_allow_rules(text, [STUB], "parity.yaml")

    assert STUB == raised.value.details


@given(st.lists(st.sampled_from([*OLD.splitlines(), *FLUSH.splitlines(), *HEAD.splitlines(), "", "# note", "protect: []"]), max_size=12))
def test_whatever_the_file_it_adds_the_rule_or_nothing(lines: list[str]) -> None:
    text = "\n".join(["version: 1", *lines])
    try:
        before = parse(text, "f").data
        after = parse(add_allow_rules(text, [STUB], "f"), "f").data
    except ConfigError:
        return

    assert {**before, "allow": [*(before.get("allow") or []), parse(STUB, "f").data[0]]} == after
