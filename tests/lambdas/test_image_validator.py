"""The image validator: which photos it takes, what it notes with their orders, and how it refuses the others."""

import io
import json
import random
import struct
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from image_validator import handler
from image_validator.domain import MAX_BYTES, Label, Photo, Proof, Upload, inspect_photo, read_upload
from image_validator.handler import Stores, check_photos, handle
from image_validator.settings import Settings, read_settings
from image_validator.stores import DynamoOrders, Labeler, Orders, Photos, RekognitionLabeler, S3Photos
from moto import mock_aws
from PIL import Image
from shared.orders import PoisonError

from tests.log_lines import reading_log

BUCKET = "delivery-photos"
KEY = "photos/o-1/p-1.jpg"
SEQUENCER = "0055aed6dcd90281e5"
UPLOADED_AT = "2026-01-02T03:04:05.678Z"
LABELS = (Label("Door", Decimal("97.1")), Label("Bag", Decimal("81.0")))


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """A picture that does not compress away."""
    pixels = random.Random(7).randbytes(size[0] * size[1] * len(mode))
    stream = io.BytesIO()
    Image.frombytes(mode, size, pixels).save(stream, kind, **options)
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says to be this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def record(key: str = KEY, **changes: Any) -> dict[str, Any]:
    """One record of an S3 event; `changes` are of its object."""
    stored = {"key": key, "size": 1234, "versionId": "v1", "sequencer": SEQUENCER} | changes
    return {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": UPLOADED_AT,
        "s3": {"bucket": {"name": BUCKET}, "object": stored},
    }


def upload(**changes: Any) -> Upload:
    values = {
        "bucket": BUCKET,
        "key": KEY,
        "version": "v1",
        "size": 1234,
        "order_id": "o-1",
        "uploaded_at": UPLOADED_AT,
        "sequencer": SEQUENCER.ljust(64, "0"),
    }
    return Upload(**(values | changes))


def proof(**changes: Any) -> Proof:
    return Proof(upload(**changes), Photo(64, 48, "JPEG"), LABELS)


def reason(refused: pytest.ExceptionInfo[PoisonError]) -> str:
    return str(refused.value)


class HeldPhotos(Photos):
    """Has a picture for every upload, but for the keys that have another content."""

    def __init__(self, contents: dict[str, bytes | Exception] | None = None) -> None:
        self.contents = contents or {}

    def read(self, upload: Upload) -> bytes:
        content = self.contents.get(upload.key, picture())
        if isinstance(content, Exception):
            raise content
        return content


class FixedLabels(Labeler):
    """Sees the same on every photo."""

    def detect(self, upload: Upload) -> tuple[Label, ...]:
        return LABELS


class ListedProofs(Orders):
    """Keeps the proofs in a list, and only the first one of an order."""

    def __init__(self) -> None:
        self.proofs: list[Proof] = []

    def store(self, proof: Proof) -> bool:
        if proof.upload.order_id in {noted.upload.order_id for noted in self.proofs}:
            return False
        self.proofs.append(proof)
        return True


def stores(contents: dict[str, bytes | Exception] | None = None) -> tuple[Stores, list[Proof]]:
    orders = ListedProofs()
    return Stores(HeldPhotos(contents), FixedLabels(), orders), orders.proofs


class TestReadingAnEvent:
    def test_a_record_tells_of_an_upload(self) -> None:
        assert upload() == read_upload(record())

    def test_keys_are_decoded(self) -> None:
        assert upload(key="photos/o 1/ä+b.jpeg", order_id="o 1") == read_upload(record("photos/o+1/%C3%A4%2Bb.jpeg"))

    def test_the_bucket_need_not_have_versions(self) -> None:
        told = record()
        del told["s3"]["object"]["versionId"]

        assert upload(version=None) == read_upload(told)

    @pytest.mark.parametrize(("shorter", "longer"), [("0055AED6", "0055aed601"), ("0055", "01"), ("", "00AA")])
    def test_sequencers_compare_as_if_filled_up_on_the_right(self, shorter: str, longer: str) -> None:
        assert read_upload(record(sequencer=shorter)).sequencer < read_upload(record(sequencer=longer)).sequencer

    @pytest.mark.parametrize(
        "key",
        [
            "photos/p-1.jpg",
            "receipts/o-1/p-1.jpg",
            "photos//p-1.jpg",
            "photos/o-1/",
            "photos/o-1/a/b.jpg",
            "photos/o-1/p",
            "photos/%FF/p.jpg",
        ],
    )
    def test_a_key_of_another_form_is_refused(self, key: str) -> None:
        with pytest.raises(PoisonError) as refused:
            read_upload(record(key))

        assert "malformed_event" == reason(refused)

    @pytest.mark.parametrize(("size", "expected"), [(0, "empty"), (MAX_BYTES + 1, "too_many_bytes"), ("many", "malformed_event")])
    def test_a_size_that_cannot_be_taken_is_refused_unread(self, size: object, expected: str) -> None:
        with pytest.raises(PoisonError) as refused:
            read_upload(record(size=size))

        assert expected == reason(refused)

    @given(
        st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.sampled_from(["s3", "object", "key"]), inner))
    )
    def test_whatever_else_comes_is_refused(self, told: Any) -> None:
        with pytest.raises(PoisonError):
            read_upload(told)


class TestInspecting:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (picture(), Photo(64, 48, "JPEG")),
            (picture(progressive=True), Photo(64, 48, "JPEG")),
            (picture(mode="L"), Photo(64, 48, "JPEG")),
            (picture("PNG"), Photo(64, 48, "PNG")),
            (picture("PNG", mode="RGBA"), Photo(64, 48, "PNG")),
        ],
    )
    def test_a_photo_is_what_it_contains(self, content: bytes, expected: Photo) -> None:
        assert expected == inspect_photo(content)

    def test_a_phones_jpeg_with_a_second_picture_behind_it_is_a_jpeg(self) -> None:
        second = Image.new("RGB", (8, 8))

        assert Photo(64, 48, "JPEG") == inspect_photo(picture("MPO", save_all=True, append_images=[second]))

    def test_what_exif_tells_is_not_looked_at(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "A device"

        assert Photo(64, 48, "JPEG") == inspect_photo(picture(exif=exif))

    @pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP"])
    def test_other_formats_are_refused_whatever_they_are_called(self, kind: str) -> None:
        with pytest.raises(PoisonError, match="broken_image"):
            inspect_photo(picture(kind))

    @pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"%PDF-1.7", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
    def test_what_is_no_image_is_refused(self, content: bytes) -> None:
        with pytest.raises(PoisonError, match="broken_image"):
            inspect_photo(content)

    @pytest.mark.parametrize(("width", "height"), [(8_000, 5_001), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
    def test_a_few_bytes_that_claim_too_many_pixels_are_refused_before_they_are_decoded(self, width: int, height: int) -> None:
        with pytest.raises(PoisonError) as refused:
            inspect_photo(bomb(width, height))

        assert "too_many_pixels" == reason(refused)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    @given(share=st.floats(0, 0.99))
    def test_a_truncated_file_is_refused(self, kind: str, share: float) -> None:
        content = picture(kind)

        with pytest.raises(PoisonError, match="broken_image"):
            inspect_photo(content[: int(len(content) * share)])

    @given(kind=st.sampled_from(["JPEG", "PNG"]), place=st.integers(0, 6000), noise=st.binary(min_size=1, max_size=16))
    def test_a_damaged_file_is_a_photo_or_refused(self, kind: str, place: int, noise: bytes) -> None:
        content = picture(kind)
        damaged = content[: place % len(content)] + noise + content[place % len(content) + len(noise) :]

        try:
            outcome = inspect_photo(damaged).format
        except PoisonError as error:
            outcome = str(error)

        assert outcome in {kind, "broken_image", "too_many_pixels"}


class TestHandler:
    def test_every_photo_of_an_event_is_noted_with_its_order(self) -> None:
        checked, proofs = stores()

        check_photos({"Records": [record(), record("photos/o-2/p-2.png")]}, checked)

        assert [proof(), proof(key="photos/o-2/p-2.png", order_id="o-2")] == proofs

    def test_a_broken_photo_is_logged_with_its_reason_and_fails_the_invocation(self) -> None:
        checked, proofs = stores({KEY: b"no photo"})

        with reading_log(handler.logger) as log, pytest.raises(PoisonError, match="broken_image"):
            check_photos({"Records": [record()]}, checked)

        (line,) = log.of("poison_record")
        assert ("broken_image", KEY) == (line["reason"], line["object_key"])
        assert [] == proofs

    def test_a_broken_photo_keeps_no_other_from_its_order(self) -> None:
        checked, proofs = stores({KEY: b"no photo"})

        with pytest.raises(PoisonError):
            check_photos({"Records": [record(), record("photos/o-2/p-2.jpg")]}, checked)

        assert ["o-2"] == [noted.upload.order_id for noted in proofs]

    def test_a_passing_fault_is_raised_before_a_refusal(self) -> None:
        checked, proofs = stores({KEY: b"no photo", "photos/o-2/p.jpg": TimeoutError("S3")})

        with pytest.raises(TimeoutError):
            check_photos({"Records": [record(), record("photos/o-2/p.jpg"), record("photos/o-3/p.jpg")]}, checked)

        assert ["o-3"] == [noted.upload.order_id for noted in proofs]

    @pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": None}, {"Records": [None]}, {"Records": [{"s3": 1}]}])
    def test_what_is_no_s3_event_is_refused(self, event: dict[str, Any]) -> None:
        with pytest.raises(PoisonError, match="malformed_event"):
            check_photos(event, stores()[0])

    def test_a_photo_that_is_not_the_newest_is_no_fault(self) -> None:
        checked, proofs = stores()

        with reading_log(handler.logger) as log:
            check_photos({"Records": [record(), record("photos/o-1/older.jpg")]}, checked)

        assert [proof()] == proofs
        assert ["o-1"] == [line["order_id"] for line in log.of("proof_outdated")]

    def test_logs_name_ids_and_counts_only(self) -> None:
        checked, _ = stores()

        with reading_log(handler.logger) as log:
            check_photos({"Records": [record()]}, checked)

        (line,) = [json.loads(text) for text in log.text.splitlines()]
        assert {"level", "location", "message", "timestamp", "service", "event", "order_id", "labels"} == line.keys()
        assert ("proof_noted", 2) == (line["event"], line["labels"])


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings("orders") == read_settings({"ORDERS_TABLE": "orders"})

    def test_a_missing_setting_is_named(self) -> None:
        with pytest.raises(KeyError, match="ORDERS_TABLE"):
            read_settings({})


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def orders(aws: None) -> Any:
    """The table, with an order in each status that matters."""
    table = boto3.resource("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for order_id, status in [("o-1", "picked_up"), ("o-2", "delivered"), ("o-3", "accepted")]:
        table.put_item(Item={"order_id": order_id, "status": status})
    return table


def noted(orders: Any, order_id: str = "o-1") -> Any:
    return orders.get_item(Key={"order_id": order_id})["Item"].get("proof_of_delivery")


class TestDynamoOrders:
    @pytest.mark.parametrize("order_id", ["o-1", "o-2"])
    def test_a_proof_is_noted_once_the_driver_carries_the_order(self, orders: Any, order_id: str) -> None:
        assert DynamoOrders(orders).store(proof(order_id=order_id))
        assert {
            "bucket": BUCKET,
            "key": KEY,
            "version": "v1",
            "uploaded_at": UPLOADED_AT,
            "sequencer": SEQUENCER.ljust(64, "0"),
            "size": 1234,
            "width": 64,
            "height": 48,
            "format": "JPEG",
            "labels": [{"name": "Door", "confidence": Decimal("97.1")}, {"name": "Bag", "confidence": Decimal("81.0")}],
        } == noted(orders, order_id)

    @pytest.mark.parametrize(("order_id", "expected"), [("o-3", "order_not_picked_up"), ("o-9", "unknown_order")])
    def test_no_other_order_is_touched_or_made(self, orders: Any, order_id: str, expected: str) -> None:
        before = orders.scan()["Items"]

        with pytest.raises(PoisonError) as refused:
            DynamoOrders(orders).store(proof(order_id=order_id))

        assert expected == reason(refused)
        assert before == orders.scan()["Items"]

    def test_the_same_proof_once_more_changes_nothing(self, orders: Any) -> None:
        assert [True, True] == [DynamoOrders(orders).store(proof()) for _ in range(2)]
        assert proof().to_item() == noted(orders)

    @pytest.mark.parametrize(
        ("older", "newer"),
        [
            ({"sequencer": "00aa"}, {"sequencer": "00ab"}),
            ({"sequencer": "00aa"}, {"sequencer": "00ab", "uploaded_at": "2026-01-01T00:00:00.000Z"}),
            ({"sequencer": "00ff"}, {"sequencer": "00ab", "key": "photos/o-1/p-2.jpg", "uploaded_at": "2026-01-03T00:00:00.000Z"}),
            ({"sequencer": "00ff"}, {"sequencer": "00ab", "key": "photos/o-1/p-2.jpg"}),
        ],
        ids=["same key", "same key, another clock", "another key, later", "another key, at once"],
    )
    def test_the_newest_upload_stays_in_whatever_order_they_come(self, orders: Any, older: dict[str, str], newer: dict[str, str]) -> None:
        store = DynamoOrders(orders)

        assert [True, False] == [store.store(proof(**newer)), store.store(proof(**older))]
        assert proof(**newer).to_item() == noted(orders)

        orders.update_item(Key={"order_id": "o-1"}, UpdateExpression="REMOVE proof_of_delivery")

        assert [True, True] == [store.store(proof(**older)), store.store(proof(**newer))]
        assert proof(**newer).to_item() == noted(orders)

    def test_a_throttled_table_is_a_passing_fault(self, orders: Any) -> None:
        with Stubber(orders.meta.client) as stubber:
            stubber.add_client_error("update_item", "ProvisionedThroughputExceededException")

            with pytest.raises(ClientError):
                DynamoOrders(orders).store(proof())


class TestS3Photos:
    def test_the_uploaded_version_is_read_though_there_is_a_newer_one(self, aws: None) -> None:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        first, second = (s3.put_object(Bucket=BUCKET, Key=KEY, Body=body)["VersionId"] for body in (b"first", b"second"))

        assert (b"first", b"second") == tuple(S3Photos(s3).read(upload(version=version)) for version in (first, second))
        assert b"second" == S3Photos(s3).read(upload(version=None))

    @pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchVersion"])
    def test_a_photo_that_was_deleted_is_refused(self, code: str, aws: None) -> None:
        s3 = boto3.client("s3")
        with Stubber(s3) as stubber:
            stubber.add_client_error("get_object", code)

            with pytest.raises(PoisonError, match="photo_gone"):
                S3Photos(s3).read(upload())

    @pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "InternalError"])
    def test_other_errors_are_passing_faults(self, code: str, aws: None) -> None:
        s3 = boto3.client("s3")
        with Stubber(s3) as stubber:
            stubber.add_client_error("get_object", code)

            with pytest.raises(ClientError):
                S3Photos(s3).read(upload())

    def test_more_than_was_told_is_not_read(self, aws: None) -> None:
        s3 = boto3.client("s3")
        with Stubber(s3) as stubber:
            stubber.add_response("get_object", {"Body": io.BytesIO(b"much"), "ContentLength": MAX_BYTES + 1})

            with pytest.raises(PoisonError, match="too_many_bytes"):
                S3Photos(s3).read(upload())


class TestRekognitionLabeler:
    def stub(self) -> tuple[Any, Stubber]:
        client = boto3.client("rekognition", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
        return client, Stubber(client)

    def test_rekognition_reads_the_version_itself(self) -> None:
        client, stubber = self.stub()
        stubber.add_response(
            "detect_labels",
            {"Labels": [{"Name": "Door", "Confidence": 97.123}, {"Name": "Bag", "Confidence": 81.0}]},
            {"Image": {"S3Object": {"Bucket": BUCKET, "Name": KEY, "Version": "v1"}}, "MaxLabels": 10, "MinConfidence": 80},
        )
        with stubber:
            assert LABELS == RekognitionLabeler(client).detect(upload())

    @pytest.mark.parametrize("code", ["ImageTooLargeException", "InvalidImageFormatException", "InvalidParameterException"])
    def test_what_is_no_image_to_rekognition_is_refused(self, code: str) -> None:
        client, stubber = self.stub()
        stubber.add_client_error("detect_labels", code)
        with stubber, pytest.raises(PoisonError, match="not_labeled"):
            RekognitionLabeler(client).detect(upload())

    @pytest.mark.parametrize("code", ["ThrottlingException", "InvalidS3ObjectException", "AccessDeniedException"])
    def test_other_errors_are_passing_faults(self, code: str) -> None:
        client, stubber = self.stub()
        stubber.add_client_error("detect_labels", code)
        with stubber, pytest.raises(ClientError):
            RekognitionLabeler(client).detect(upload())


def test_an_uploaded_photo_becomes_the_proof_of_its_order(orders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point, with its own clients, on what S3 tells."""
    monkeypatch.setenv("ORDERS_TABLE", "orders")
    handler._connect.cache_clear()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=BUCKET, Key=KEY, Body=picture())["VersionId"]

    handle({"Records": [record(versionId=version)]}, None)

    handler._connect.cache_clear()
    stored = noted(orders)
    assert (KEY, version, 64, 48) == (stored["key"], stored["version"], stored["width"], stored["height"])
    assert stored["labels"]
