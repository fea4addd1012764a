"""A mistake in a seed file is refused with file, line and field, and all mistakes at once."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.errors import SeedRefused
from app.importers import checks, seed
from app.importers.checks import implied_citations
from app.importers.neutral import Meeting, Party
from app.vocabulary import RecordKind

IDS = [f"0188cbf4-2c00-7a10-8b3e-5d1f0c9a7e{number:02x}" for number in range(16)]

SMALL = f"""\
parties:
  - {{ id: {IDS[0]}, code: US, kind: state, name: United States }}
  - {{ id: {IDS[1]}, code: NO, kind: state, name: Norway }}
officials:
  - {{ id: {IDS[12]}, slug: dove, name: Dove }}
topics:
  - {{ id: {IDS[2]}, code: peace, label: Peace }}
  - {{ id: {IDS[3]}, code: treaties, label: Treaties, parent: peace }}
sources:
  - id: {IDS[4]}
    slug: gazette
    title: Gazette
    kind: press
    publisher: Gazette
    perspective: NO
  - id: {IDS[5]}
    slug: herald
    title: Herald
    kind: press
    publisher: Herald
    perspective: press
visits:
  - id: {IDS[11]}
    slug: journey
    title: Journey
    status: held
    citations: [gazette]
meetings:
  - id: {IDS[6]}
    slug: first-meeting
    title: First meeting
    format: bilateral
    status: denied
    visit: journey
    sequence: 1
    announced_beforehand: true
    date: "2020-05-04"
    duration: {{ minutes: 60, qualifier: about }}
    topics:
      - code: peace
        affirmed: [herald]
    participants:
      - name_as_given: Somebody
        title_as_given: Minister
        party: NO
        role: host
        claims:
          - {{ field: title_as_given, value: Minister, source: gazette, rank: preferred }}
    citations: [gazette]
    claims:
      - field: duration_minutes
        value: 60
        qualifier: about
        source: gazette
        rank: preferred
      - {{ field: date, value: "2020-05-04", source: gazette }}
statements:
  - id: {IDS[7]}
    speaker: {{ party: NO }}
    text: Peace is better.
    language: en
    wording: reported
    meeting: first-meeting
    visit: journey
    utterance: {{ id: {IDS[8]}, label: On peace }}
    topics: [peace]
    citations:
      - source: gazette
commitments:
  - id: {IDS[9]}
    slug: peace-for-ever
    title: Peace for ever
    text: There shall be peace.
    kind: aspiration
    by: [NO]
    date: "2020-05-04"
    events:
      - event: made
        date: "2020-05-04"
        citations: [gazette]
      - event: withdrawn
        date: "2021"
        citations: [gazette]
    citations: [gazette]
"""

Refuse = Callable[..., Sequence[str]]


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    """Writes the small seed with replacements, and gives back what is wrong with it."""

    def problems(*changes: tuple[str, str]) -> Sequence[str]:
        text = SMALL
        for old, new in changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        return refused(tmp_path, text.encode())

    return problems


def refused(directory: Path, content: bytes) -> Sequence[str]:
    (directory / "story").mkdir(exist_ok=True)
    (directory / "story" / "all.yaml").write_bytes(content)
    try:
        return checks.check(seed.read(directory))
    except SeedRefused as refusal:
        return list(refusal.problems)


def line_of(text: str) -> int:
    return SMALL[: SMALL.index(text)].count("\n") + 1


def test_the_small_seed_is_sound(refuse: Refuse) -> None:
    assert refuse() == []


def test_norway_is_a_code_and_no_falsehood(tmp_path: Path) -> None:
    refused(tmp_path, SMALL.encode())
    codes = [
        each.record.code for each in seed.read(tmp_path).records if isinstance(each.record, Party)
    ]
    assert codes == ["US", "NO"]


WITHDRAWN = """\
      - event: withdrawn
        date: "2021"
        citations: [gazette]
    citations: [gazette]
"""


def ties(*earlier: tuple[str, str]) -> str:
    """What a commitment restates, and by which source."""
    return "    lineage:\n" + "".join(
        f"      - {{ relation: restates, commitment: {slug}, source: {source} }}\n"
        for slug, source in earlier
    )


def commitment(number: int, slug: str, date: str, made: tuple[str, ...] = ()) -> str:
    """One more commitment, with a date of its own or else made on some days."""
    day = f'    date: "{date}"\n' if not made else ""
    events = "".join(
        f'      - {{ event: made, date: "{each}", citations: [herald] }}\n'
        for each in made or (date,)
    )
    return f"""\
  - id: {IDS[number]}
    slug: {slug}
    title: More peace
    text: There shall be more of it.
    kind: aspiration
    by: [NO]
{day}    events:
{events}    citations: [herald]
"""


MISTAKES: dict[str, tuple[str, ...]] = {
    # What is written, what it is changed to, and what the problem then says.
    "an unknown key": (
        "    status: denied",
        "    status: denied\n    state: held",
        "meetings[0].state: unknown key; expected one of id, identifiers, slug, title, summary",
    ),
    "an unknown key of a part": (
        "      - name_as_given: Somebody",
        "      - nom: x\n        name_as_given: Somebody",
        "meetings[0].participants[0].nom: unknown key; expected one of id, official, name_as_given",
    ),
    "an unknown list": (
        "parties:\n",
        "subjects: []\nparties:\n",
        "subjects: unknown key; expected one of parties, topics, sources",
    ),
    "a missing key": ("    title: First meeting\n", "", "meetings[0].title: is missing"),
    "a term outside its list": (
        "format: bilateral",
        "format: bilatral",
        "meetings[0].format: expected one of bilateral, expanded, restricted, one_on_one",
        "found 'bilatral'",
    ),
    "a date that is none": (
        '    date: "2020-05-04"\n    duration',
        '    date: "2020-02-30"\n    duration',
        "meetings[0].date: found '2020-02-30'",
        "2020-02 has only 29 days",
    ),
    "a year without quotes": (
        'date: "2021"',
        "date: 2021",
        "commitments[0].events[1].date: expected text, found 2021; put it in quotes",
    ),
    "yes for true": (
        "announced_beforehand: true",
        "announced_beforehand: yes",
        "meetings[0].announced_beforehand: expected true or false, found 'yes'",
    ),
    "a number in quotes": (
        "minutes: 60",
        'minutes: "60"',
        "meetings[0].duration.minutes: expected a whole number, found '60'",
    ),
    "seconds since 1970 for an instant": (
        "    status: denied",
        '    status: denied\n    starts_at: "1588550400"',
        "meetings[0].starts_at: found '1588550400': expected an instant with its zone",
    ),
    "one value where a list is due": (
        "topics: [peace]",
        "topics: peace",
        "statements[0].topics: expected a list, found 'peace'",
    ),
    "a list where one value is due": (
        "value: Minister",
        "value: [Minister]",
        "meetings[0].participants[0].claims[0].value: found",
        "should be a text, a number, true or false",
    ),
    "a slug with capitals": (
        "slug: peace-for-ever",
        "slug: Peace-For-Ever",
        "commitments[0].slug: expected the form",
        "found 'Peace-For-Ever'",
    ),
    "an id of another sort": (
        IDS[6],
        "5e7b3c1e-8f5d-4c6b-9a51-0d6f0c9a7e11",
        "meetings[0].id: found '5e7b3c1e-8f5d-4c6b-9a51-0d6f0c9a7e11': expected a UUIDv7",
    ),
    "an invisible sign in a name": (
        "name: Norway",
        'name: "Nor\\u200bway"',
        "parties[1].name: found",
        "U+200B",
    ),
    "half of a surrogate pair": (
        "name: Norway",
        'name: "\\ud800"',
        "parties[1].name: holds half of a surrogate pair",
    ),
    "one coordinate": (
        "    status: denied",
        "    status: denied\n    place: { latitude: 59.9 }",
        "meetings[0].place: needs `latitude` and `longitude`, or neither",
    ),
    "a value left out": (
        "title: Gazette",
        "title:",
        "sources[0].title: has no value: leave the key out, or write null",
    ),
    "a look-alike of null": ("title: Gazette", "title: ~", "sources[0].title: ~ is ambiguous"),
    "a number without end": (
        "minutes: 60",
        f"minutes: {'6' * 40}",
        "meetings[0].duration.minutes: expected at most 18 digits",
    ),
    "a statement without a source": (
        "    citations:\n      - source: gazette",
        "    citations: []",
        "statements[0].citations: ",
    ),
    "a title of one who is spoken to, for which there is no room": (
        "    topics: [peace]\n    citations:",
        (
            "    addressees: [{ name_as_given: All, title_as_given: Chair }]\n"
            "    topics: [peace]\n    citations:"
        ),
        "statements[0].addressees[0].title_as_given: unknown key; expected one of id, official,",
    ),
    "a key given twice": (
        "    status: denied",
        "    status: denied\n    status: denied",
        "meetings[0].status: the key is given twice, first on line",
    ),
    "an anchor": ("topics: [peace]", "topics: &t [peace]", "statements[0].topics: anchors are not"),
    "an alias": ("topics: [peace]", "topics: *t", "statements[0].topics: aliases are not used"),
    "a tag": ("text: Peace", "text: !!str Peace", "statements[0].text: tags are not used here"),
    "a claim to a field that cannot be claimed": (
        "field: date",
        "field: summary",
        "meetings[0].claims[1].field: meeting 'first-meeting': expected one of title, date,",
        "found 'summary'",
    ),
    "a claimed value of another type": (
        "        value: 60",
        '        value: "an hour"',
        "meetings[0].claims[0].value: meeting 'first-meeting': ",
        "expected a value for duration_minutes, found 'an hour'",
    ),
    "a claimed date that is none": (
        'field: date, value: "2020-05-04"',
        "field: date, value: yesterday",
        "meetings[0].claims[1].value: meeting 'first-meeting': expected a value for date",
    ),
    "a duration that is not qualified": (
        "        qualifier: about\n",
        "",
        "meetings[0].claims[0]: meeting 'first-meeting': expected a qualifier",
    ),
    "a qualifier on what is no duration": (
        'value: "2020-05-04", source',
        'value: "2020-05-04", qualifier: about, source',
        "meetings[0].claims[1].qualifier: meeting 'first-meeting': ",
        "expected a qualifier on duration_minutes only, found it on date",
    ),
    "a preferred claim that disagrees": (
        "        value: 60",
        "        value: 61",
        "meetings[0].claims[0].value: meeting 'first-meeting': ",
        "expected the preferred claim to agree with the record's own duration_minutes, ",
        "60 (about), found 61 (about)",
    ),
    "a preferred claim that is bounded otherwise": (
        "        qualifier: about",
        "        qualifier: over",
        "60 (about), found 60 (over)",
    ),
    "a preferred claim of a participant that disagrees": (
        "value: Minister",
        "value: Chair",
        "meetings[0].participants[0].claims[0].value: meeting 'first-meeting': ",
        "the record's own title_as_given, 'Minister', found 'Chair'",
    ),
    "two preferred claims": (
        "source: gazette }\nstatements",
        (
            "source: gazette, rank: preferred }\n"
            '      - { field: date, value: "2020-05", source: herald, rank: preferred }\nstatements'
        ),
        "meetings[0].claims[2].rank: meeting 'first-meeting': expected one preferred claim to date",
    ),
    "a reference to nothing": (
        "meeting: first-meeting",
        "meeting: last-meeting",
        "statements[0].meeting: statement ",
        "expected the key of a meeting that exists, found 'last-meeting'",
    ),
    "a claim of a source that is not there": (
        "value: Minister, source: gazette",
        "value: Minister, source: gazete",
        "meetings[0].participants[0].claims[0].source: ",
        "found 'gazete'",
    ),
    "a perspective that is no party": (
        "perspective: NO",
        "perspective: SE",
        "sources[0].perspective: source 'gazette': expected the key of a party that exists",
    ),
    "an id used twice": (IDS[1], IDS[0], "parties[1].id: party 'NO': expected the id"),
    "an utterance with a record's id": (IDS[8], IDS[0], "statements[0].utterance.id: "),
    "an utterance under two labels": (
        "    topics: [peace]\n    citations:\n      - source: gazette\n",
        (
            "    citations: [gazette]\n"
            f"  - id: {IDS[10]}\n    speaker: {{ party: NO }}\n    text: Peace!\n    language: en\n"
            "    wording: reported\n    citations: [gazette]\n"
            f"    utterance: {{ id: {IDS[8]}, label: On war }}\n"
        ),
        "statements[1].utterance.label: ",
        "expected 'On peace'",
        "found 'On war'",
    ),
    "a code used twice": (
        "code: US",
        "code: NO",
        "parties[1].code: party 'NO': expected the code to be used once, found it also in",
    ),
    "an identifier used twice": (
        "perspective: press\n",
        (
            "perspective: press\n    identifiers: { isbn: x }\n"
            f"  - id: {IDS[10]}\n    slug: times\n    title: Times\n    kind: press\n"
            "    publisher: Times\n    perspective: press\n    identifiers: { isbn: x }\n"
        ),
        "sources[2].identifiers.isbn: source 'times': expected the isbn identifier 'x' to be used",
    ),
    "a topic named twice": (
        "topics: [peace]",
        "topics: [peace, peace]",
        "statements[0].topics[1]: statement ",
        "expected 'peace' once, found it again",
    ),
    "a topic above itself": (
        "label: Peace }",
        "label: Peace, parent: peace }",
        "topics[0].parent: topic 'peace': expected no way back to itself, found peace → peace",
    ),
    "a meeting within itself": (
        "    status: denied",
        "    status: denied\n    part_of: first-meeting",
        "meetings[0].part_of: meeting 'first-meeting': expected no way back to itself",
    ),
    "a statement on another visit than its meeting": (
        "    visit: journey\n    utterance",
        "    utterance",
        "statements[0].visit: ",
        "expected journey, as at its meeting 'first-meeting', found none",
    ),
    "a number used twice in a visit": (
        "statements:\n",
        f"""\
  - id: {IDS[10]}
    slug: second-meeting
    title: Second meeting
    format: bilateral
    status: held
    visit: journey
    sequence: 1
    citations: [gazette]
statements:
""",
        "meetings[1].sequence: meeting 'second-meeting': expected number 1 in the visit 'journey'",
    ),
    "somebody who takes part twice": (
        "    participants:\n",
        """\
    participants:
      - { official: dove, name_as_given: Dove, role: host }
      - { official: dove, name_as_given: Dove, role: delegate }
""",
        "meetings[0].participants[1]: meeting 'first-meeting': expected 'dove' once, found it",
    ),
    "another name on display": (
        "name: Norway }",
        "name: Norway, names: [{ name: Norge, kind: display }] }",
        "parties[1].names[0].name: party 'NO': expected the display name to be the record's name",
    ),
    "an event before the making": (
        'event: withdrawn\n        date: "2021"',
        'event: reaffirmed\n        date: "2019"',
        "commitments[0].events[1].date: commitment 'peace-for-ever': ",
        "expected no event before the commitment was made (2020-05-04), found reaffirmed on 2019",
    ),
    "an event after the end": (
        "      - event: withdrawn",
        (
            '      - event: fulfilled\n        date: "2022"\n        citations: [gazette]\n'
            "      - event: withdrawn"
        ),
        "commitments[0].events[1]: commitment 'peace-for-ever': ",
        "expected nothing after `withdrawn`, found `fulfilled`",
    ),
    "an event given again after the end": (
        "      - event: withdrawn",
        (
            '      - event: reaffirmed\n        date: "2022"\n        citations: [gazette]\n'
            "      - event: withdrawn"
        ),
        "commitments[0].events[1]: commitment 'peace-for-ever': expected nothing after `withdrawn`",
        "found `reaffirmed` on 2022 (a commitment that is given again after its end is a new one",
    ),
    "a making after the suspension": (
        "      - event: withdrawn",
        (
            '      - event: suspended\n        date: "2020-06"\n        citations: [gazette]\n'
            '      - event: made\n        date: "2020-07"\n        citations: [herald]\n'
            "      - event: withdrawn"
        ),
        "commitments[0].events[2]: commitment 'peace-for-ever': expected after `suspended` only ",
        "found `made` on 2020-07",
    ),
    "a commitment that takes up itself": (
        WITHDRAWN,
        WITHDRAWN + ties(("peace-for-ever", "gazette")),
        "commitments[0].lineage[0].commitment: commitment 'peace-for-ever': ",
        "expected no way back to itself, found peace-for-ever → peace-for-ever",
    ),
    "a commitment that takes up nothing": (
        WITHDRAWN,
        WITHDRAWN + ties(("peace-for-now", "gazette")),
        "commitments[0].lineage[0].commitment: commitment 'peace-for-ever': ",
        "expected the key of a commitment that exists, found 'peace-for-now'",
    ),
    "a commitment that takes up another twice": (
        WITHDRAWN,
        WITHDRAWN
        + ties(("peace-for-now", "gazette"), ("peace-for-now", "herald"))
        + commitment(13, "peace-for-now", "2019"),
        "commitments[0].lineage[1]: commitment 'peace-for-ever': ",
        "expected 'peace-for-now' once, found it again",
    ),
    "a lineage by a source that is not there": (
        WITHDRAWN,
        WITHDRAWN + ties(("peace-for-now", "times")) + commitment(13, "peace-for-now", "2019"),
        "commitments[0].lineage[0].source: commitment 'peace-for-ever': ",
        "expected the key of a source that exists, found 'times'",
    ),
    "an ancestor that was made later": (
        WITHDRAWN,
        WITHDRAWN
        + ties(("peace-for-now", "gazette"))
        + commitment(13, "peace-for-now", "2020-05-05"),
        "commitments[0].lineage[0].commitment: commitment 'peace-for-ever': ",
        "expected a commitment that was made earlier, found 'peace-for-now', of 2020-05-05",
    ),
    "an ancestor of which only the events say that it was made later": (
        WITHDRAWN,
        WITHDRAWN
        + ties(("peace-for-now", "gazette"))
        + commitment(13, "peace-for-now", "2021", made=("2021", "2022")),
        "commitments[0].lineage[0].commitment: commitment 'peace-for-ever': ",
        "expected a commitment that was made earlier, found 'peace-for-now', of 2021 or 2022",
    ),
    "a silent source that reports what was said": (
        "        affirmed: [herald]",
        "        affirmed: [herald]\n        silent: [gazette]",
        "meetings[0].topics[0].silent[0]: meeting 'first-meeting': expected 'gazette' to be silent",
        " on 'peace', found the statement at story/all.yaml:",
        ": statements[0], which it reports",
    ),
    "a commitment that nobody made": (
        "event: made",
        "event: reaffirmed",
        "commitments[0].events: commitment 'peace-for-ever': expected an event `made`, found none",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_file_line_and_field(refuse: Refuse, mistake: str) -> None:
    old, new, *expected = MISTAKES[mistake]
    (problem,) = refuse((old, new))
    assert problem.startswith("story/all.yaml:")
    assert [part for part in expected if part not in problem] == []


def test_the_line_is_that_of_the_value(refuse: Refuse) -> None:
    (problem,) = refuse(("role: host", "role: guest"))
    place = f"story/all.yaml:{line_of('role: host')}: meetings[0].participants[0].role: "
    assert problem.startswith(f"{place}expected one of principal, host, visitor, chair")
    assert problem.endswith("found 'guest'")


def test_all_problems_are_reported_at_once(refuse: Refuse) -> None:
    problems = refuse(
        ("format: bilateral", "format: bilatral"),
        ("role: host", "role: guest"),
        ("perspective: NO", "perspective: SE"),
        ('event: withdrawn\n        date: "2021"', 'event: reaffirmed\n        date: "2019"'),
        ("text: Peace", "text: !!str Peace"),
    )
    fields = [problem.split(": ")[1] for problem in problems]
    assert sorted(fields) == [
        "commitments[0].events[1].date",
        "meetings[0].format",
        "meetings[0].participants[0].role",
        "sources[0].perspective",
        "statements[0].text",
    ]


def test_a_refused_record_does_not_make_references_to_it_dangle(refuse: Refuse) -> None:
    problems = refuse(("    title: First meeting\n", ""))
    assert len(problems) == 1


def test_what_the_database_holds_may_be_referred_to(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        f"topics:\n  - {{ id: {IDS[0]}, code: treaties, label: Treaties, parent: peace }}\n"
    )
    batch = seed.read(tmp_path)
    assert len(checks.check(batch)) == 1
    assert checks.check(batch, {RecordKind.TOPIC: {"peace"}}) == []


def broken_files() -> Iterator[tuple[str, bytes, str]]:
    yield "a tab for indentation", b"parties:\n\t- id: x\n", "all.yaml:2: "
    yield "no UTF-8", "parties:\n  - name: Åland\n".encode("latin-1"), "all.yaml:2: expected UTF-8"
    yield "a NUL", b"parties:\n  - name: \x00\n", "all.yaml:2: holds the sign U+0000"
    yield "an open bracket", b"parties: [\n", "all.yaml:2: "
    yield "two documents", b"parties: []\n---\ntopics: []\n", "expected one document a file"
    yield "a list at the top", b"- parties\n", "all.yaml:1: expected one or more of the keys"
    yield "nothing", b"# parties\n", "all.yaml:1: expected one or more of the keys"
    yield "text for a list", b"parties: none\n", "parties: expected a list of records, found 'none'"
    yield "text for a record", b"parties:\n  - US\n", "parties[0]: expected keys and values"
    yield "no sign at all", b'parties:\n  - name: "\\UFFFFFFFF"\n', "all.yaml:2: an escape after"
    yield "a key with a gap", b"parties:\n  - full name: x\n", "all.yaml:2: expected a plain key"
    yield "a key that is a list", b"parties:\n  - [a]: b\n", "all.yaml:2: expected a plain key"
    yield "depth without end", b"parties: " + b"[" * 10_000, "nested more than 12 levels deep"
    yield "size without end", b"#" * 5_000_000, "expected at most 4194304 bytes, found 5000000"


@pytest.mark.parametrize(
    ("content", "expected"),
    [pytest.param(content, expected, id=name) for name, content, expected in broken_files()],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    (problem,) = refused(tmp_path, content)
    assert problem.startswith("story/all.yaml:")
    assert expected in problem


def test_a_file_with_another_ending_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("topics: []\n")
    (problem,) = refused(tmp_path, SMALL.encode())
    assert problem.startswith("more.yml:1: expected the ending .yaml")


def test_a_folder_without_seed_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeedRefused) as refusal:
        seed.read(tmp_path)
    assert "expected seed files" in refusal.value.problems[0]


def test_a_claim_an_attestation_and_a_wording_imply_a_citation(tmp_path: Path) -> None:
    refused(tmp_path, SMALL.encode())
    (meeting,) = [
        each.record for each in seed.read(tmp_path).records if isinstance(each.record, Meeting)
    ]
    assert [citation.source for citation in implied_citations(meeting)] == ["gazette", "herald"]


def test_events_that_end_a_commitment_are_final_by_date_or_else_by_order(refuse: Refuse) -> None:
    assert refuse(('date: "2021"', 'date: "2020"')) == []
    last = "      - event: withdrawn"
    before = '      - event: reaffirmed\n        date: "2020-06"\n        citations: [gazette]\n'
    assert refuse((last, before + last)) == []


def test_a_commitment_that_comes_back_to_itself_over_three_is_refused_at_each_of_them(
    refuse: Refuse,
) -> None:
    second = commitment(13, "peace-for-now", "2020-05-04") + ties(("peace-again", "gazette"))
    third = commitment(14, "peace-again", "2020-05-04") + ties(("peace-for-ever", "herald"))
    ring = WITHDRAWN + ties(("peace-for-now", "gazette")) + second + third
    problems = refuse((WITHDRAWN, ring))
    assert len(problems) == 3
    for number, problem in enumerate(problems):
        assert problem.startswith("story/all.yaml:")
        assert f": commitments[{number}].lineage[0].commitment: commitment " in problem
        assert "expected no way back to itself, found " in problem
    assert problems[0].endswith(
        "found peace-for-ever → peace-for-now → peace-again → peace-for-ever"
    )


@pytest.mark.parametrize("date", ["2020", "2020-05", "2020-05-04", "2020-05-04/..", "../2030"])
def test_an_ancestor_that_may_be_older_is_not_refused(refuse: Refuse, date: str) -> None:
    ancestor = ties(("peace-for-now", "gazette")) + commitment(13, "peace-for-now", date)
    assert refuse((WITHDRAWN, WITHDRAWN + ancestor)) == []


def test_a_line_of_ancestors_may_come_together_again(refuse: Refuse) -> None:
    older = commitment(13, "peace-for-now", "2019") + ties(("peace-again", "herald"))
    oldest = commitment(14, "peace-again", "2018")
    both = ties(("peace-for-now", "gazette"), ("peace-again", "gazette"))
    assert refuse((WITHDRAWN, WITHDRAWN + both + older + oldest)) == []


def test_a_source_may_be_silent_on_what_another_reports_or_on_another_topic(
    refuse: Refuse,
) -> None:
    topic = "        affirmed: [herald]"
    assert refuse((topic, "        silent: [herald]")) == []
    assert refuse((topic, f"{topic}\n      - code: treaties\n        silent: [gazette]")) == []
