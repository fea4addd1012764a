"""What is read can be written: every document of three data sets, as it is and as a new record."""

from typing import Any

from sqlalchemy.orm import Session

from app.editing import edits
from app.editing.converting import Converted, validated
from app.editing.drafts import form_of
from app.vocabulary import RecordKind
from tests.support.editing import CHANGE, Desk, consistent
from tests.support.edits import whatever

Json = Any
K = RecordKind
IN_ORDER = (
    *(K.PARTY, K.TOPIC, K.SOURCE, K.OFFICIAL, K.POSITION),
    *(K.VISIT, K.MEETING, K.STATEMENT, K.COMMITMENT),
)
"""Each kind after those that it refers to."""
COPIED = {"visit", "meeting", "part_of", "official", "commitment", "known_through"}
"""The fields in which a copy refers to a copy."""
OWN = {"id", "slug", "code", "rev", "created_at", "updated_at", "dataset", "participant", "value"}
"""What tells a copy from what it was copied from; the values are those of identifiers."""
FROM_OTHERS = {"positions", "children", "successors", "predecessors"}


def test_every_document_can_be_sent_back_whole_and_nothing_comes_of_it(desk: Desk) -> None:
    documents, head = desk.documents(), desk.head()
    asked = list(documents.items())
    if desk.engine.dialect.name != "sqlite":
        asked = asked[::4]
    with Session(desk.engine, autoflush=False) as session, session.begin():
        for number, ((kind, record_id), document) in enumerate(asked):
            form = form_of(kind, document)
            record = Converted(kind, validated(kind, form), record_id).record()
            assert record.id == record_id
            for body in (form,) if number % 10 else (form, {}):
                done = edits.patch(session, kind, record_id, body, CHANGE, whatever)
                assert (done.rev, kind) == (document["rev"], kind), done.key
    assert desk.head() == head
    assert desk.documents() == documents


def test_a_document_posted_as_a_new_record_reads_as_the_old_one(desk: Desk) -> None:
    slugs: dict[str, str] = {}
    documents = desk.documents().items()
    waiting = [each for kind in IN_ORDER for each in documents if each[0][0] is kind]
    waiting = [each for each in waiting if each[1]["dataset"] != "seed"]
    while waiting:
        (kind, record_id), document = waiting.pop(0)
        form = form_of(kind, document)
        above = {form.get("part_of"), form.get("known_through")}
        above |= {each["commitment"] for each in form.get("predecessors", ())}
        if above & {other.get("slug", "") for _, other in waiting}:
            waiting.append(((kind, record_id), document))
            continue
        made = desk.create(kind, copied(to_be_posted(kind, form), slugs))
        slugs[document.get("slug", "")] = made.get("slug", "")
        assert made["dataset"] == "editors"
        assert compared(made) == compared(copied(document, slugs)), record_id
    consistent(desk.engine)


def to_be_posted(kind: RecordKind, form: Json) -> Json:
    """A form under another name: codes and identifiers are for one record alone."""
    form = {name: value for name, value in form.items() if name != "slug"}
    if "code" in form:
        form["code"] += "-2" if kind is K.TOPIC else "2"
    for name in ("external_ids", "identifiers"):
        for each in form.get(name, ()):
            each["value"] += "-2"
    people = {each["id"]: each for each in form.get("participants", ())}
    own: list[Json] = []
    for claim in form.get("claims", ()):
        person = people.get(claim.pop("participant", None))
        (own if person is None else person.setdefault("claims", [])).append(claim)
    if "claims" in form:
        form["claims"] = own
    utterance = form.pop("utterance", None)
    return without_ids(form) | ({} if utterance is None else {"utterance": utterance})


def without_ids(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: without_ids(each) for name, each in value.items() if name != "id"}
    return [without_ids(each) for each in value] if isinstance(value, list) else value


def copied(value: Json, slugs: dict[str, str], name: str = "") -> Json:
    """The same, referring to the copies."""
    if isinstance(value, dict):
        return {field: copied(each, slugs, field) for field, each in value.items()}
    if isinstance(value, list):
        return [copied(each, slugs, name) for each in value]
    return slugs.get(value, value) if name in COPIED else value


def compared(document: Json) -> Json:
    """A document without what is its own, or comes from those that refer to it."""
    form = {name: each for name, each in document.items() if name not in FROM_OTHERS}
    found = without_own(form)
    found["claimed"] = [
        [each["field"], each["value"], each["participant"] is not None]
        for each in document.get("claims", ())
    ]
    return found


def without_own(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: without_own(each) for name, each in value.items() if name not in OWN}
    return [without_own(each) for each in value] if isinstance(value, list) else value


def test_a_record_with_external_ids_can_be_patched(desk: Desk) -> None:
    made = desk.create(
        K.PARTY,
        {
            "code": "ZZA",
            "kind": "state",
            "name": "A party",
            "external_ids": [{"scheme": "wikidata", "value": "Q-a"}, {"scheme": "x", "value": "2"}],
        },
    )
    changed = desk.patch(K.PARTY, "ZZA", {"name": "Another"})
    assert changed == made | {"name": "Another"} | {
        name: changed[name] for name in ("rev", "updated_at")
    }
    several = [{"scheme": "x", "value": "1"}, {"scheme": "x", "value": "2"}]
    changed = desk.patch(K.PARTY, "ZZA", {"external_ids": several})
    assert changed["external_ids"] == several
    twice = [{"scheme": "x", "value": "1"}, {"scheme": "x", "value": "1"}]
    flaws = desk.flaws(desk.patch, K.PARTY, "ZZA", {"external_ids": twice})
    assert flaws == {"/external_ids/1/value": "is given more than once"}


def test_events_that_dates_do_not_order_may_come_back_in_the_order_of_documents(
    desk: Desk,
) -> None:
    """Documents have undated events last, wherever their teller put them."""
    told = desk.read(K.COMMITMENT, "to-each-other")
    assert [each["event"] for each in told["events"]] == ["expired", "made"]
    form = form_of(K.COMMITMENT, told)
    changed = desk.patch(K.COMMITMENT, "to-each-other", {"events": form["events"], "text": "New."})
    assert changed["events"] == told["events"]
    again = {"event": "reaffirmed", "date": "2009", "citations": ["minutes"]}
    flaws = desk.flaws(
        desk.patch, K.COMMITMENT, "to-each-other", {"events": [*form["events"], again]}
    )
    assert [*flaws] == ["/events/2"]
