"""Run policies in checkov's interpreter: settings as the first argument, plans on stdin, the answer on stdout, all JSON.

What policies print goes nowhere: it may quote a plan, which holds secrets.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Load the policies while the plans are made, then judge them."""
    answer = os.dup(1)
    _silence(1)
    sys.path.insert(0, str(Path(__file__).parents[1]))
    settings = json.loads(sys.argv[1])

    from checkov.version import version

    result: dict[str, Any] = {"version": version, "policies": [], "refused": []}
    if [int(number) for number in re.findall(r"\d+", version)] >= settings["oldest"]:
        result |= _run(settings)
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        json.dump(result, stream, separators=(",", ":"), default=str)
    os._exit(0)  # NOTE: a thread that a policy started must not keep the run waiting.


def _run(settings: dict[str, Any]) -> dict[str, Any]:
    import logging

    logging.disable(logging.CRITICAL)

    from paritycheck_checks.graph import judge_unknown_values
    from paritycheck_checks.loading import load
    from paritycheck_checks.observing import observe_searches

    sys.dont_write_bytecode = True
    policies, refused = load(settings["directory"], settings["builtin"])
    result: dict[str, Any] = {
        "policies": [
            {"id": policy.id, "name": policy.name, "file": policy.file, "severity": policy.severity, "guideline": policy.guideline}
            for policy in policies
        ],
        "refused": [vars(error) for error in refused],
    }
    if not refused:
        swallowed: list[BaseException] = []
        judge_unknown_values(swallowed)
        observe_searches()
        request = sys.stdin.buffer.read()
        _silence(2)
        try:
            result |= _judge(policies, request, swallowed)
        except BaseException as error:  # noqa: BLE001 -- told without its text, which may quote a plan
            result["failure"] = type(error).__name__
    return result


def _silence(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _judge(policies: list[Any], document: bytes, swallowed: list[BaseException]) -> dict[str, Any]:
    from paritycheck_checks.judging import Judge
    from paritycheck_checks.loading import is_builtin
    from paritycheck_checks.resources import Reader, Resource, Unreadable

    request: dict[str, Any] = json.loads(document)
    reader, environments = Reader(), list[dict[str, Any]]()
    for plan in request["plans"]:
        blocks = request["references"][plan["references"]]
        resources, unread = list[Resource](), list[dict[str, str]]()
        for entry in plan["resources"]:
            try:
                resources.append(reader.read(entry, blocks.get(entry["block"], {})))
            except Unreadable as error:
                unread.append({"address": entry["address"], "problem": str(error)})
        if unread:
            environments.append({"read": len(resources), "unread": unread, "results": [], "failures": []})
            continue
        judge = Judge(policies, resources, plan["edges"], swallowed)
        results = list(judge.results())
        failures = [vars(failure) for failure in judge.failures]
        environments.append({"read": len(resources), "results": results, "failures": failures})
    return {"environments": environments, "builtin": [id_ for id_ in request["known"] if is_builtin(id_)]}


if __name__ == "__main__":
    main()
