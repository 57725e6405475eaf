"""What clients of the APIs are told when what they ask for is not done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RefusedError(Exception):
    """What a client asks for is not done; holds an HTTP status, a code for programs, and problems by field."""

    def __init__(self, status: int, code: str, message: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.problems = dict(problems or {})

    def describe(self) -> dict[str, Any]:
        """Return what the client is told: code, message and, where fields are wrong, their problems."""
        return {"code": self.code, "message": str(self), **({"problems": self.problems} if self.problems else {})}
