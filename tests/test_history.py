"""What became of a commitment, in order of time, each step with its sources."""

from typing import Any

import pytest

from tests.support.api import Api

Json = Any


def told(entry: Json) -> tuple[str, str | None, set[str]]:
    """What an entry says, when it was, and who says so."""
    part = entry[entry["type"]]
    what = part["event"] if entry["type"] == "event" else f"{part['assessor']}: {part['score']}"
    sources = {each["source"]["slug"] for each in part["citations"]}
    return what, entry["date"] and entry["date"]["edtf"], sources


def test_the_one_china_policy_from_bali_to_the_press_in_beijing(api: Api) -> None:
    found = api.read("/v1/commitments/us-one-china-policy/history")
    assert found["commitment"]["title"] == "Adherence to the one-China policy"
    eir = "Executive Intelligence Review: the opposite message"
    assert [told(entry) for entry in found["items"]] == [
        ("made", "2022-11-14", {"wh-bali", "ndtv-bali", "eir"}),
        # Known to the month, so that it may be the earliest of them.
        (eir, "2023-06", {"eir"}),
        ("reaffirmed", "2023-06-19", {"eir"}),
        ("reaffirmed", "2023-06-19", {"us-presser"}),
    ]


def test_the_flights_from_the_visit_to_october(api: Api) -> None:
    items = api.read("/v1/commitments/increase-direct-flights/history")["items"]
    assert [told(entry)[:2] for entry in items] == [
        ("made", "2023-06-18/2023-06-19"),
        ("progressed", "2023-09-01"),
        ("progressed", "2023-10-29"),
    ]


def test_what_has_no_date_comes_last_and_open_spans_by_the_end_that_is_known(crowd: Api) -> None:
    items = crowd.read("/v1/commitments/stay-calm/history")["items"]
    assert [told(entry)[:2] for entry in items] == [
        ("weakened", "1980/.."),
        ("made", None),
        ("OBSERVATORIO DA PAZ: None", None),
    ]


def test_it_holds_every_event_and_assessment_as_the_record_shows_them(crowd: Api) -> None:
    for commitment in crowd.documents["commitments"]:
        found = crowd.read(f"/v1/commitments/{commitment['id']}/history")
        assert found["commitment"] == {key: commitment[key] for key in ("id", "slug", "title")}
        for kind, field in (("event", "events"), ("assessment", "assessments")):
            parts = [entry[kind] for entry in found["items"] if entry["type"] == kind]
            assert sorted(parts, key=lambda each: each["id"]) == sorted(
                commitment[field], key=lambda each: each["id"]
            )
            others = [entry for entry in found["items"] if entry["type"] != kind]
            assert all(entry[kind] is None for entry in others)


def test_it_takes_one_statement_and_has_a_tag(crowd: Api) -> None:
    path = "/v1/commitments/keep-talking/history"
    crowd.server.statements.clear()
    tag = crowd.get(path).headers["etag"]
    assert len([each for each in crowd.server.statements if "SELECT" in each]) == 1
    assert crowd.http.get(path, headers={"if-none-match": tag}).status_code == 304
    assert crowd.http.head(path).headers["etag"] == tag


@pytest.mark.parametrize(
    ("name", "status"), [("nowhere", 404), ("deleted-commitment", 410), ("KEEP-TALKING", 404)]
)
def test_no_commitment_no_history(crowd: Api, name: str, status: int) -> None:
    assert crowd.get(f"/v1/commitments/{name}/history").status_code == status


def test_it_takes_no_parameter(crowd: Api) -> None:
    assert crowd.get("/v1/commitments/keep-talking/history", limit=1).status_code == 422
