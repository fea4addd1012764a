"""What countries, places, dates and visitors of the Historian's stand for."""

import pytest

from app.importers.historian import days
from app.importers.historian.countries import countries
from app.importers.historian.originals import as_stated, piece_as_stated
from app.importers.historian.places import localities, split
from app.importers.historian.visitors import Visitor, visitors
from app.vocabulary import PartyKind


@pytest.mark.parametrize(
    ("country_id", "label", "day", "code"),
    [
        ("russia", "U.S.S.R.", "1962-06-01", "SUHH"),
        ("russia", "Russia", "1992-01-31", "RU"),
        ("russia", "Russia", "1891-05-01", "RU"),
        ("ukraine", "U.S.S.R.", "1974-06-30", "SUHH"),
        ("yugoslavia", "Yugoslavia", "1970-09-30", "YUCS"),
        ("croatia", "Croatia", "2021-01-01", "HR"),
        ("germany", "Germany, Federal Republic of", "1970-04-07", "DE"),
        ("german-democratic-republic", "German Democratic Republic", "1975-08-01", "DDDE"),
        ("congo-democratic-republic", "Zaire", "1974-03-01", "ZRCD"),
        ("congo-democratic-republic", "Congo", "1962-03-01", "CD"),
        ("congo-democratic-republic", "Congo", "2022-08-09", "CD"),
        ("vietnam", "Vietnam", "1967-10-01", "SVIETNAM"),
        ("vietnam", "Vietnam", "2023-04-14", "VN"),
        ("china", "China, Republic of", "1943-02-17", "CN"),
        ("taiwan", "Republic of China", "1960-06-18", "TW"),
        ("czechoslovakia", "Czechoslovakia", "1990-02-20", "CSHH"),
        ("serbia", "Serbia and Montenegro", "2004-06-01", "CSXX"),
        ("cote-divoire", "Ivory Coast", "1983-06-07", "CI"),
        ("turkiye", "Türkiye", "2023-02-19", "TR"),
        ("bahamas", "Bahamas", "1962-12-18", "GB"),
        ("ghana", "Gold Coast", "1951-06-08", "GB"),
        ("guinea-bissau", "Guinea-Bissau", "2022-12-13", "GW"),
        ("hawaii", "Hawaii", "1881-09-28", "HAWAII"),
    ],
)
def test_a_country_is_the_party_that_existed_on_the_day(
    country_id: str, label: str, day: str, code: str
) -> None:
    assert countries().on(country_id, label, day).party.code == code


def test_a_colony_is_under_its_sovereign_and_an_unknown_country_a_party_of_its_own() -> None:
    assert countries().on("ghana", "Gold Coast", "1951-06-08").under_sovereign
    assert not countries().on("ghana", "Ghana", "1958-07-23").under_sovereign
    found = countries().on("lew-chew", "Lew Chew", "1854-07-11")
    assert found.unknown
    assert (found.party.code, found.party.name) == ("LEWCHEW", "Lew Chew")
    assert countries().on("oz", "Oz", None).party.code == "XXXOZ"


def test_the_table_names_only_parties_that_it_holds() -> None:
    table = countries()
    for party in table.parties.values():
        for code in (*party.successors, *filter(None, [party.under])):
            assert code in table.parties, party
        if party.kind is PartyKind.STATE:
            assert len(party.code) == 2
    for codes in (*table.ids.values(), *table.labels.values()):
        assert set(codes) <= set(table.parties)


@pytest.mark.parametrize(
    ("locale", "parts"),
    [
        ("Shanghai, Beijing", ("Shanghai", "Beijing")),
        ("Mexico, D.F.", ("Mexico, D.F.",)),
        ("Acapulco, Mexico, D.F.", ("Acapulco", "Mexico, D.F.")),
        ("Rome, Anagni , Fiuggi", ("Rome", "Anagni", "Fiuggi")),
        ("Sydney (Nova Scotia), Bay (Fundy, N.S.)", ("Sydney (Nova Scotia)", "Bay (Fundy, N.S.)")),
        ("Trinidad and Tobago", ("Trinidad and Tobago",)),
        ("", ()),
    ],
)
def test_localities_are_split_only_where_that_is_safe(locale: str, parts: tuple[str, ...]) -> None:
    assert split(locale) == parts


def test_an_old_spelling_is_a_name_of_the_same_place_in_its_country_alone() -> None:
    assert [each.name for each in localities("Shanghai, Peking", "CN")] == ["Shanghai", "Beijing"]
    assert [each.as_given for each in localities("Peking", "CN")] == ["Peking"]
    assert [each.name for each in localities("Peking", "US")] == ["Peking"]
    assert [each.name for each in localities("Kingston, Kingstown", "JM")] == [
        "Kingston",
        "Kingstown",
    ]
    assert [each.name for each in localities("Dakar (Senegal)", "FR")] == ["Dakar"]


@pytest.mark.parametrize(
    ("date", "note", "edtf"),
    [
        ("1844-06-12", "About", "1844-06-12~"),
        ("1868-10-28", "Between September 29, 1868, and", "1868-09-29/1868-10-28"),
        ("1850-05", "", "1850-05"),
        ("1891", "Probably", "1891?"),
        ("1861-03-04", "Left post on or before", "../1861-03-04"),
        ("1861-03-04", "Left post on", "1861-03-04"),
        ("", "Died", None),
    ],
)
def test_a_note_makes_a_date_as_uncertain_as_it_says(
    date: str, note: str, edtf: str | None
) -> None:
    assert days.qualified(date, note) == edtf


def test_a_span_is_never_sharper_than_its_ends() -> None:
    assert days.span("1943-06-01", "1943-06-03") == ("1943-06-01/1943-06-03", None)
    assert days.span("1943-06-01", "1943-06-01") == ("1943-06-01", None)
    assert days.span("1943-06-01", "")[0] == "1943-06-01/"
    assert days.span("", "")[0] is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Prime Minister Mackenzie King", [("Prime Minister", "Mackenzie King")]),
        (
            "King Abdullah and Crown Prince Hussein",
            [("King", "Abdullah"), ("Crown Prince", "Hussein")],
        ),
        ("Governor General Earl of Athlone", [("Governor General", "Earl of Athlone")]),
        ("Prime Minister Shah Mahmud", [("Prime Minister", "Shah Mahmud")]),
        ("Chief of State Cheng Heng", [("Chief of State", "Cheng Heng")]),
        ("President Surangel Whipps, Jr.", [("President", "Surangel Whipps, Jr.")]),
        ("President Lopez", [("President", "Lopez")]),
        ("Madame Chiang Kai-shek", [(None, "Madame Chiang Kai-shek")]),
        ("Prime Minister Major", [("Prime Minister", "Major")]),
    ],
)
def test_titles_are_told_from_names(text: str, found: list[tuple[str | None, str]]) -> None:
    assert [(each.title, each.name) for each in visitors(text)] == found


def test_a_surname_alone_identifies_nobody() -> None:
    for name in ("Churchill", "de Gaulle", "St. Laurent", "Earl of Athlone", "Hussein"):
        assert not Visitor("President", name).may_be_identified
    for name in ("Mackenzie King", "Abdullah II", "Charles de Gaulle"):
        assert Visitor("President", name).may_be_identified


def test_a_name_as_it_stands_is_kept_where_collapsing_changes_it() -> None:
    assert as_stated("visitor", "President Sample") == ""
    assert as_stated("visitor", "President Sample ") == '; visitor as stated: "President Sample "'
    hidden = "King\u00a0Basil\n \u200fII"
    assert as_stated("name", hidden) == r'; name as stated: "King\u00a0Basil\n \u200fII"'
    assert piece_as_stated("King Basil", "Met King Basil.") is None
    assert piece_as_stated("King Basil II", f"Met {hidden}.") == hidden
    assert piece_as_stated("King Basil", "Met nobody.") is None
