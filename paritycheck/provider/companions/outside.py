"""The providers ``hashicorp/external`` and ``hashicorp/http``: nothing is run and nothing is called.

Their data sources answer with placeholders, which the configuration of the offline engine can replace.
"""

from __future__ import annotations

from paritycheck.provider.declared import TEXT_MAP, TEXTS, DeclaredProvider, Type, block, computed, declare, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Object

_BODY = "192.0.2.1"
"""An answer that is text and an address too: what the caller's own address is, is what is asked most."""


def _read_program(config: Object) -> Object:
    return {**config, "id": "-", "result": config["query"] or {}}


def _read_page(config: Object) -> Object:
    return {
        **config,
        "id": config["url"],
        "body": _BODY,
        "response_body": _BODY,
        "response_body_base64": "MTkyLjAuMi4x",
        "response_headers": {},
        "status_code": 200,
    }


def external_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider, as of 2.3."""
    contents = {
        "id": computed("string"),
        "program": required(TEXTS, length=(1, None)),
        "query": optional(TEXT_MAP),
        "result": computed(TEXT_MAP),
        "working_dir": optional("string"),
    }
    return declare("hashicorp/external", data_sources={"external": Type(contents, read=_read_program)}, overrides=overrides)


def http_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider, as of 3.5."""
    retry = {name: optional("number", between=(0, None)) for name in ("attempts", "max_delay_ms", "min_delay_ms")}
    contents = {
        "body": computed("string"),
        "ca_cert_pem": optional("string", conflicts_with=("insecure",)),
        "client_cert_pem": optional("string", required_with=("client_key_pem",)),
        "client_key_pem": optional("string", required_with=("client_cert_pem",)),
        "id": computed("string"),
        "insecure": optional("bool"),
        "method": optional("string", one_of=("GET", "POST", "HEAD")),
        "request_body": optional("string"),
        "request_headers": optional(TEXT_MAP),
        "request_timeout_ms": optional("number", between=(1, None)),
        "response_body": computed("string"),
        "response_body_base64": computed("string"),
        "response_headers": computed(TEXT_MAP),
        "retry": block("single", retry),
        "status_code": computed("number"),
        "url": required("string"),
    }
    return declare("hashicorp/http", data_sources={"http": Type(contents, read=_read_page)}, overrides=overrides)
