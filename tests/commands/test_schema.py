"""`paritycheck schema import` says what it wrote and what to do with it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.invoke import paritycheck

DUMP = {
    "format_version": "1.0",
    "provider_schemas": {
        "registry.terraform.io/datadog/datadog": {
            "provider": {"version": 0, "block": {}},
            "resource_schemas": {
                "datadog_monitor": {"version": 0, "block": {"attributes": {"name": {"type": "string", "required": True}}}}
            },
        }
    },
}


def test_writes_a_schema_a_provider(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(json.dumps(DUMP))
    done = paritycheck("schema", "import", "dump.json", "--output", "providers", cwd=tmp_path)
    (written,) = (tmp_path / "providers").iterdir()

    assert 0 == done.code
    assert (
        f"datadog/datadog -> providers/{written.name} (resource types: 1, data sources: 0)\n"
        f"Add this to parity.yaml:\n\nschemas: [providers/{written.name}]\n"
    ) == done.out
