import hashlib
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from paritycheck.provider.companions.tls import tls_provider
from paritycheck.provider.interface import Refused


def write(key, form=PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.fixture
def asking(ask):
    return ask(tls_provider({}))


@pytest.mark.parametrize(
    ("key", "algorithm", "kind"),
    [
        (rsa.generate_private_key(65537, 2048), "RSA", "ssh-rsa"),
        (ec.generate_private_key(ec.SECP256R1()), "ECDSA", "ecdsa-sha2-nistp256"),
        (ed25519.Ed25519PrivateKey.generate(), "ED25519", "ssh-ed25519"),
    ],
)
@pytest.mark.parametrize("argument", ["private_key_pem", "private_key_openssh"])
def test_the_public_half_is_derived(asking, key, algorithm, kind, argument):
    form = PrivateFormat.OpenSSH if argument == "private_key_openssh" else PrivateFormat.PKCS8
    read = asking.read("tls_public_key", **{argument: write(key, form)})

    blob = b64decode(read["public_key_openssh"].split()[1])
    assert (algorithm, f"{kind} ") == (read["algorithm"], read["public_key_openssh"][: len(kind) + 1])
    assert read["public_key_pem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert hashlib.md5(blob).hexdigest() == read["public_key_fingerprint_md5"].replace(":", "")


def test_a_curve_that_ssh_does_not_have_gives_no_ssh_key(asking):
    read = asking.read("tls_public_key", private_key_pem=write(ec.generate_private_key(ec.SECP224R1())))

    assert ("ECDSA", "", "") == (read["algorithm"], read["public_key_openssh"], read["public_key_fingerprint_md5"])


@pytest.mark.parametrize("text", ["", "secret", "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused_without_quoting_it(asking, text):
    with pytest.raises(Refused) as refused:
        asking.read("tls_public_key", private_key_pem=text)

    assert "secret" not in str(refused.value.diagnostics)


@pytest.mark.parametrize(
    "text",
    [write(dsa.generate_private_key(1024)), "-----BEGIN PRIVATE KEY-----\nMAsCAQAwBAYCKgMEAA==\n-----END PRIVATE KEY-----\n"],
    ids=["dsa", "unheard-of"],
)
def test_another_kind_of_key_is_refused(asking, text):
    with pytest.raises(Refused):
        asking.read("tls_public_key", private_key_pem=text)
