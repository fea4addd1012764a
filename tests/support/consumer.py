"""`python -m tests.support.consumer URL FILE` keeps a copy of every record in step with a server.

A client as CONTRACT.md imagines one: it reads `/v1/changes?include=document&wait=` from where it
was, and keeps the copy and the place together in FILE, a SQLite database. It may be killed, and
the server may go away, at any moment.
"""

import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import orjson

WAIT_SECONDS = 5
LIMIT = 50

Json = Any


class Copy:
    """The documents of a server, and the place up to which its changes were read."""

    def __init__(self, file: Path) -> None:
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("CREATE TABLE IF NOT EXISTS place (after INTEGER)")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, type TEXT, document TEXT)"
        )

    @property
    def after(self) -> int:
        return int(self.database.execute("SELECT coalesce(max(after), 0) FROM place").fetchone()[0])

    def documents(self) -> dict[str, str]:
        return dict(self.database.execute("SELECT id, document FROM documents").fetchall())

    def take(self, page: Json) -> None:
        """Bring the copy up to a page of changes, wholly or not at all."""
        after = self.after
        self.database.execute("BEGIN IMMEDIATE")
        for change in page["items"]:
            after += 1
            if change["seq"] != after:
                message = f"The change {change['seq']} follows on {after - 1}."
                raise AssertionError(message)
            document = change["document"]
            if document is None:
                self.database.execute("DELETE FROM documents WHERE id = ?", [change["id"]])
            else:
                self.database.execute(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)",
                    [change["id"], change["type"], json_of(document)],
                )
        self.database.execute("DELETE FROM place")
        self.database.execute("INSERT INTO place VALUES (?)", [after])
        self.database.execute("COMMIT")

    def close(self) -> None:
        self.database.close()


def json_of(document: Json) -> str:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


def follow(url: str, file: Path) -> None:
    """Never returns."""
    copy = Copy(file)
    with httpx2.Client(base_url=url, timeout=WAIT_SECONDS + 10) as client:
        while True:
            asked: dict[str, str | int] = {
                "after": copy.after,
                "include": "document",
                "wait": WAIT_SECONDS,
                "limit": LIMIT,
            }
            try:
                answer = client.get("/v1/changes", params=asked)
            except httpx2.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code == 200:
                copy.take(answer.json())
            else:
                time.sleep(0.1)


if __name__ == "__main__":
    follow(sys.argv[1], Path(sys.argv[2]))
