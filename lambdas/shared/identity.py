"""Who signed a request to one of the APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.refusals import RefusedError

_SHARED_SESSION = "CognitoIdentityCredentials"


def identify_user(event: Mapping[str, Any]) -> str:
    """Return the user's id, from the identity that API Gateway takes from the request's signature and nowhere else.

    Credentials of a Cognito identity pool are told apart by their identity's id: one role session serves all of them.
    Others bear the name of the role's session, which whoever hands the credentials out has chosen, or an IAM user's name.

    Raises:
        RefusedError: The signature names nobody.
    """
    identity = (event.get("requestContext") or {}).get("identity") or {}
    if cognito := identity.get("cognitoIdentityId"):
        return str(cognito)
    match str(identity.get("userArn") or "").split(":", 5)[-1].split("/"):
        case ["assumed-role", _, session] if session not in {"", _SHARED_SESSION}:
            return session
        case ["federated-user", name] | ["user", *_, name] if name:
            return name
    raise RefusedError(403, "identity_unknown", "The request's signature names no user.")
