"""The authorities that Aurora's certificates are held against."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificates import make_certificates
from tools.select_rds_authorities import TARGET, select_authorities


@pytest.fixture(scope="module")
def authorities() -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(TARGET.read_bytes())


def test_every_one_may_sign_certificates_and_signed_itself(authorities: list[x509.Certificate]) -> None:
    for authority in authorities:
        authority.verify_directly_issued_by(authority)
        assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert authority.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_every_one_holds_for_years(authorities: list[x509.Certificate]) -> None:
    now = datetime.now(UTC)

    assert [] == [one.subject for one in authorities if not one.not_valid_before_utc < now < one.not_valid_after_utc - timedelta(days=730)]


def test_there_is_one_for_each_region(authorities: list[x509.Certificate]) -> None:
    regions = [match[1] for one in authorities if (match := re.search(r"CN=Amazon RDS (\S+) Root CA", one.subject.rfc4514_string()))]

    assert len(authorities) == len(set(regions))
    assert {"us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2"} <= set(regions)


def test_python_takes_the_file() -> None:
    context = ssl.create_default_context(cafile=TARGET)

    assert TARGET.read_text().count("BEGIN") == context.cert_store_stats()["x509_ca"]


def test_selecting_again_changes_nothing_and_leaves_others_out(tmp_path: Path) -> None:
    other = make_certificates(tmp_path, "127.0.0.1").authority.read_text()
    text = TARGET.read_text()

    assert text == select_authorities(other + text + text)
    with pytest.raises(ValueError, match="no authority of RDS"):
        select_authorities(other)
