from paritycheck.provider.companions.digests import digest


def test_digests_are_of_all_chunks_together():
    digests = digest([b"hell", b"o"])

    expected = {
        "md5": "5d41402abc4b2a76b9719d911017c592",
        "sha1": "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
        "base64sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    }
    assert expected == {name: digests[name] for name in expected}
    assert {"md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"} == set(digests)
