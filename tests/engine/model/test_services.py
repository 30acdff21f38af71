"""送达, C09."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Refusal
from engine.model.identifiers import DocumentId
from engine.model.services import Service, ServiceWay, must_be_proved
from tests.engine.model.arrangements import day

SIGNED = Service(
    DocumentId("letter"), "chen", ServiceWay.IN_PERSON, day("2026-04-08"), "陈某", "冯某"
)
LEFT = replace(SIGNED, way=ServiceWay.LEFT, received_by="", witnesses=("林某", "孙某"))


def check(service: Service) -> None:
    """Look at a service on 10 April of a document issued on 30 March."""
    must_be_proved(service, issued_on=day("2026-03-30"), today=day("2026-04-10"))


class TestReceipt:
    """登记送达方式、时间、签收人。"""

    def test_a_signed_receipt_of_8_april_counts_from_8_april(self) -> None:
        check(SIGNED)

        assert SIGNED.received_on == day("2026-04-08")

    @pytest.mark.parametrize("way", [way for way in ServiceWay if way is not ServiceWay.LEFT])
    def test_every_way_but_leaving_needs_a_signature(self, way: ServiceWay) -> None:
        with pytest.raises(Refusal, match=r"service\.unsigned"):
            check(replace(SIGNED, way=way, received_by=" "))

    def test_nothing_is_received_tomorrow(self) -> None:
        with pytest.raises(Refusal, match=r"service\.in_future"):
            check(replace(SIGNED, received_on=day("2026-04-11")))

    def test_nothing_is_received_before_it_was_issued(self) -> None:
        with pytest.raises(Refusal, match=r"service\.before_issue"):
            check(replace(SIGNED, received_on=day("2026-03-29")))


class TestRefusal:
    """拒收的，两名见证人留置。"""

    def test_left_before_two_witnesses_it_is_served(self) -> None:
        check(LEFT)

        assert LEFT.received_on == day("2026-04-08")

    @pytest.mark.parametrize(
        "witnesses", [(), ("林某",), ("林某", "林某"), ("林某", " "), ("林某", "冯某")]
    )
    def test_one_other_person_is_not_two(self, witnesses: tuple[str, ...]) -> None:
        with pytest.raises(Refusal, match=r"service\.witnesses_missing"):
            check(replace(LEFT, witnesses=witnesses))
