"""The data source ``tls_public_key``: the public half of a private key that the configuration holds."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from paritycheck.provider.interface import Diagnostic, Object, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


def read_public_key(config: Object) -> Object:
    """Derive the public key; raise `Refused`, which never quotes the key, where there is none."""
    argument = "private_key_pem" if config["private_key_pem"] is not None else "private_key_openssh"
    try:
        key = _load(config[argument].encode())
        algorithm = _name_algorithm(key)
    except (ValueError, TypeError) as error:
        detail = "It must be an RSA, ECDSA or ED25519 private key that is not encrypted."
        raise Refused(Diagnostic("Invalid private key", detail, (argument,))) from error
    return {**config, **_describe(key.public_key()), "algorithm": algorithm}


def _load(text: bytes) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in text else load_pem_private_key
    try:
        return load(text, password=None)
    except UnsupportedAlgorithm as error:
        raise ValueError("an unknown kind of key") from error


def _name_algorithm(key: PrivateKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    kinds = {rsa.RSAPrivateKey: "RSA", ec.EllipticCurvePrivateKey: "ECDSA", ed25519.Ed25519PrivateKey: "ED25519"}
    for kind, name in kinds.items():
        if isinstance(key, kind):
            return name
    raise ValueError("another kind of key")


def _describe(key: Any) -> Object:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    described = {"id": hashlib.sha1(_body(pem), usedforsecurity=False).hexdigest(), "public_key_pem": pem.decode()}
    try:
        line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    except ValueError:  # a curve that OpenSSH does not have
        return {**described, "public_key_openssh": "", "public_key_fingerprint_md5": "", "public_key_fingerprint_sha256": ""}
    blob = b64decode(line.split()[1])
    md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return {
        **described,
        "public_key_openssh": line.decode() + "\n",
        "public_key_fingerprint_md5": ":".join(md5[index : index + 2] for index in range(0, 32, 2)),
        "public_key_fingerprint_sha256": "SHA256:" + b64encode(hashlib.sha256(blob).digest()).decode().rstrip("="),
    }


def _body(pem: bytes) -> bytes:
    """Return the bytes that a PEM text holds."""
    return b64decode(b"".join(pem.splitlines()[1:-1]))
