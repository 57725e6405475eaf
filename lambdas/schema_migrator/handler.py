"""Invoked by hand: applies the versions of the SQL schema that the Aurora database does not have yet, and answers which."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from shared.aurora import Aurora
from shared.observability import make_logger

from schema_migrator.domain import Version, find_missing
from schema_migrator.stores import Schema, lock_schema, read_versions

VERSIONS = Path(__file__).with_name("sql")

# Changing a large table takes its time: the function's own timeout is the limit, and Lambda allows none above this.
_PATIENCE_S = 900

logger = make_logger("schema_migrator")


def handle(event: object, context: object) -> dict[str, list[str]]:  # noqa: ARG001  Lambda calls it with both
    """Bring the database up to date, whatever the event."""
    with lock_schema(Aurora(os.environ, answer_timeout_s=_PATIENCE_S)) as schema:
        return migrate(read_versions(VERSIONS), schema)


def migrate(versions: Sequence[Version], schema: Schema) -> dict[str, list[str]]:
    """Apply the versions that a database lacks; return the names of those that were applied, and of those that it had."""
    before = schema.applied()
    missing = find_missing(versions, before)
    for version in missing:
        schema.apply(version)
        logger.info("version applied", event="schema_version_applied", version=version.name)
    return {"applied": [version.name for version in missing], "present": sorted(before)}
