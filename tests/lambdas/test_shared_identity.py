"""Who somebody is, by the signature of his request, and what he is told when he is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.identity import identify_user
from shared.refusals import RefusedError

DRIVER_ARN = "arn:aws:sts::123456789012:assumed-role/drivers/driver-1"


def event(**identity: str | None) -> dict[str, Any]:
    return {"requestContext": {"identity": {"sourceIp": "192.0.2.1"} | identity}}


class TestIdentity:
    @pytest.mark.parametrize(
        ("identity", "user"),
        [
            ({"userArn": DRIVER_ARN}, "driver-1"),
            ({"userArn": "arn:aws-us-gov:sts::1:assumed-role/drivers/driver-1"}, "driver-1"),
            ({"userArn": "arn:aws:iam::1:user/driver-1"}, "driver-1"),
            ({"userArn": "arn:aws:iam::1:user/some/path/driver-1"}, "driver-1"),
            ({"userArn": "arn:aws:sts::1:federated-user/driver-1"}, "driver-1"),
            (
                {
                    "userArn": "arn:aws:sts::1:assumed-role/apps/CognitoIdentityCredentials",
                    "cognitoIdentityId": "eu-central-1:00000000-0000-4000-8000-000000000001",
                },
                "eu-central-1:00000000-0000-4000-8000-000000000001",
            ),
        ],
    )
    def test_the_signature_says_who_it_is(self, identity: dict[str, str | None], user: str) -> None:
        assert user == identify_user(event(**identity))

    @pytest.mark.parametrize(
        "arn",
        [
            None,
            "",
            "arn:aws:iam::1:root",
            "arn:aws:sts::1:assumed-role/apps/",
            "arn:aws:sts::1:assumed-role/apps",
            "arn:aws:sts::1:assumed-role/apps/a/b",
            "arn:aws:iam::1:user/",
            # All users of an identity pool have this session: it names none of them.
            "arn:aws:sts::1:assumed-role/apps/CognitoIdentityCredentials",
        ],
    )
    def test_a_signature_that_names_nobody_is_refused(self, arn: str | None) -> None:
        with pytest.raises(RefusedError) as caught:
            identify_user(event(userArn=arn))

        assert (403, "identity_unknown") == (caught.value.status, caught.value.code)

    @given(identity=st.dictionaries(st.sampled_from(["userArn", "cognitoIdentityId", "user"]), st.none() | st.text()))
    def test_whatever_signs_is_somebody_or_refused(self, identity: dict[str, str | None]) -> None:
        try:
            user = identify_user(event(**identity))
        except RefusedError:
            user = "nobody"

        assert user

    @pytest.mark.parametrize("unsigned", [{}, {"requestContext": None}, {"requestContext": {}}, {"requestContext": {"identity": None}}])
    def test_a_request_without_a_signature_names_nobody(self, unsigned: dict[str, Any]) -> None:
        with pytest.raises(RefusedError, match="names no user"):
            identify_user(unsigned)

    def test_what_a_client_says_of_itself_counts_for_nothing(self) -> None:
        said = {"userArn": "victim", "cognitoIdentityId": "victim", "customer_id": "victim"}

        signed = event(userArn=DRIVER_ARN) | said | {"headers": said, "queryStringParameters": said}

        assert "driver-1" == identify_user(signed)


class TestRefusal:
    def test_the_client_hears_a_code_and_a_sentence(self) -> None:
        assert {"code": "identity_unknown", "message": "Who are you?"} == RefusedError(403, "identity_unknown", "Who are you?").describe()

    def test_the_client_hears_which_fields_are_wrong(self) -> None:
        refused = RefusedError(400, "invalid", "No.", {"rating": "must be a whole number"})

        assert {"code": "invalid", "message": "No.", "problems": {"rating": "must be a whole number"}} == refused.describe()
