"""`chancery identities review` lists officials that may be one person, and merges nobody."""

import json
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.cli import main
from app.database.engines import make_engine
from app.editing import merging
from app.editing.persons import Known, Life, Persons, as_one, persons
from app.editing.resembling import alike, candidates, consonants, pairs, words_of
from app.folding import fold
from app.record.recorder import Change
from tests.support.edits import whatever
from tests.support.historian_files import load
from tests.support.loading import load_text

TWINS = """
parties:
  - {code: OLDLAND, kind: state, name: Old Land, successors: [NEWLAND],
     id: 01b00000-0000-7000-8000-000000000011}
  - {code: NEWLAND, kind: state, name: New Land, id: 01b00000-0000-7000-8000-000000000012}
officials:
  - {id: 01b00000-0000-7000-8000-000000000021, slug: anna-zelenska-old, name: Anna Maria Zelenska}
  - {id: 01b00000-0000-7000-8000-000000000022, slug: anna-zelenska-new, name: Anna M. Zelenska}
  - {id: 01b00000-0000-7000-8000-000000000023, slug: anna-zelenska-us, name: Anna M. Zelenska}
  - {id: 01b00000-0000-7000-8000-000000000024, slug: carl-cook, name: Carl Cook}
  - {id: 01b00000-0000-7000-8000-000000000025, slug: carl-cook-2, name: Carl Cook}
positions:
  - {id: 01b00000-0000-7000-8000-000000000031, official: anna-zelenska-old, party: OLDLAND,
     title: President, level: head_of_state, start: "1985", end: "1991", end_status: ended,
     citations: [eir]}
  - {id: 01b00000-0000-7000-8000-000000000032, official: anna-zelenska-new, party: NEWLAND,
     title: President, level: head_of_state, start: "1992", end: "1995", end_status: ended,
     citations: [eir]}
  - {id: 01b00000-0000-7000-8000-000000000033, official: anna-zelenska-us, party: US,
     title: Envoy, level: envoy, start: "1992", end: "1995", end_status: ended, citations: [eir]}
"""


def known(number: int, name: str, *codes: str, **more: Any) -> Known:
    life = {each: more.pop(each, None) for each in ("birth", "death")}
    found = Known(
        id=f"{number:03}",
        slug=f"{name.lower().replace(' ', '-')}-{number}",
        name=name,
        birth=Life(life["birth"], *bounds(life["birth"])),
        death=Life(life["death"], *bounds(life["death"])),
        names={fold(name): name},
        parties=dict.fromkeys(codes or ("US",)),
        identifiers=more.pop("identifiers", {}),
        events=more.pop("events", set()),
    )
    for year in more.pop("active", ()):
        found.was_active(date(year, 1, 1), date(year, 12, 31))
    assert not more
    return found


def bounds(year: str | None) -> tuple[date | None, date | None]:
    return (None, None) if year is None else (date(int(year), 1, 1), date(int(year), 12, 31))


def score(one: Known, other: Known, countries: dict[str, str] | None = None) -> int | None:
    found = candidates(Persons((one, other), countries or {}), 0)
    return found[0].score if found else None


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("William H. Taft", "William Howard Taft", 92, 92),
        ("W. H. Taft", "William Howard Taft", 92, 92),
        ("William Taft, Jr.", "William Taft", 100, 100),
        ("Jinping Xi", "Xi Jinping", 97, 97),
        ("Ádám Example", "ADAM EXAMPLE", 100, 100),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky", 88, 92),
        ("Helmut Kohl", "Kohl", 70, 70),
        ("Howard Taft", "William Taft", 0, 80),
        ("John Smith", "James Smith", 0, 84),
        ("Vitaly Petrov", "Anna Kowalska", 0, 50),
    ],
)
def test_names_are_alike_as_a_reader_would_say(one: str, other: str, least: int, most: int) -> None:
    found, _ = alike(words_of(fold(one)), words_of(fold(other)))
    assert least <= found <= most
    assert alike(words_of(fold(other)), words_of(fold(one)))[0] == found


def test_one_id_in_two_data_sets_says_nothing_of_identity() -> None:
    president = known(
        1,
        "William Howard Taft",
        birth="1857",
        identifiers={"historian-travels": {"taft-william-howard"}},
    )
    namesake = known(
        2, "William Howard Taft", birth="1915", identifiers={"pocom": {"taft-william-howard"}}
    )
    assert score(president, namesake) is None
    other = known(3, "Peter Poe", identifiers={"pocom": {"taft-william-howard"}})
    assert score(president, other) is None


def test_what_else_is_known_rules_a_pair_out_or_lowers_its_score() -> None:
    assert score(known(1, "Jane Doe", active=[1960]), known(2, "Jane Doe", active=[1962])) == 100
    assert score(known(1, "Jane Doe"), known(2, "Jane Doe", "FR")) is None
    assert score(known(1, "Jane Doe", death="1970"), known(2, "Jane Doe", death="1980")) is None
    assert score(known(1, "Jane Doe", birth="1950"), known(2, "Jane Doe", active=[1960])) is None
    assert score(known(1, "Jane Doe", events={"v"}), known(2, "Jane Doe", events={"v"})) is None
    after = score(known(1, "Jane Doe", death="1970"), known(2, "Jane Doe", active=[1980]))
    assert after == 75
    apart = score(known(1, "Jane Doe", active=[1880]), known(2, "Jane Doe", active=[1960]))
    assert apart == 60
    one = known(1, "Jane Doe", identifiers={"pocom": {"doe-jane"}})
    other = known(2, "Jane Doe", identifiers={"pocom": {"doe-jane-2"}})
    assert score(one, other) == 75


def test_a_country_and_its_successor_are_one() -> None:
    one, other = known(1, "Jane Doe", "SUHH"), known(2, "Jane Doe", "RU")
    assert score(one, other) is None
    assert score(one, other, as_one([("SUHH", "RU"), ("SUHH", "UA")])) == 100


def test_only_families_of_one_country_are_compared() -> None:
    names = [f"{first}{second}ov" for first in "bcdfg" for second in ("ak", "el", "im", "on", "ur")]
    numbers = count()
    families = [
        known(next(numbers), f"Anna {name}", country)
        for country in ("AA", "BB")
        for name in names
        for _ in range(4)
    ]
    asked = list(pairs(Persons(tuple(families), {})))
    assert len(families) == 200
    assert len(asked) == 50 * 6  # 4 in each family of each country
    assert consonants("gorbachev") == consonants("gorbachov")


def test_a_pair_is_found_in_the_record_and_gone_when_it_is_merged(
    own_database: str, tmp_path: Path
) -> None:
    engine = make_engine(own_database)
    load_text(engine, tmp_path / "twins", TWINS)
    load(engine)
    runner = CliRunner(env={"CHANCERY_DATABASE_URL": own_database}, catch_exceptions=False)

    def review(*arguments: str) -> str:
        done = runner.invoke(main, ["identities", "review", *arguments])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    found = json.loads(review("--json"))
    assert found["found"] == len(found["candidates"]) == 2
    cooks, pair = found["candidates"]
    assert (cooks["score"], cooks["reasons"]) == (100, ["the same name: Carl Cook / Carl Cook"])
    assert (pair["stays"]["slug"], pair["goes"]["slug"]) == (
        "anna-zelenska-old",
        "anna-zelenska-new",
    )
    assert pair["score"] == 94
    assert pair["reasons"] == [
        "given names that go with each other: Anna Maria Zelenska / Anna M. Zelenska",
        "both were President",
    ]
    assert pair["merge"] == {
        "method": "POST",
        "path": "/v1/officials/anna-zelenska-new/merge",
        "body": {"into": "anna-zelenska-old"},
    }
    assert (pair["goes"]["active_from"], pair["goes"]["parties"]) == ("1992-01-01", ["NEWLAND"])
    text = review()
    assert "anna-zelenska-new (01b00000-0000-7000-8000-000000000022)" in text
    assert 'POST /v1/officials/anna-zelenska-new/merge {"into": "anna-zelenska-old"}' in text
    assert "2 pair(s) may be one person each." in text
    assert "roe-richard" not in text
    assert "1 pair(s) may" in review("--min-score", "95")
    first = review("--limit", "1")
    assert "2 pair(s) may be one person each, the first 1 of which are shown." in first
    assert "zelenska" not in first
    with Session(engine, autoflush=False) as session, session.begin():
        change = Change(actor="key:an-editor")
        merging.merge(session, "anna-zelenska-new", "anna-zelenska-old", change, whatever)
    assert "1 pair(s)" in review()
    engine.dispose()


def test_the_whole_record_is_read_in_a_few_statements(own_database: str) -> None:
    engine = make_engine(own_database)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with Session(engine) as session:
        assert persons(session).officials
    assert len([each for each in sent if each.startswith("SELECT")]) == 8
    engine.dispose()
