"""Files are named as the reader of a format looks for them."""

from __future__ import annotations

import pytest

from paritycheck.errors import Location
from paritycheck.reporters import Style


@pytest.mark.parametrize(
    ("directory", "root", "file", "expected"),
    [
        ("", "", "main.tf", "main.tf"),
        ("/r", "/r", "main.tf", "main.tf"),
        ("/r/infra", "/r", "main.tf", "infra/main.tf"),
        ("/r/infra", "/r", "../tfvars/dev.tfvars", "tfvars/dev.tfvars"),
        ("/r/infra", "/r", "/r/a/../main.tf", "main.tf"),
        ("/r", "/r", "../other/main.tf", "/other/main.tf"),
        ("/r", "/r", "/r2/main.tf", "/r2/main.tf"),
        ("/r", "/", "main.tf", "r/main.tf"),
    ],
)
def test_a_file_is_named_from_the_root(directory: str, root: str, file: str, expected: str) -> None:
    assert expected == Style(directory=directory, root=root).from_root(file)


def test_a_place_keeps_its_line_and_column() -> None:
    assert Location("infra/a.tf", 3, 4) == Style(directory="/r/infra", root="/r").locate(Location("a.tf", 3, 4))
