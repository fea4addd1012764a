"""The Historian's data over HTTP: what there is of them, and what an editor does to them."""

from pathlib import Path
from typing import Any

import pytest

from app.importers.reports import Report
from tests.support.historian_files import SMALL, copied, load
from tests.support.writing import Desk, own_desk

__all__ = ["own_desk"]
SECRETARY = "travels/secretary-travels/doe-jane.xml"
JOURNEY = "/v1/visits/doe-jane-1981-07-41"
SOURCE = "historian-travels-trip-41"


@pytest.fixture
def desk(own_desk: Desk) -> Desk:
    load(own_desk.engine)
    return own_desk


def changed(reports: list[Report]) -> list[tuple[str, str]]:
    return [(str(each.outcome), each.key) for report in reports for each in report.changed]


def claims(visit: Any, field: str) -> dict[str, tuple[str, Any]]:
    """By source: how a claim to a field ranks, and what it says."""
    return {
        each["source"]["slug"]: (each["rank"], each["value"])
        for each in visit["claims"]
        if each["field"] == field
    }


def test_an_editor_s_correction_survives_the_next_imports_as_the_preferred_claim(
    desk: Desk, tmp_path: Path
) -> None:
    with desk.editor() as editor:
        before = editor.get(JOURNEY)
        assert before.json()["date"]["edtf"] == "1981-07-01/1981-07-02"
        correction = {"date": "1981-07-03", "according_to": "eir"}
        done = editor.patch(JOURNEY, correction, before.headers["etag"])
        assert done.status_code == 200, done.text
        assert claims(done.json(), "date") == {"eir": ("preferred", "1981-07-03")}
        assert changed(load(desk.engine)) == []
        assert editor.get(JOURNEY).headers["etag"] == done.headers["etag"]
        # The Historian corrects the same stop: his news comes in beside the editor's date.
        folder = copied(tmp_path, {SECRETARY: ("<end-date>1981-07-02<", "<end-date>1981-07-09<")})
        edited = {SECRETARY: ("Attended the coronation.", "Attended the wedding.")}
        text = (folder / SECRETARY).read_text(encoding="utf-8")
        (folder / SECRETARY).write_text(text.replace(*edited[SECRETARY]), encoding="utf-8")
        assert changed(load(desk.engine, folder)) == [
            ("updated", SOURCE),
            ("updated", "doe-jane-1981-07-41"),
        ]
        now = editor.get(JOURNEY).json()
        assert now["date"]["edtf"] == "1981-07-03"
        assert claims(now, "date") == {"eir": ("preferred", "1981-07-03")}
        assert "wedding" in now["summary"]
        assert changed(load(desk.engine, folder)) == []


def test_an_editor_s_words_stay_and_a_merger_outlasts_the_next_import(desk: Desk) -> None:
    with desk.editor() as editor:
        visit = "/v1/visits/peru-us-1943-06-102"
        assert editor.patch(visit, {"title": "A visit from Lima"}).status_code == 200
        merged = editor.post("/v1/officials/adam-example-nz/merge", {"into": "adam-example-ca"})
        assert merged.status_code == 200, merged.text
        kept = ("kept deleted", "adam-example-nz")
        assert changed(load(desk.engine)) == [kept]
        assert editor.get(visit).json()["title"] == "A visit from Lima"
        assert editor.get("/v1/officials/adam-example-nz").status_code == 308
        (traveller,) = editor.get("/v1/visits/new-zealand-us-1944-02-104").json()["travellers"]
        assert traveller["official"]["slug"] == "adam-example-ca"


def test_status_tells_days_counts_and_the_last_import_of_each_data_set(desk: Desk) -> None:
    with desk.editor() as editor:
        found = {each["name"]: each for each in editor.get("/v1/status").json()["datasets"]}
        assert {name: each["coverage"] for name, each in found.items() if name != "seed"} == {
            "historian-pocom": {"earliest": "1929-03-28", "latest": "1961-01-21"},
            "historian-travels": {"earliest": "1931-05-01", "latest": "1981-07-02"},
            "historian-visits": {"earliest": "1943-06-02", "latest": "2023-11-15"},
        }
        for name in ("historian-travels", "historian-visits"):
            listed = editor.get(f"/v1/visits?dataset={name}&limit=200").json()["items"]
            assert len(listed) == found[name]["records"]["visits"]
            assert {each["dataset"] for each in listed} == {name}
        load(desk.engine, SMALL, "visits")
        again = {each["name"]: each for each in editor.get("/v1/status").json()["datasets"]}
        travels, visits = "historian-travels", "historian-visits"
        assert again[travels]["last_import"] == found[travels]["last_import"]
        assert (
            again[visits]["last_import"]["started_at"] > found[visits]["last_import"]["finished_at"]
        )
        assert again[visits]["last_import"]["counts"]["created"] == 0
        assert again[visits]["last_import"]["counts"]["unchanged"] > 0
