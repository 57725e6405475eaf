"""Forms of texts."""

import pytest

from paritycheck.provider.planning.formats import FORMS, check_format

GOOD = {
    "arn": [
        "arn:aws:iam::123456789012:role/x",
        "arn:aws-us-gov:s3:::bucket/*",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:sqs:eu-west-1:123456789012:q",
    ],
    "cidr": ["10.0.0.0/8", "10.0.0.1/8", "::/0"],
    "json": ["{}", "[1]", '"x"', "1e400"],
    "iam_policy_json": ['{"a": 1}', " {}"],
    "rfc3339": ["2024-02-29T00:00:00Z", "2024-01-01T00:00:00.5+05:30"],
}
BAD = {
    "arn": ["x", "arn:aws", "arn:aws:s3:::", "arn:aws:s3:nowhere:123456789012:x", "arn:aws:s3::12:x"],
    "cidr": ["10.0.0.0", "10.0.0.0/33", "x/8", "300.0.0.0/8"],
    "json": ["{", "NaN", "[Infinity]", "[" * 100_000],
    "iam_policy_json": ["[1]", "{"],
    "rfc3339": ["2024-13-01T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00"],
}


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in GOOD.items() for text in texts])
def test_a_text_of_the_form_passes(form: str, text: str) -> None:
    """So does an empty one, which is not set."""
    assert None is check_format(text, form) is check_format("", form)


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in BAD.items() for text in texts])
def test_a_text_of_another_form_is_named(form: str, text: str) -> None:
    """By what it should be."""
    assert f"be {FORMS[form][0]}" == check_format(text, form)


def test_other_values_have_no_form() -> None:
    """Nor has a text of a form that is not known here."""
    assert None is check_format(5, "arn") is check_format("x", "tune")
