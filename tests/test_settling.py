"""Which value a record shows where its sources make claims: docs/decisions/005."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.errors import SeedRefused
from app.importers import checks, seed
from app.importers.reports import Outcome
from app.importers.settling import settle, settled
from tests.conftest import copy_of_seed
from tests.support.api import ENGINES
from tests.support.loading import CROWD, load_text
from tests.support.log import documents
from tests.support.shipped import SEED

SOURCES = """\
sources:
""" + "".join(
    f"""\
  - id: 01a40000-0000-7000-8000-00000000010{number}
    slug: {slug}
    title: {slug}
    kind: press
    publisher: {slug}
    perspective: press
"""
    for number, slug in enumerate(("lark", "heron", "stork"))
)


def meeting(claims: str, more: str = "", slug: str = "talks", number: int = 0) -> str:
    return f"""\
  - id: 01a40000-0000-7000-8000-00000000020{number}
    slug: {slug}
    title: Talks
    format: bilateral
    status: held
{more}    citations: [lark]
    claims:
{claims}"""


def claim(field: str, value: str, source: str, **more: str) -> str:
    rest = "".join(f", {key}: {each}" for key, each in more.items())
    return f"      - {{ field: {field}, value: {value}, source: {source}{rest} }}\n"


def small(claims: str, more: str = "") -> str:
    return f"{SOURCES}meetings:\n{meeting(claims, more, number=9)}"


STORY = (
    SOURCES
    + "meetings:\n"
    + meeting(
        claim("place.city", "Oslo", "lark", rank="preferred")
        + claim("place.city", "Bergen", "heron")
        + claim("date", '"1971-07-09"', "heron", rank="preferred")
        + claim("date", '"1971-07"', "lark")
        + claim("duration_minutes", "90", "heron", qualifier="under", rank="preferred")
        + claim("duration_minutes", "60", "lark", qualifier="about"),
        slug="preferred",
        number=0,
    )
    + meeting(
        claim("place.city", "Oslo", "lark")
        + claim("place.city", "Oslo", "heron")
        + claim("place.city", "Bergen", "stork", rank="deprecated")
        + claim("place.country", "CN", "stork")
        + claim("duration_minutes", "60", "lark", qualifier="exact")
        + claim("duration_minutes", "60", "heron", qualifier="about")
        + claim("date", '"1971-07-09"', "lark")
        + claim("starts_at", '"1971-07-09T10:00:00+01:00"', "lark")
        + claim("starts_at", '"1971-07-09T09:00:00Z"', "heron")
        + claim("starts_at_approximate", "true", "heron")
        + claim("time_zone", "Europe/Oslo", "heron")
        + claim("characterisation", "cordial", "heron"),
        """\
    place: { name: Castle }
    participants:
      - name_as_given: Somebody
        role: host
        claims:
          - { field: party, value: CN, source: stork }
          - { field: title_as_given, value: Minister, source: lark }
          - { field: title_as_given, value: Minister, source: heron }
      - name_as_given: Somebody else
        role: visitor
        claims:
          - { field: title_as_given, value: Minister, source: lark }
          - { field: title_as_given, value: Envoy, source: heron }
""",
        slug="agreed",
        number=1,
    )
    + meeting(
        claim("place.city", "Oslo", "lark")
        + claim("place.city", "Bergen", "heron")
        + claim("announced_beforehand", "true", "lark")
        + claim("announced_beforehand", "false", "heron")
        + claim("duration_minutes", "60", "lark", qualifier="exact")
        + claim("duration_minutes", "60", "heron", qualifier="over")
        + claim("date", '"1971"', "lark", rank="deprecated"),
        slug="disputed",
        number=2,
    )
    + """\
officials:
  - { id: 01a40000-0000-7000-8000-000000000301, slug: wren, name: Wren }
positions:
  - id: 01a40000-0000-7000-8000-000000000401
    official: wren
    title: Envoy
    level: envoy
    claims:
      - { field: acting, value: true, source: lark }
      - { field: end, value: "1975", source: lark, rank: preferred }
      - { field: end_status, value: ended, source: lark }
      - { field: start, value: "1971", source: lark }
      - { field: start, value: "1970", source: heron }
visits:
  - id: 01a40000-0000-7000-8000-000000000501
    slug: journey
    title: Journey
    status: held
    citations: [lark]
    claims:
      - { field: kind, value: official, source: heron }
      - { field: date, value: "1971", source: heron, rank: preferred }
      - { field: date, value: "1972", source: lark }
commitments:
  - id: 01a40000-0000-7000-8000-000000000601
    slug: promise
    title: Promise
    text: They promise.
    kind: action
    by: [US]
    events: [{ event: made, citations: [lark] }]
    citations: [lark]
    claims:
      - { field: date, value: "1971", source: heron }
      - { field: date, value: "1971", source: stork }
      - { field: title, value: "The promise of 1971", source: stork }
"""
)


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("settling")
    with copy_of_seed(request, folder) as url:
        opened = make_engine(url)
        load_text(opened, folder / "story", STORY)
        yield opened
        opened.dispose()


@pytest.fixture(scope="module")
def shown(engine: Engine) -> dict[str, Any]:
    with Session(engine) as session:
        return documents(session)


def edtf(date: Any) -> str | None:
    return None if date is None else str(date["edtf"])


def conflicts(document: Any) -> list[str]:
    return [each["field"] for each in document["conflicts"]]


def test_a_record_that_states_nothing_shows_the_preferred_value(shown: dict[str, Any]) -> None:
    talks = shown["preferred"]
    assert talks["place"]["city"] == "Oslo"
    assert edtf(talks["date"]) == "1971-07-09"
    assert (talks["duration_minutes"], talks["duration_qualifier"]) == (90, "under")
    assert edtf(shown["journey"]["date"]) == "1971"
    assert conflicts(talks) == ["place.city", "date", "duration_minutes"]


def test_without_a_preference_it_shows_what_all_agree_on(shown: dict[str, Any]) -> None:
    talks = shown["agreed"]
    assert talks["place"] == {
        "name": "Castle",
        "city": "Oslo",
        "country": "CN",
        "latitude": None,
        "longitude": None,
    }
    assert edtf(talks["date"]) == "1971-07-09"
    assert talks["starts_at"] == "1971-07-09T09:00:00Z"
    assert talks["starts_at_approximate"] is True
    assert talks["time_zone"] == "Europe/Oslo"
    assert shown["journey"]["kind"] == "official"
    assert edtf(shown["promise"]["date"]) == "1971"
    assert conflicts(talks) == ["title_as_given"]


def test_an_exact_and_an_approximate_figure_agree_on_the_approximate_one(
    shown: dict[str, Any],
) -> None:
    talks = shown["agreed"]
    assert (talks["duration_minutes"], talks["duration_qualifier"]) == (60, "about")


def test_the_same_holds_for_those_who_take_part(shown: dict[str, Any]) -> None:
    one, other = shown["agreed"]["participants"]
    assert (one["title_as_given"], one["party"]) == ("Minister", "CN")
    assert (other["title_as_given"], other["party"]) == (None, None)


def test_where_sources_differ_nothing_is_chosen_and_the_conflict_shows(
    shown: dict[str, Any],
) -> None:
    talks = shown["disputed"]
    assert talks["place"]["city"] is None
    assert talks["announced_beforehand"] is None
    assert (talks["duration_minutes"], talks["duration_qualifier"]) == (None, None)
    assert conflicts(talks) == ["place.city", "announced_beforehand", "duration_minutes"]
    assert shown["01a40000-0000-7000-8000-000000000401"]["start"] is None


def test_what_only_a_deprecated_claim_says_is_not_shown(shown: dict[str, Any]) -> None:
    assert shown["disputed"]["date"] is None


def test_a_value_that_stands_by_default_counts_as_not_stated(shown: dict[str, Any]) -> None:
    envoy = shown["01a40000-0000-7000-8000-000000000401"]
    assert (envoy["acting"], envoy["end_status"], edtf(envoy["end"])) == (True, "ended", "1975")


def test_loading_it_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    report = load_text(engine, tmp_path / "story", STORY)
    assert {each.outcome for each in report.entries} == {Outcome.UNCHANGED}
    assert report.republished == 0


def test_settling_what_is_settled_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(STORY, encoding="utf-8")
    once = settle(seed.read(tmp_path))
    for each in once.records:
        assert settled(each.record) is each.record


@pytest.mark.parametrize("directory", [SEED, CROWD], ids=["seed", "crowd"])
def test_the_seed_and_the_crowd_leave_nothing_open(directory: Path) -> None:
    batch = seed.read(directory)
    assert settle(batch) == batch


def refused(engine: Engine, folder: Path, text: str) -> Sequence[str]:
    with pytest.raises(SeedRefused) as refusal:
        load_text(engine, folder / "story", text)
    return list(refusal.value.problems)


def problems(folder: Path, text: str) -> Sequence[str]:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return checks.check_within(seed.read(folder))


def test_the_loader_refuses_a_value_of_the_records_own_that_no_source_claims(
    engine: Engine, tmp_path: Path
) -> None:
    text = small(
        claim("place.city", "Oslo", "lark") + claim("place.city", "Bergen", "heron"),
        "    place: { city: Trondheim }\n",
    )
    line = text[: text.index("    place:")].count("\n") + 1
    (problem,) = refused(engine, tmp_path, text)
    assert problem == (
        f"small.yaml:{line}: meetings[0].place.city: meeting 'talks': expected one of the values "
        "that the sources claim, 'Oslo', 'Bergen', found 'Trondheim'"
    )


REFUSED = {
    "another value than the preferred one": (
        claim("place.city", "Oslo", "lark", rank="preferred") + claim("place.city", "B", "heron"),
        "    place: { city: B }\n",
        "meetings[0].claims[0].value: ",
        "the record's own place.city, 'B', found 'Oslo'",
    ),
    "another required value than all sources claim": (
        claim("format", "summit", "lark") + claim("format", "expanded", "heron"),
        "",
        "meetings[0].format: ",
        "one of the values that the sources claim, 'summit', 'expanded', found 'bilateral'",
    ),
    "a duration of another bound": (
        claim("duration_minutes", "60", "lark", qualifier="under"),
        "    duration: { minutes: 60, qualifier: over }\n",
        "meetings[0].duration: ",
        "60 (under), found 60 (over)",
    ),
    "a value that only a deprecated claim has": (
        claim("place.city", "Oslo", "lark") + claim("place.city", "B", "heron", rank="deprecated"),
        "    place: { city: B }\n",
        "meetings[0].place.city: ",
        "expected one of the values that the sources claim, 'Oslo', found 'B'",
    ),
    "a date sharper than any source's": (
        claim("date", '"1971-07"', "lark"),
        '    date: "1971-07-09"\n',
        "meetings[0].date: ",
        "'1971-07', found '1971-07-09'",
    ),
    "a title that no source gives": (
        claim("place.city", "Oslo", "lark"),
        (
            "    participants:\n"
            "      - name_as_given: Somebody\n        title_as_given: Minister\n"
            "        role: host\n"
            "        claims: [{ field: title_as_given, value: Envoy, source: lark }]\n"
        ),
        "meetings[0].participants[0].title_as_given: ",
        "'Envoy', found 'Minister'",
    ),
    "claims that the rest of the record rules out": (
        claim("starts_at", '"1971-07-09T10:00:00Z"', "lark", rank="preferred"),
        "",
        "meetings[0].claims: ",
        "expected claims that the record can show, since it states no value of its own, ",
        "found `starts_at` needs the `time_zone` in which it was given",
    ),
    "a preference that is not understood": (
        claim("date", "yesterday", "lark", rank="preferred") + claim("date", '"1971"', "heron"),
        "",
        "meetings[0].claims[0].value: ",
        "expected a value for date, found 'yesterday'",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_a_record_cannot_show_is_refused(tmp_path: Path, mistake: str) -> None:
    claims, more, *expected = REFUSED[mistake]
    (problem,) = problems(tmp_path, small(claims, more))
    assert [part for part in expected if part not in problem] == []


ALLOWED = {
    "one of the rival values": (
        claim("place.city", "Oslo", "lark") + claim("place.city", "Bergen", "heron"),
        "    place: { city: Bergen }\n",
    ),
    "a date that leaves room for what a source says": (
        claim("date", '"1971-07-09"', "lark") + claim("date", '"1971-07-10"', "heron"),
        '    date: "1971-07-09/1971-07-10"\n',
    ),
    "a title in our own words": (claim("title", "Summit of the century", "lark"), ""),
    "a value of which there are only deprecated claims": (
        claim("place.city", "Oslo", "lark", rank="deprecated"),
        "    place: { city: Bergen }\n",
    ),
    "one instant in two zones": (
        claim("starts_at", '"1971-07-09T10:00:00+01:00"', "lark", rank="preferred"),
        (
            '    date: "1971-07-09"\n    starts_at: "1971-07-09T09:00:00Z"\n'
            "    time_zone: Europe/Oslo\n"
        ),
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_a_record_may_show(tmp_path: Path, case: str) -> None:
    assert problems(tmp_path, small(*ALLOWED[case])) == []
