"""The provider ``hashicorp/tls``, as of 4.1: keys and certificates are unknown until they are made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from paritycheck.provider.companions.public_keys import read_public_key
from paritycheck.provider.companions.timestamps import parse_timestamp
from paritycheck.provider.declared import TEXTS, Contents, DeclaredProvider, Type, block, computed, declare, either, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Object

_KEY_USES = (
    *("any_extended", "cert_signing", "client_auth", "code_signing", "content_commitment", "crl_signing", "data_encipherment"),
    *("decipher_only", "digital_signature", "email_protection", "encipher_only", "ipsec_end_system", "ipsec_tunnel", "ipsec_user"),
    *("key_agreement", "key_encipherment", "microsoft_commercial_code_signing", "microsoft_kernel_code_signing"),
    *("microsoft_server_gated_crypto", "netscape_server_gated_crypto", "ocsp_signing", "server_auth", "timestamping"),
)
_SUBJECT_NAMES = (
    *("common_name", "country", "locality", "organization", "organizational_unit", "postal_code", "province", "serial_number"),
    "email_address",
)
_ID: Contents = {"id": computed("string")}
_PUBLIC_KEY: Contents = {
    name: computed("string")
    for name in ("public_key_fingerprint_md5", "public_key_fingerprint_sha256", "public_key_openssh", "public_key_pem")
}
_PROXY: Contents = {
    "from_env": either("bool"),
    "password": optional("string", sensitive=True, required_with=("proxy.username",)),
    "url": optional("string"),
    "username": optional("string", required_with=("proxy.url",)),
}


def _subject() -> Contents:
    """Declare who a certificate is for."""
    contents = {name: optional("string", replace=True) for name in _SUBJECT_NAMES}
    return {"subject": block("list", {**contents, "street_address": optional(TEXTS, replace=True)}, max_items=1, replace=True)}


def _names() -> Contents:
    return {name: optional(TEXTS, replace=True) for name in ("dns_names", "ip_addresses", "uris")}


def _certificate() -> Contents:
    """Declare what both kinds of certificates share."""
    return {
        **_ID,
        "allowed_uses": required(TEXTS, replace=True, one_of=_KEY_USES),
        "early_renewal_hours": either("number", default=0, between=(0, None)),
        "is_ca_certificate": either("bool", default=False, replace=True),
        "max_path_length": optional("number", replace=True, between=(-1, None)),
        "name_constraint_excluded_dns_names": optional(TEXTS, replace=True),
        "name_constraint_permitted_dns_names": optional(TEXTS, replace=True),
        "name_constraint_permitted_dns_names_critical": optional("bool", replace=True),
        "ready_for_renewal": computed("bool", default=False),
        "set_subject_key_id": either("bool", default=False, replace=True),
        "validity_period_hours": required("number", replace=True, between=(0, None)),
        **{name: computed("string") for name in ("cert_pem", "validity_end_time", "validity_start_time")},
    }


def _find_renewal(prior: Object) -> Iterable[str]:
    """Find a certificate that has come to its end, or to the hours before it in which it may be renewed."""
    end = prior["validity_end_time"]
    if not end:
        return
    try:
        due = parse_timestamp(end) - timedelta(hours=int(prior["early_renewal_hours"] or 0))
    except (ValueError, OverflowError):
        return
    if due <= datetime.now(UTC):
        yield "ready_for_renewal"


_RESOURCES: Mapping[str, Type] = {
    "tls_cert_request": Type(
        {
            **_ID,
            **_names(),
            **_subject(),
            "cert_request_pem": computed("string"),
            "key_algorithm": computed("string"),
            "private_key_pem": required("string", sensitive=True, replace=True),
        }
    ),
    "tls_locally_signed_cert": Type(
        {
            **_certificate(),
            "ca_cert_pem": required("string", replace=True),
            "ca_key_algorithm": computed("string"),
            "ca_private_key_pem": required("string", sensitive=True, replace=True),
            "cert_request_pem": required("string", replace=True),
        },
        expired=_find_renewal,
    ),
    "tls_private_key": Type(
        {
            **_ID,
            **_PUBLIC_KEY,
            "algorithm": required("string", replace=True, one_of=("RSA", "ECDSA", "ED25519")),
            "ecdsa_curve": either("string", default="P224", replace=True, one_of=("P224", "P256", "P384", "P521")),
            "rsa_bits": either("number", default=2048, replace=True),
            **{name: computed("string", sensitive=True) for name in ("private_key_openssh", "private_key_pem", "private_key_pem_pkcs8")},
        },
        version=1,
    ),
    "tls_self_signed_cert": Type(
        {
            **_certificate(),
            **_names(),
            **_subject(),
            "key_algorithm": computed("string"),
            "private_key_pem": required("string", sensitive=True, replace=True),
            "set_authority_key_id": either("bool", default=False, replace=True),
        },
        expired=_find_renewal,
    ),
}

_CERTIFICATE_TEXTS = (
    *("cert_pem", "issuer", "not_after", "not_before", "public_key_algorithm", "serial_number", "sha1_fingerprint"),
    *("signature_algorithm", "subject"),
)
_CERTIFICATES = ["list", ["object", dict.fromkeys(_CERTIFICATE_TEXTS, "string") | {"is_ca": "bool", "version": "number"}]]


def _read_certificate(config: Object) -> Object:
    """Answer with one certificate of the right form: no connection is opened."""
    name = config["url"] or "content"
    fingerprint = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    certificate = {
        **dict.fromkeys(_CERTIFICATE_TEXTS, ""),
        "is_ca": False,
        "issuer": f"CN={name}",
        "not_after": "2038-01-01T00:00:00Z",
        "not_before": "2018-01-01T00:00:00Z",
        "public_key_algorithm": "RSA",
        "serial_number": str(int(fingerprint, 16)),
        "sha1_fingerprint": fingerprint,
        "signature_algorithm": "SHA256-RSA",
        "subject": f"CN={name}",
        "version": 3,
    }
    return {**config, "id": fingerprint, "certificates": [certificate]}


_DATA_SOURCES: Mapping[str, Type] = {
    "tls_certificate": Type(
        {
            **_ID,
            "certificates": computed(_CERTIFICATES),
            "content": optional("string", exactly_one_of=("content", "url")),
            "url": optional("string", pattern="^(https|tls)://"),
            "verify_chain": optional("bool", conflicts_with=("content",)),
        },
        read=_read_certificate,
    ),
    "tls_public_key": Type(
        {
            **_ID,
            **_PUBLIC_KEY,
            "algorithm": computed("string"),
            "private_key_openssh": optional("string", sensitive=True, exactly_one_of=("private_key_openssh", "private_key_pem")),
            "private_key_pem": optional("string", sensitive=True),
        },
        read=read_public_key,
    ),
}


def tls_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider; it never opens a connection: `tls_certificate` answers with a placeholder."""
    config = {"proxy": block("list", _PROXY, max_items=1)}
    return declare("hashicorp/tls", resources=_RESOURCES, data_sources=_DATA_SOURCES, config=config, overrides=overrides)
