"""A word that is said often and one that hardly ever is, from the statements of a database."""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from sqlalchemy import select

from app.models import Meeting, Statement
from benchmarks.databases import opened

SAMPLE = 20_000
WORD = re.compile(r"[a-z0-9]{4,}")


class Words(NamedTuple):
    common: str
    rare: str


@cache
def words(url: str) -> Words:
    """Of a sample of statements, or of the titles of meetings where nothing was said."""
    texts = select(Statement.text).order_by(Statement.id).limit(SAMPLE)
    titles = select(Meeting.title).order_by(Meeting.id).limit(SAMPLE)
    with opened(url) as engine, engine.connect() as connection:
        found = list(connection.scalars(texts)) or list(connection.scalars(titles))
    often = Counter(word for each in found for word in set(WORD.findall(each.lower())))
    ranked = [word for word, _ in sorted(often.items(), key=lambda each: (-each[1], each[0]))]
    return Words(ranked[0], ranked[-1])
