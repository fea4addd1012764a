"""The seed as shipped holds what the research notes list, written here apart from its files."""

from collections import Counter
from pathlib import Path

import pytest

from app.cli import SEED_DIRECTORY
from app.importers import checks, seed
from app.importers.checks import Batch, implied_citations
from app.importers.neutral import (
    Claim,
    Commitment,
    Meeting,
    Official,
    Party,
    Source,
    Topic,
)
from app.importers.plain_yaml import Tree, Unreadable
from app.vocabulary import RecordKind, Wording
from tests.support.shipped import Shipped, read_shipped


@pytest.fixture(scope="module")
def batch() -> Batch:
    return read_shipped()


@pytest.fixture(scope="module")
def shipped(batch: Batch) -> Shipped:
    return Shipped(batch)


def claimed(claims: tuple[Claim, ...], field: str) -> dict[str, object]:
    return {claim.source: claim.value for claim in claims if claim.field == field}


def test_the_parser_in_c_reads_the_files_as_the_other_does() -> None:
    for file in SEED_DIRECTORY.rglob("*.yaml"):
        quick, slow = Tree(file.read_bytes()), Tree(b"")
        slow.read_slowly(file.read_text(encoding="utf-8"))
        assert (quick.value, quick.lines) == (slow.value, slow.lines), file.name


@pytest.mark.parametrize("text", ["a: {b:\tc}", "a:\n  -\tb", "a: |#\n  b"])
def test_what_only_the_parser_in_c_takes_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        Tree(text.encode())


def test_the_shipped_files_hold_no_problem(batch: Batch) -> None:
    assert checks.check(batch) == []


def test_every_kind_of_record_is_there_as_often_as_the_notes_have_it(batch: Batch) -> None:
    counts = Counter(each.record.kind_of_record for each in batch.records)
    assert counts[RecordKind.OFFICIAL] == 5
    assert counts[RecordKind.POSITION] == 11
    assert counts[RecordKind.VISIT] == 1
    assert counts[RecordKind.MEETING] == 5
    assert counts[RecordKind.COMMITMENT] == 11
    assert counts[RecordKind.SOURCE] == 26
    assert counts[RecordKind.STATEMENT] >= 40


def test_the_sources_are_those_of_the_notes(shipped: Shipped) -> None:
    assert {each.slug for each in shipped.records if isinstance(each, Source)} == {
        *("eir", "eir-brief", "prc-xi", "xinhua-xi", "us-visit", "us-xi-remarks", "us-presser"),
        *("prc-qin", "prc-wang", "us-qin", "us-wang", "prc-qin-en", "cctv-xi", "gt", "wapo"),
        *("politico", "wh-bali", "cgtn-bali", "hist", "us-wang-visit", "pledge", "ndtv-bali"),
        *("gna-bali", "ap-call", "reuters-call", "reuters-flights"),
    }


def test_a_source_that_nobody_read_says_through_which_it_is_known(shipped: Shipped) -> None:
    known_through = {
        each.slug: each.known_through for each in shipped.records if isinstance(each, Source)
    }
    assert {slug: key for slug, key in known_through.items() if key} == {"prc-xi": "eir"}


def test_sources_without_a_known_address_have_none(shipped: Shipped) -> None:
    sources = [each for each in shipped.records if isinstance(each, Source)]
    assert {each.slug for each in sources if each.url is None} == {"hist", "cctv-xi"}
    assert {each.slug: each.licence for each in sources if each.licence} == {"hist": "CC0-1.0"}


def test_the_topics_of_the_product_are_there(shipped: Shipped) -> None:
    parents = {each.code: each.parent for each in shipped.records if isinstance(each, Topic)}
    assert parents.keys() >= {
        *("taiwan", "one-china", "us-china-relations", "high-level-exchanges", "sanctions"),
        *("technology", "people-to-people", "flights", "cold-war", "alliances"),
        *("balloon-incident", "bali-understandings"),
    }
    assert parents["one-china"] == "taiwan"
    assert parents["flights"] == "people-to-people"


def test_the_balloon_is_passed_over_in_silence_and_never_said_to_have_come_up(
    shipped: Shipped,
) -> None:
    found = {
        each.slug: {(how.value, citation.source) for how, citation in topic.attestations()}
        for each in shipped.records
        if isinstance(each, Meeting)
        for topic in each.topics
        if topic.code == "balloon-incident"
    }
    assert found == {"blinken-qin-beijing-2023-06-18": {("silent", "eir")}}
    assert shipped.statements(topic="balloon-incident") == []


def test_officials_have_their_names_in_their_scripts(shipped: Shipped) -> None:
    names = {
        each.slug: {name.name for name in each.names}
        for each in shipped.records
        if isinstance(each, Official)
    }
    assert names["xi-jinping"] >= {"Xi Jinping", "习近平", "習近平"}
    assert names["qin-gang"] >= {"秦刚", "秦剛"}
    assert names["wang-yi"] >= {"王毅"}
    assert names["antony-blinken"] >= {"Antony John Blinken", "布林肯"}
    assert names["joe-biden"] >= {"Joseph R. Biden", "拜登"}
    china = next(each for each in shipped.records if isinstance(each, Party) and each.code == "CN")
    assert {"People's Republic of China", "中华人民共和国", "中国"} <= {
        name.name for name in china.names
    }


def test_only_the_named_sources_give_births(shipped: Shipped) -> None:
    births = {each.slug: each.birth for each in shipped.records if isinstance(each, Official)}
    assert {slug: birth for slug, birth in births.items() if birth} == {
        "antony-blinken": "1962",
        "joe-biden": "1942",
    }


@pytest.mark.parametrize(
    ("official", "tenures"),
    [
        ("antony-blinken", {("foreign_minister", "2021-01-26", "2025-01-20", "ended")}),
        ("joe-biden", {("head_of_state", "2021-01-20", "2025-01-20", "ended")}),
        (
            "xi-jinping",
            {
                ("head_of_state", "2013-03-14", None, "ongoing"),
                ("party_leader", "2012-11-15", None, "ongoing"),
            },
        ),
        (
            "qin-gang",
            {
                ("foreign_minister", "2022-12-30", "2023-07-25", "ended"),
                ("minister", "2023-03-12", "2023-10-24", "ended"),
            },
        ),
        (
            "wang-yi",
            {
                ("party_official", "2023-01", None, "ongoing"),
                ("party_official", None, None, "unknown"),
                ("minister", None, "2023-03", "ended"),
                ("foreign_minister", "2013-03", "2022-12", "ended"),
                ("foreign_minister", "2023-07-25", None, "unknown"),
            },
        ),
    ],
)
def test_tenures_end_only_where_an_end_is_known(
    shipped: Shipped, official: str, tenures: set[tuple[str | None, ...]]
) -> None:
    found = {
        (each.level.value, each.start, each.end, each.end_status.value)
        for each in shipped.positions(official)
    }
    assert found == tenures


def test_a_tenure_is_attested_up_to_the_last_source_that_shows_it(shipped: Shipped) -> None:
    days = {each.slug: each.date for each in shipped.records if isinstance(each, Source)}
    attested = {
        each.title: (each.attested_until, {citation.source for citation in each.citations})
        for each in shipped.positions("wang-yi")
        if each.attested_until
    }
    # The announcement of 23 October styles him director and foreign minister, and no more.
    assert attested == {
        "Director of the Office of the Central Foreign Affairs Commission": (
            "2023-10-23",
            {"us-wang", "us-visit", "prc-wang", "xinhua-xi", "us-wang-visit"},
        ),
        "Foreign Minister": ("2023-10-23", {"us-wang-visit"}),
        "Member of the Politburo": ("2023-06-19", {"prc-wang"}),
    }
    for last, sources in attested.values():
        assert last == max(days[source] or "" for source in sources)


def test_three_meetings_in_beijing_follow_one_another(shipped: Shipped) -> None:
    beijing = [each for each in shipped.records if isinstance(each, Meeting) and each.visit]
    assert [(each.sequence, each.slug) for each in beijing] == [
        (1, "blinken-qin-beijing-2023-06-18"),
        (2, "blinken-wang-beijing-2023-06-19"),
        (3, "blinken-xi-beijing-2023-06-19"),
    ]


@pytest.mark.parametrize(
    ("meeting", "durations"),
    [
        (
            "blinken-qin-beijing-2023-06-18",
            {
                ("eir", 420, "exact", "preferred"),
                ("gt", 360, "under", "normal"),
                ("wapo", 450, "over", "normal"),
                ("pledge", 330, "exact", "normal"),
            },
        ),
        (
            "blinken-xi-beijing-2023-06-19",
            {("eir", 30, "about", "preferred"), ("politico", 35, "about", "normal")},
        ),
        (
            "biden-xi-bali-2022-11-14",
            {("gna-bali", 180, "about", "preferred"), ("ndtv-bali", 210, "exact", "normal")},
        ),
        ("blinken-wang-beijing-2023-06-19", set()),
    ],
)
def test_the_accounts_differ_on_how_long_it_took(
    shipped: Shipped, meeting: str, durations: set[tuple[object, ...]]
) -> None:
    found = {
        (claim.source, claim.value, claim.qualifier and claim.qualifier.value, claim.rank.value)
        for claim in shipped.meeting(meeting).claims
        if claim.field == "duration_minutes"
    }
    assert found == durations


def test_wang_yi_is_styled_in_three_ways(shipped: Shipped) -> None:
    wang = shipped.meeting("blinken-wang-beijing-2023-06-19").participants[0]
    styled = claimed(wang.claims, "title_as_given")
    assert styled["eir"] == wang.title_as_given == "State Councilor"
    assert styled["us-wang"] == "Director of the CCP Central Foreign Affairs Office"
    assert styled["xinhua-xi"] == (
        "director of the Office of the Foreign Affairs Commission of the CPC Central Committee"
    )
    assert len(set(styled.values())) == 3


def test_qin_gang_is_styled_in_two_ways(shipped: Shipped) -> None:
    qin = shipped.meeting("blinken-qin-beijing-2023-06-18").participants[0]
    styled = claimed(qin.claims, "title_as_given")
    assert styled["eir"] == "Foreign Minister"
    assert styled["us-visit"] == styled["prc-qin"] == "State Councilor and Foreign Minister"


def test_the_two_sides_characterise_the_talks_differently(shipped: Shipped) -> None:
    words = claimed(shipped.meeting("blinken-qin-beijing-2023-06-18").claims, "characterisation")
    assert words["eir"] == words["prc-qin"] == "candid, in-depth and constructive"
    assert words["us-qin"] == "candid, substantive, and constructive"


def test_the_visit_has_two_spans(shipped: Shipped) -> None:
    assert claimed(shipped.visit().claims, "date") == {
        "eir": "2023-06-18/2023-06-19",
        "us-visit": "2023-06-18/2023-06-19",
        "hist": "2023-06-17/2023-06-19",
    }


def test_the_historian_attests_qin_and_xi_but_not_wang(shipped: Shipped) -> None:
    attested = {
        each.slug
        for each in shipped.records
        if isinstance(each, Meeting)
        and "hist" in {citation.source for citation in implied_citations(each)}
    }
    assert attested == {"blinken-qin-beijing-2023-06-18", "blinken-xi-beijing-2023-06-19"}


def test_the_call_has_two_local_dates(shipped: Shipped) -> None:
    call = shipped.meeting("qin-blinken-call-2023-06")
    assert [(each.date, each.time_zone) for each in call.local_dates] == [
        ("2023-06-13", "America/New_York"),
        ("2023-06-14", "Asia/Shanghai"),
    ]


def test_the_meeting_with_xi_was_not_announced(shipped: Shipped) -> None:
    meeting = shipped.meeting("blinken-xi-beijing-2023-06-19")
    assert meeting.announced_beforehand is False
    assert meeting.starts_at is not None
    assert meeting.starts_at.isoformat() == "2023-06-19T16:30:00+08:00"
    assert meeting.starts_at_approximate


def test_xi_on_the_understandings_of_bali_is_there_in_both_renderings(shipped: Shipped) -> None:
    said = shipped.statements(speaker="xi-jinping", topic="bali-understandings")
    renderings = [each for each in said if each.utterance is not None]
    assert {each.wording for each in renderings} == {Wording.INTERPRETED, Wording.TRANSLATED}
    assert len({each.utterance and each.utterance.id for each in renderings}) == 1
    texts = {each.citations[0].source: each.text for each in renderings}
    assert "made our decision clear" in texts["us-xi-remarks"]
    assert "made its position clear" in texts["xinhua-xi"]


def test_utterances_pair_their_renderings(shipped: Shipped) -> None:
    renderings = Counter(
        each.utterance.label for each in shipped.statements() if each.utterance is not None
    )
    assert len(renderings) == 6
    assert set(renderings.values()) == {2}


def test_blinken_conveys_greetings_for_biden(shipped: Shipped) -> None:
    (greetings,) = [
        each
        for each in shipped.statements(speaker="antony-blinken")
        if each.on_behalf_of and each.on_behalf_of.official == "joe-biden"
    ]
    assert [each.official for each in greetings.addressees] == ["xi-jinping"]


EVENTS: dict[str, list[tuple[str, str | None, str | None, bool]]] = {
    "us-one-china-policy": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", False),
        ("reaffirmed", "2023-06-19", "blinken-wang-beijing-2023-06-19", False),
        ("reaffirmed", "2023-06-19", None, False),
    ],
    "us-no-new-cold-war": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", True),
        ("reaffirmed", "2023-06-19", "blinken-wang-beijing-2023-06-19", False),
        ("reaffirmed", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
    ],
    "us-no-support-taiwan-independence": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", False),
        ("invoked_by_other", "2023-06-18", "blinken-qin-beijing-2023-06-18", False),
        ("reaffirmed", "2023-06-19", "blinken-wang-beijing-2023-06-19", False),
        ("reaffirmed", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
        ("reaffirmed", "2023-06-19", None, False),
    ],
    "us-alliances-not-against-china": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", True),
        ("reaffirmed", "2023-06-19", "blinken-wang-beijing-2023-06-19", False),
        ("reaffirmed", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
    ],
    "us-no-change-of-chinas-system": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", True),
        ("reaffirmed", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
    ],
    "us-no-conflict-with-china": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", True),
        ("reaffirmed", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
    ],
    "high-level-exchanges": [
        ("made", "2023-06-19", "blinken-xi-beijing-2023-06-19", False),
        ("progressed", "2023-10-26/2023-10-28", None, False),
    ],
    "people-to-people-exchanges": [("made", "2023-06-18/2023-06-19", None, False)],
    "increase-direct-flights": [
        ("made", "2023-06-18/2023-06-19", None, False),
        ("progressed", "2023-09-01", None, False),
        ("progressed", "2023-10-29", None, False),
    ],
    "reciprocal-visit-to-washington": [
        ("made", "2023-06-18", "blinken-qin-beijing-2023-06-18", False),
        ("fulfilled", "2023-10-26/2023-10-28", None, False),
    ],
    "guiding-principles-and-working-groups": [
        ("made", "2022-11-14", "biden-xi-bali-2022-11-14", False),
        ("reaffirmed", "2023-06-18/2023-06-19", None, False),
    ],
}


@pytest.mark.parametrize("slug", EVENTS)
def test_a_commitment_has_its_life(shipped: Shipped, slug: str) -> None:
    assert [
        (each.event.value, each.date, each.meeting, each.in_retrospect)
        for each in shipped.commitment(slug).events
    ] == EVENTS[slug]


def test_what_no_source_here_says_is_no_event(shipped: Shipped) -> None:
    # Renewed to Wang Yi on 31 July or 1 August 2023, which us-wang-visit does not say.
    *_, fulfilled = shipped.commitment("reciprocal-visit-to-washington").events
    assert fulfilled.note
    assert "renewed on 31 July or 1 August 2023" in fulfilled.note
    assert "no source of this record says so" in fulfilled.note
    (citation,) = fulfilled.citations
    assert (citation.source, citation.locator) == (
        "us-wang-visit",
        "announced three days before it began",
    )


def test_eir_assesses_the_four_commitments_that_it_names(shipped: Shipped) -> None:
    assessed = {
        each.slug: each.assessments
        for each in shipped.records
        if isinstance(each, Commitment) and each.assessments
    }
    assert assessed.keys() == {
        "us-one-china-policy",
        "us-no-new-cold-war",
        "us-no-support-taiwan-independence",
        "us-alliances-not-against-china",
    }
    for (assessment,) in assessed.values():
        assert assessment.assessor == "Executive Intelligence Review"
        assert assessment.score == "the opposite message"
        # It speaks of the message that acts sent, and rates no commitment as kept or broken.
        assert assessment.verdict.value == "not_yet_rated"
        assert [each.quote for each in assessment.citations] == ["the opposite message"]


def test_each_side_words_the_one_china_commitment_in_its_way(shipped: Shipped) -> None:
    wordings = {
        each.party: (each.text, each.source)
        for each in shipped.commitment("us-one-china-policy").wordings
    }
    assert wordings == {
        "US": ("its one-China policy", "us-presser"),
        "CN": ("the one-China principle", "prc-qin"),
    }


def test_the_hash_changes_with_a_name_or_a_byte(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("parties: []\n")
    first = seed.content_hash(tmp_path)
    assert first == seed.read(tmp_path).content_hash
    (tmp_path / "a.yaml").write_text("topics: []\n")
    second = seed.content_hash(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert len({first, second, seed.content_hash(tmp_path)}) == 3
