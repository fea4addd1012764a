"""Documents of former shapes, read in the present one."""

from copy import deepcopy
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.engines import make_engine
from app.models import Document, Revision
from app.record.documents import SHAPE
from app.record.upcasting import STEPS, upcast, upcast_body
from app.vocabulary import RecordKind
from tests.support.first_release import former_body

UNKNOWN: dict[RecordKind, dict[str, Any]] = {
    RecordKind.OFFICIAL: {"attested_until": None},
    RecordKind.STATEMENT: {"joint_with": []},
    RecordKind.COMMITMENT: {"predecessors": [], "successors": []},
}
"""What the first release's documents said nothing of; of officials in their positions."""


def test_there_is_a_step_from_every_shape_that_there_was() -> None:
    assert set(STEPS) == set(range(1, SHAPE))


def test_what_the_first_release_wrote_reads_as_if_it_were_written_now(own_database: str) -> None:
    """All but what that release did not know: it is null or empty, and the keys are in place."""
    engine = make_engine(own_database)
    with Session(engine) as session:
        published = list(
            session.execute(
                select(Revision.kind, Document.body).join(Document, Document.seq == Revision.seq)
            )
        )
    engine.dispose()
    lost = set()
    for kind, body in published:
        document = orjson.loads(body)
        for owner in document["positions"] if kind is RecordKind.OFFICIAL else [document]:
            for key, unknown in UNKNOWN.get(kind, {}).items():
                lost |= {(kind, key)} if owner[key] != unknown else set()
                owner[key] = unknown
        assert upcast_body(kind, 1, former_body(kind, body)) == orjson.dumps(document)
    assert (RecordKind.OFFICIAL, "attested_until") in lost
    assert (RecordKind.STATEMENT, "joint_with") in lost


def test_the_document_given_is_left_alone_and_a_present_one_passed_on(own_database: str) -> None:
    engine = make_engine(own_database)
    with Session(engine) as session:
        kinds = dict(session.execute(select(Revision.seq, Revision.kind)).all())
        bodies = dict(session.execute(select(Document.seq, Document.body)).all())
    engine.dispose()
    for seq, body in bodies.items():
        assert upcast_body(kinds[seq], SHAPE, body) is body
        former = orjson.loads(former_body(kinds[seq], body))
        before = deepcopy(former)
        upcast(kinds[seq], 1, former)
        assert former == before
