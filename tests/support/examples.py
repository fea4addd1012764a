"""The examples of the OpenAPI document, taken from the seed: `python -m tests.support.examples`.

`make openapi` runs this; a test compares what is committed with what this makes.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.database.migrations import migrate
from app.importers.loader import load_batch
from app.importers.seed import read
from app.models import Document
from app.queries.resources import RESOURCES
from app.record.recorder import Change
from app.web.nouns import EXAMPLES

SHOWN = {
    "meetings": ("slug", "blinken-xi-beijing-2023-06-19"),
    "visits": ("slug", "blinken-beijing-2023-06"),
    "officials": ("slug", "xi-jinping"),
    "positions": ("title", "Foreign Minister"),
    "statements": ("wording", "translated"),
    "commitments": ("slug", "us-one-china-policy"),
    "sources": ("slug", "us-visit"),
    "parties": ("code", "CN"),
    "topics": ("code", "taiwan"),
}
"""One record of each noun: the field to find it by; where several fit, the first by id."""

PUBLISHED_AT = "2026-11-24T00:00:00Z"
LONGEST_LIST = 2


def examples() -> dict[str, Any]:
    """One record of each noun, its lists cut to what a reader takes in."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/examples.db")
        migrate(engine)
        change = Change(actor="examples")
        load_batch(engine, read(SEED_DIRECTORY), dataset="seed", change=change)
        with Session(engine) as session:
            found = {}
            for path, (field, value) in SHOWN.items():
                model = RESOURCES[path].model
                body = session.scalars(
                    select(Document.body)
                    .join(model, model.seq == Document.seq)
                    .where(getattr(model, field) == value)
                    .order_by(model.id)
                    .limit(1)
                ).one()
                found[path] = shortened(json.loads(body))
                found[path] |= {"created_at": PUBLISHED_AT, "updated_at": PUBLISHED_AT}
        engine.dispose()
    return found


def shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value[:LONGEST_LIST]]
    return value


def text() -> str:
    return json.dumps(examples(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(EXAMPLES).write_text(text(), encoding="utf-8")
