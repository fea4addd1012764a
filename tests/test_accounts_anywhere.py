"""Accounts of events of which the program knows nothing: three sides, denials, a new source.

The summit is invented (`tests/support/summit`); what is added to the seed is so as well.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.importers.loader import load_batch
from app.importers.seed import read
from app.models import Document, Meeting
from app.record.accounts import meeting_accounts
from app.record.recorder import Change
from tests.conftest import copy_of_seed, serving
from tests.support.accounts import accounts, field, renderings, slugs, stances, topic
from tests.support.api import ENGINES, Api, asking
from tests.support.loading import copied_seed, load_seed

SUMMIT = Path(__file__).parent / "support" / "summit"
THREE = ["astria-communique", "borvia-communique", "corland-readout"]
A, B, C = THREE
WIRE = "summit-wire"
QIN = "blinken-qin-beijing-2023-06-18"

A_SOURCE = """\
  - id: 01a40000-0000-7000-8000-000000000399
    slug: third-account
    title: A third account
    kind: analysis
    publisher: Somebody
    perspective: press
"""
A_CLAIM = "      - { field: duration_minutes, value: 360, qualifier: under, source: gt }\n"
MORE_CLAIMS = """\
      - { field: duration_minutes, value: 400, qualifier: about, source: third-account }
      - { field: date, value: "2023-06-17", source: third-account }
      - { field: characterisation, value: frosty, source: third-account }
"""
A_STATEMENT = f"""\
  - id: 01a40000-0000-7000-8000-000000000899
    speaker: {{ official: qin-gang, party: CN }}
    text: Something about a balloon.
    language: en
    wording: reported
    meeting: {QIN}
    visit: blinken-beijing-2023-06
    topics: [balloon-incident]
    citations: [third-account]
"""


@pytest.fixture(scope="module", params=ENGINES)
def summit(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    with copy_of_seed(request, tmp_path_factory.mktemp("summit")) as url:
        engine = make_engine(url)
        load_batch(engine, read(SUMMIT), dataset="summit", change=Change(actor="tests"))
        engine.dispose()
        with serving(url) as server, asking(server) as api:
            yield api


class TestASummitOfThree:
    def test_every_source_that_speaks_of_it(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        assert [
            (each["slug"], each["perspective"], each["cited"]) for each in answer["sources"]
        ] == [
            (A, "XA", True),
            (B, "XB", True),
            (C, "XC", True),
            (WIRE, "press", False),
        ]
        assert [
            (each["claims"], each["topics"], each["statements"]) for each in answer["sources"]
        ] == [(7, 4, 1), (7, 4, 2), (9, 4, 2), (0, 0, 1)]

    def test_fields_in_the_documents_order_and_then_the_participants(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        assert [
            (each["field"], each["participant"] and each["participant"]["name_as_given"])
            for each in answer["fields"]
        ] == [
            *((name, None) for name in ("title", "date", "duration_minutes")),
            *((name, None) for name in ("place.name", "place.city", "sequence")),
            ("characterisation", None),
            ("title_as_given", "Ada Astria"),
            ("title_as_given", "Cy Corland"),
            ("role", "Cy Corland"),
            ("name_as_given", "an aide"),
        ]
        assert answer["fields"][-1]["participant"]["official"] is None

    def test_how_the_three_stand_to_each_other(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        assert field(answer, "title") == (
            "conflict",
            {A: "Trilateral Summit", B: "Consultation of Three", C: "Working Meeting"},
        )
        assert field(answer, "title_as_given", "ada-astria") == (
            "agree",
            {A: "Chancellor", C: "Chancellor"},
        )
        assert field(answer, "title_as_given", "cy-corland") == (
            "conflict",
            {A: "head of delegation", B: "Governor", C: "President"},
        )
        assert field(answer, "role", "cy-corland")[0] == "conflict"
        assert field(answer, "characterisation") == ("single", {A: "historic"})

    def test_a_bound_makes_the_same_figure_another_claim(self, summit: Api) -> None:
        def durations(**query: Any) -> Any:
            return field(accounts(summit, "summit-of-three", **query), "duration_minutes")

        under, exact, about = (120, "under"), (120, "exact"), (120, "about")
        assert durations() == ("conflict", {A: about, C: under, B: exact})
        assert durations(sources=f"{A},{B}") == ("agree", {A: about, B: exact})
        assert durations(perspective="XC") == ("single", {C: under})

    def test_a_deprecated_claim_is_shown_and_counts_for_nothing(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        assert field(answer, "date") == (
            "agree",
            {A: "1999-09-09", C: "1999-09-10", B: "1999-09-09"},
        )
        assert field(answer, "place.city") == ("single", {A: "Astrapolis", B: "Lakeside"})
        assert field(answer, "sequence") == (None, {C: 2})
        (date,) = [each for each in answer["fields"] if each["field"] == "date"]
        assert [each["rank"] for each in date["claims"]] == ["preferred", "deprecated", "normal"]

    def test_the_record_shows_one_value_whoever_is_asked_for(self, summit: Api) -> None:
        for query in ({}, {"perspective": "XC"}):
            answer = accounts(summit, "summit-of-three", **query)
            shown = {
                each["field"]: (each["value"], each["qualifier"])
                for each in answer["fields"]
                if each["participant"] is None
            }
            assert shown["title"] == ("Trilateral Summit", None)
            assert shown["date"] == ("1999-09-09", None)
            assert shown["place.name"] == ("Lake Palace", None)
            assert shown["duration_minutes"] == (120, "about")

    def test_topics_affirmed_denied_passed_over_and_put_differently(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        found = [
            (each["topic"].removeprefix("summit-"), each["agreement"], stances(each))
            for each in answer["topics"]
        ]
        assert found == [
            ("trade", "agree", {A: "affirmed", B: "affirmed", C: "affirmed"}),
            # Borvia reports words about it, and nobody has examined it for more.
            ("borders", "conflict", {A: "affirmed", B: "said", C: "denied"}),
            (
                "security",
                "conflict",
                {A: "affirmed", B: "differently_characterised", C: "silent"},
            ),
            ("fisheries", "single", {A: "affirmed", B: "silent"}),
            ("climate", None, {B: "silent"}),
            ("prisoners", "agree", {B: "denied", C: "denied"}),
            ("rest", None, {}),
            ("visas", "single", {C: "said"}),
        ]
        assert topic(answer, "summit-fisheries")["not_examined"] == [C, WIRE]
        assert topic(answer, "summit-rest")["not_examined"] == [*THREE, WIRE]

    def test_the_agreement_on_a_topic_is_that_of_those_asked_for(self, summit: Api) -> None:
        def found(sources: str) -> dict[str, str | None]:
            answer = accounts(summit, "summit-of-three", sources=sources)
            return {
                each["topic"].removeprefix("summit-"): each["agreement"]
                for each in answer["topics"]
            }

        assert found(f"{A},{B}") == {
            "trade": "agree",
            "borders": "agree",
            "security": "conflict",
            "fisheries": "single",
            "climate": None,
            "prisoners": "single",
        }
        # Alone, nobody's terms differ from anybody's.
        assert found(B)["security"] == "single"
        assert found(C) == {
            "trade": "single",
            "borders": "single",
            "security": None,
            "prisoners": "single",
            "visas": "single",
        }

    def test_evidence_stands_beside_what_rests_on_it(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        nothing = dict.fromkeys(("locator", "quote", "prefix", "suffix", "language"))
        of_borders = {
            each["source"]: each["evidence"]
            for each in topic(answer, "summit-borders")["attestations"]
        }
        assert of_borders == {
            A: [],
            B: [{**nothing, "locator": "second page"}],
            C: [{**nothing, "locator": "last line", "quote": "No borders were discussed."}],
        }

    def test_an_utterance_with_the_rendering_that_hangs_on_no_meeting(self, summit: Api) -> None:
        answer = accounts(summit, "summit-of-three")
        assert renderings(answer, "On the waters") == {
            "Our waters are shared.": ("verbatim", [A]),
            "Les eaux sont à nous tous.": ("translated", [B]),
            "The waters belong to all of us.": ("translated", [WIRE]),
        }
        (waters,) = answer["utterances"]
        assert [each["meeting"] and each["meeting"]["slug"] for each in waters["renderings"]] == [
            *("summit-of-three", "summit-of-three", None)
        ]
        alone = accounts(summit, "summit-of-three", perspective="press")
        assert slugs(alone) == [WIRE]
        assert list(renderings(alone, "On the waters")) == ["The waters belong to all of us."]
        assert (alone["fields"], alone["topics"]) == ([], [])

    def test_statements_about_nothing_that_is_listed(self, summit: Api) -> None:
        (thanks,) = accounts(summit, "summit-of-three")["statements_without_topic"]
        assert (thanks["text"], thanks["sources"]) == ("Thanked his hosts.", [B, C])
        (narrowed,) = accounts(summit, "summit-of-three", sources=C)["statements_without_topic"]
        assert narrowed == {**thanks, "sources": [C]}

    def test_only_what_happened_there_has_happened_to_a_commitment(self, summit: Api) -> None:
        def happened(**query: Any) -> list[tuple[str, list[str]]]:
            found = accounts(summit, "summit-of-three", **query)["commitments"]
            return [(each["event"], each["sources"]) for each in found]

        assert happened() == [("reaffirmed", [A, C]), ("contradicted", [B])]
        assert happened(perspective="XC") == [("reaffirmed", [C])]

    def test_a_word_aside_that_one_side_denies(self, summit: Api) -> None:
        answer = accounts(summit, "word-aside")
        assert field(answer, "status") == ("conflict", {A: "held", C: "denied"})
        (status,) = answer["fields"]
        assert status["value"] == "reported_unconfirmed"
        assert [each["evidence"][0]["quote"] for each in status["claims"]] == [
            *("they spoke apart", "there was no such talk")
        ]
        assert slugs(answer) == [A, C]

    def test_the_record_has_the_same_conflicts(self, summit: Api) -> None:
        for slug in ("summit-of-three", "word-aside"):
            conflicting = [
                each["field"]
                for each in accounts(summit, slug)["fields"]
                if each["agreement"] == "conflict"
            ]
            recorded = summit.read(f"/v1/meetings/{slug}")["conflicts"]
            assert sorted(conflicting) == sorted(
                each["field"] for each in recorded if each["field"] != "topics"
            )


class TestAThirdAccountOfTheTalksWithQin:
    """A source more, and what it claims; no code."""

    def loaded(self, folder: Path, database_url: str) -> None:
        directory = copied_seed(
            folder,
            sources=("sources:\n", f"sources:\n{A_SOURCE}"),
            meetings=(A_CLAIM, f"{A_CLAIM}{MORE_CLAIMS}"),
            statements=("statements:\n", f"statements:\n{A_STATEMENT}"),
        )
        engine = make_engine(database_url)
        load_seed(engine, directory)
        engine.dispose()

    def test_changes_accounts_and_conflicts(self, own_database: str, tmp_path: Path) -> None:
        with serving(own_database) as server, asking(server) as api:
            address = f"/v1/meetings/{QIN}/accounts"
            before, tag = accounts(api, QIN), api.get(address).headers["etag"]
            self.loaded(tmp_path, own_database)
            after = accounts(api, QIN)
            assert api.get(address).headers["etag"] != tag
            record = api.read(f"/v1/meetings/{QIN}")
        assert set(slugs(after)) - set(slugs(before)) == {"third-account"}
        assert field(before, "date")[0] == "agree"
        agreement, dates = field(after, "date")
        assert (agreement, dates["third-account"]) == ("conflict", "2023-06-17")
        assert field(after, "duration_minutes")[1]["third-account"] == (400, "about")
        assert "frosty" in field(after, "characterisation")[1].values()
        balloon = topic(after, "balloon-incident")
        assert balloon["agreement"] == "single"
        assert stances(balloon) == {"eir": "silent", "third-account": "said"}
        assert {each["field"] for each in record["conflicts"]} == {
            *("date", "duration_minutes", "characterisation", "title_as_given")
        }

    def test_leaves_the_accounts_of_the_revision_before(
        self, own_database: str, tmp_path: Path
    ) -> None:
        engine = make_engine(own_database)
        with Session(engine) as session:
            seq = session.scalars(select(Meeting.seq).where(Meeting.slug == QIN)).one()
        with serving(own_database) as server, asking(server) as api:
            before = accounts(api, QIN)
            included = api.read(f"/v1/meetings/{QIN}", include="statements,commitments")
        self.loaded(tmp_path, own_database)
        with Session(engine) as session:
            body = session.scalars(select(Document.body).where(Document.seq == seq)).one()
        engine.dispose()
        said, promised = included["statements"], included["commitments"]
        assert meeting_accounts(orjson.loads(body), said, said, promised) == before
