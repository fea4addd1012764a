"""The examples of the OpenAPI document, taken from the seed: `python -m tests.support.examples`.

`make openapi` runs this; a test compares what is committed with what this makes.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.database.migrations import migrate
from app.importers.loader import load_batch
from app.importers.seed import read
from app.main import create_app
from app.models import Document
from app.queries.resources import RESOURCES
from app.record.recorder import Change
from app.settings import Settings
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

ANSWERS = {
    "/v1/meetings/{reference}/accounts": (
        "/v1/meetings/blinken-qin-beijing-2023-06-18/accounts?sources=us-qin,prc-qin"
    ),
    "/v1/visits/{reference}/accounts": (
        "/v1/visits/blinken-beijing-2023-06/accounts?sources=us-visit,hist"
    ),
    "/v1/status": "/v1/status",
    "/v1/relations/{party}/{other}": "/v1/relations/US/CN?date_from=2023-06-18&limit=2",
    "/v1/officials/{reference}/counterparts": "/v1/officials/antony-blinken/counterparts?limit=2",
    "/v1/search": "/v1/search?q=taiwan&limit=2",
}
"""Computed answers: the address as it is documented, and as it is asked for."""

PUBLISHED_AT = "2026-11-24T00:00:00Z"
HEAD_HASH = "dfc5285c0d7b3a92c2bcc8d93cfaeae3333a2b4936546767efebf11f05bd7ce4"
"""One of the head of a log; instants are in it, so that it is another one each time."""

SETTLED = {
    "created_at": PUBLISHED_AT,
    "updated_at": PUBLISHED_AT,
    "at": PUBLISHED_AT,
    "started_at": PUBLISHED_AT,
    "finished_at": PUBLISHED_AT,
    "hash": HEAD_HASH,
}
"""What differs with every run, and is always the same here."""

LONGEST_LIST = 2


def examples() -> dict[str, Any]:
    """One record of each noun, and computed answers; their lists are cut to what a reader takes
    in.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/examples.db"
        engine = make_engine(url)
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
        engine.dispose()
        return found | asyncio.run(answers(url))


async def answers(database_url: str) -> dict[str, Any]:
    """What the application itself says when it is asked."""
    app = create_app(Settings(database_url=database_url, _env_file=None))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://examples") as client:
        found = {address: await client.get(path) for address, path in ANSWERS.items()}
    await app.lane.reader.close()
    return {
        address: shortened(answer.raise_for_status().json()) for address, answer in found.items()
    }


def shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: SETTLED.get(key, shortened(inner)) for key, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value[:LONGEST_LIST]]
    return value


def text() -> str:
    return json.dumps(examples(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(EXAMPLES).write_text(text(), encoding="utf-8")
