"""Records as they stood at some time: a photo album of the whole, held against the log.

After each of several rounds of random edits every record is photographed, with everything that
can be included in it; at the end the same is asked for again as it was known at each round.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from app.database.engines import make_engine
from app.models import Statement
from app.queries.resources import RESOURCES
from app.schemas.parsing import allowed_values
from tests.conftest import scratch_postgres, serving
from tests.support.api import ENGINES, NOUNS, Api, asking
from tests.support.edits import delete_at, edit_at, restore_at

Json = Any
ROUNDS = 6
BEFORE = datetime(2031, 1, 1, tzinfo=UTC)
"""After the seed was loaded, and before the first round."""

COMES_AND_GOES = "01a30000-0000-7000-8000-000000000806"
"""A statement of the crowd that is deleted, restored and deleted again."""


class Photo(NamedTuple):
    """What an address answered: the record and its tag, or why there is none."""

    status: int
    tag: str | None
    content: Any


class Album(NamedTuple):
    api: Api
    engine: Engine
    photos: dict[datetime, dict[str, Photo]]
    """By instant and address."""


def addresses(noun: str, record_id: str) -> Iterator[str]:
    """Ways to look at a record: as it is, with all that there is, and taken apart."""
    resource, path = RESOURCES[noun], f"/v1/{noun}/{record_id}"
    every = ",".join(allowed_values(resource.filters, "include"))
    include = f"include={every}&" if every else ""
    day = "as_of=2023-06-19&" if "as_of" in resource.filters.model_fields else ""
    some = ("id", "rev", "name", "names", "participants", "speaker", "date", "positions")
    kept = ",".join(name for name in some if name in resource.read.model_fields)
    yield f"{path}?"
    yield f"{path}?{include}{day}"
    yield f"{path}?{include}fields={kept}&lang=zh&"
    if noun in ("meetings", "visits"):
        yield f"{path}/accounts?"
    if noun == "commitments":
        yield f"{path}/history?"


def photograph(api: Api, address: str) -> Photo:
    answer = api.http.get(address)
    if answer.status_code == 200:
        return Photo(200, answer.headers["etag"], answer.content)
    return Photo(answer.status_code, None, answer.json().get("revision"))


def at(instant: datetime) -> str:
    return f"known_at={instant.isoformat().replace('+00:00', 'Z')}"


def take_photos(api: Api, ids: dict[str, set[str]]) -> dict[str, Photo]:
    """Photos of every record that there is or was; `ids` are those seen before, by noun."""
    for noun in NOUNS:
        ids[noun].update(each["id"] for each in api.walk(f"/v1/{noun}", limit=200))
    return {
        address: photograph(api, address)
        for noun in NOUNS
        for record_id in sorted(ids[noun])
        for address in addresses(noun, record_id)
    }


@pytest.fixture(scope="module", params=ENGINES)
def album(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Album]:
    """The seed and the crowd, edited in rounds a day apart, and photographed after each."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("album") / "chancery.db"
        shutil.copyfile(request.getfixturevalue("sqlite_crowd_template"), path)
        yield from filled(f"sqlite:///{path}")
        return
    base_url = request.getfixturevalue("postgres_base_url")
    template = request.getfixturevalue("postgres_crowd_template")
    with scratch_postgres(base_url, template) as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Album]:
    dice, engine = Random(4), make_engine(url)
    ids: dict[str, set[str]] = {noun: set() for noun in NOUNS}
    with serving(url, read_timeout_seconds=10) as server, asking(server) as api:
        photos = {BEFORE: take_photos(api, ids)}
        for number in range(1, ROUNDS + 1):
            instant = BEFORE + timedelta(days=number)
            edit_at(engine, instant, dice=dice, number=number)
            later = instant + timedelta(hours=1)
            if number in (2, 5):
                delete_at(engine, later, Statement, COMES_AND_GOES)
            if number == 3:
                restore_at(engine, later, Statement, COMES_AND_GOES)
            photos[instant + timedelta(hours=12)] = take_photos(api, ids)
        yield Album(api, engine, photos)
    engine.dispose()


def test_what_was_photographed_then_is_what_was_known_then(album: Album) -> None:
    statuses = set()
    for instant, photos in album.photos.items():
        for address, photo in photos.items():
            assert photograph(album.api, address + at(instant)) == photo, (address, instant)
            statuses.add(photo.status)
    assert statuses == {200, 410}


def test_the_rounds_changed_what_is_included_in_most_records(album: Album) -> None:
    """Or the test before would show nothing."""
    first, *_, last = album.photos.values()
    assert len(last) > len(first)
    for noun in ("visits", "meetings", "statements", "commitments", "positions"):
        seen = [each for each in first if each.startswith(f"/v1/{noun}/") and "include=" in each]
        differing = [each for each in seen if first[each] != last[each]]
        assert len(differing) > len(seen) / 2, noun


def test_what_was_not_recorded_yet_is_not_found(album: Album) -> None:
    first, *_, last = album.photos.values()
    later = [each for each in last if each not in first and each.endswith("?")]
    assert len(later) > ROUNDS
    for address in later:
        assert photograph(album.api, address + at(BEFORE)).status == 404
