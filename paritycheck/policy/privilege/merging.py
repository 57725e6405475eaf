"""One finding for all environments: what is the same in them after normalization is said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from paritycheck.findings import Finding, Severity, Special, Word
from paritycheck.normalize import Vocabulary
from paritycheck.policy.privilege.judging import Remark
from paritycheck.rules import RULES

_STANDS_FOR = re.compile("⟦([^⟧]*)⟧")
_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def merge(found: Sequence[Iterable[Remark]], vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return the findings of remarks, which are given by environment."""
    groups: dict[tuple[str, str, str], dict[int, list[Remark]]] = {}
    for number, remarks in enumerate(found):
        normalize = vocabulary.normalizers[number].normalize
        for remark in dict.fromkeys(remarks):
            key = remark.rule, normalize(remark.address), normalize(remark.path)
            groups.setdefault(key, {}).setdefault(number, []).append(remark)
    return tuple(_make(*key, members, vocabulary) for key, members in groups.items())


def _make(rule: str, address: str, path: str, members: Mapping[int, Sequence[Remark]], vocabulary: Vocabulary) -> Finding:
    first = next(iter(members.values()))[0]
    messages = {
        number: _show("; ".join(dict.fromkeys(vocabulary.normalizers[number].normalize(each.message) for each in remarks)), vocabulary)
        for number, remarks in members.items()
    }
    everywhere = len(set(messages.values())) == 1 and len(messages) == len(vocabulary.environments)
    return Finding(
        rule=rule,
        severity=min((each.severity for remarks in members.values() for each in remarks), key=_WEIGHT.index),
        address=vocabulary.show(address),
        path=_show(path, vocabulary),
        message=next(iter(messages.values())),
        hint=next((each.hint for remarks in members.values() for each in remarks if each.hint), RULES[rule].fix),
        values={} if everywhere else dict(_values(messages, vocabulary)),
        location=next(filter(None, (each.location for remarks in members.values() for each in remarks)), first.location),
    )


def _show(text: str, vocabulary: Vocabulary) -> str:
    """Write what stands for an unknown part of an ARN as what stands for an environment's name: `{account}`, as `{env}`."""
    return _STANDS_FOR.sub(r"{\1}", vocabulary.show(text))


def _values(messages: Mapping[int, str], vocabulary: Vocabulary) -> Iterator[tuple[str, Word | Special]]:
    for number, name in enumerate(vocabulary.environments):
        yield name, Word(messages[number]) if number in messages else Special.ABSENT
