import pytest

from paritycheck.provider.companions.tls import tls_provider
from paritycheck.provider.interface import UNKNOWN

CERTIFICATE = {"private_key_pem": "x", "allowed_uses": ["server_auth"], "validity_period_hours": 5}


@pytest.fixture
def asking(ask):
    return ask(tls_provider({}))


def test_a_key_has_defaults_and_unknown_halves(asking):
    planned = asking.create("tls_private_key", algorithm="RSA")

    known = {name: value for name, value in planned.items() if value is not UNKNOWN}
    assert {"algorithm": "RSA", "ecdsa_curve": "P224", "rsa_bits": 2048} == known
    block = asking.provider.resource_schema("tls_private_key").block
    secrets = ["private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"]
    assert secrets == sorted(name for name, attribute in block.attributes.items() if attribute.sensitive)


def test_a_certificate_has_defaults(asking):
    planned = asking.create("tls_self_signed_cert", **CERTIFICATE, subject=[{"common_name": "example.com"}])

    names = ("early_renewal_hours", "is_ca_certificate", "ready_for_renewal", "set_authority_key_id", "set_subject_key_id")
    assert (0, False, False, False, False) == tuple(planned[name] for name in names)
    assert {UNKNOWN} == {planned[name] for name in ("cert_pem", "id", "key_algorithm", "validity_start_time", "validity_end_time")}
    assert ("example.com", None) == (planned["subject"][0]["common_name"], planned["subject"][0]["country"])


@pytest.mark.parametrize(
    ("end", "early", "replaced"),
    [
        ("2001-01-01T00:00:00Z", 0, [("ready_for_renewal",)]),
        ("9001-01-01T00:00:00Z", 0, []),
        ("9001-01-01T00:00:00Z", 61_200_000, [("ready_for_renewal",)]),
        ("someday", 0, []),
        (None, 0, []),
    ],
)
def test_a_certificate_is_renewed_when_it_is_due(asking, end, early, replaced):
    prior = {**CERTIFICATE, "validity_end_time": end, "early_renewal_hours": early, "ready_for_renewal": False}
    config = CERTIFICATE | {"early_renewal_hours": early}
    prior |= {"is_ca_certificate": False, "set_authority_key_id": False, "set_subject_key_id": False}

    assert replaced == asking.update("tls_self_signed_cert", prior, **config).replace


@pytest.mark.parametrize(
    ("type_name", "config"),
    [
        ("tls_private_key", {"algorithm": "DSA"}),
        ("tls_private_key", {"algorithm": "ECDSA", "ecdsa_curve": "P123"}),
        ("tls_self_signed_cert", {**CERTIFICATE, "allowed_uses": ["server_auth", "world_peace"]}),
        ("tls_self_signed_cert", {**CERTIFICATE, "validity_period_hours": -1}),
    ],
)
def test_what_the_provider_refuses_is_refused(asking, type_name, config):
    assert 1 == len(asking.complaints(type_name, **config))


def test_a_certificate_of_the_network_is_a_placeholder_of_the_right_form(asking):
    certificate = asking.read("tls_certificate", url="https://example.com")["certificates"][0]

    assert 40 == len(bytes.fromhex(certificate["sha1_fingerprint"])) * 2
    assert 1 == len(asking.read_complaints("tls_certificate"))
    assert 1 == len(asking.read_complaints("tls_certificate", url="ftp://example.com"))
