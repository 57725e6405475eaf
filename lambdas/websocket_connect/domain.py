"""Who opens a connection, and as what: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.connections import Connection, Role

_SHARED_SESSION = "CognitoIdentityCredentials"


class RefusedError(Exception):
    """The connection is not taken; holds the HTTP status to answer with, and the reason's code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def identify_user(identity: Mapping[str, Any]) -> str:
    """Return the user's id, from the identity that API Gateway takes from the request's signature and nowhere else.

    Credentials of a Cognito identity pool are told apart by their identity's id: one role session serves all of them.
    Others bear the name of the role's session, which whoever hands the credentials out has chosen, or an IAM user's name.

    Raises:
        RefusedError: The signature names nobody.
    """
    if cognito := identity.get("cognitoIdentityId"):
        return str(cognito)
    match str(identity.get("userArn") or "").split(":", 5)[-1].split("/"):
        case ["assumed-role", _, session] if session not in {"", _SHARED_SESSION}:
            return session
        case ["federated-user", name] | ["user", *_, name] if name:
            return name
    raise RefusedError(403, "identity_unknown", "The request's signature names no user.")


def read_role(parameters: Mapping[str, Any] | None) -> Role:
    """Return the role that the client connects as; raise `RefusedError` if it names none."""
    try:
        return Role((parameters or {}).get("role", ""))
    except ValueError as error:
        raise RefusedError(400, "role_invalid", "The parameter role must be customer or driver.") from error


def read_connection(event: Mapping[str, Any], connected_at: str) -> Connection:
    """Return the connection that a $connect event opens; raise `RefusedError` if it is not to be taken."""
    context = event["requestContext"]
    return Connection(
        connection_id=context["connectionId"],
        user_id=identify_user(context.get("identity") or {}),
        role=read_role(event.get("queryStringParameters")),
        connected_at=connected_at,
    )
