import pytest

from paritycheck.provider.aws.functions import FUNCTIONS

ROLE = "arn:aws:iam::444455556666:role/with/path/example"


def call(name: str, *arguments: str) -> object:
    return FUNCTIONS[name].call(*arguments)


def test_an_arn_is_taken_apart_and_put_together_again():
    parts = call("arn_parse", "arn:aws:sns:us-east-1:123456789012:a:b")

    expected = {"partition": "aws", "service": "sns", "region": "us-east-1", "account_id": "123456789012", "resource": "a:b"}
    assert expected == parts
    assert "arn:aws:sns:us-east-1:123456789012:a:b" == call("arn_build", *expected.values())


@pytest.mark.parametrize(("resource", "trimmed"), [("role/with/path/x", "role/x"), ("role/x", "role/x"), ("role/", "role/")])
def test_a_role_loses_its_path(resource, trimmed):
    assert f"arn:aws:iam::1:{trimmed}" == call("trim_iam_role_path", f"arn:aws:iam::1:{resource}")


@pytest.mark.parametrize(
    ("name", "arn", "message"),
    [
        ("arn_parse", "x", "begins with arn:"),
        ("arn_parse", "arn:aws:x", "six sections"),
        ("trim_iam_role_path", "x", "begins with arn:"),
        ("trim_iam_role_path", ROLE.replace("iam", "s3"), "service"),
        ("trim_iam_role_path", ROLE.replace("::", ":us-east-1:"), "region"),
        ("trim_iam_role_path", ROLE.replace("role/", "user/"), "resource"),
    ],
)
def test_a_wrong_arn_is_refused(name, arn, message):
    with pytest.raises(ValueError, match=message):
        call(name, arn)
