"""A stop that comprises several localities: how it is written, shown and found."""

from typing import Any

from sqlalchemy import func, select

from app.models import StopLocality
from app.vocabulary import RecordKind
from tests.support.editing import Desk, consistent

Json = Any
STOP: Json = {
    "place": {"name": "Shanghai, Peking", "country": "CN"},
    "localities": [{"city": "Shanghai"}, {"name": "Peking", "city": "Beijing"}],
    "date": "1972-02-21/1972-02-28",
}
SHOWN = [{"name": None, "city": "Shanghai"}, {"name": "Peking", "city": "Beijing"}]
VISIT: Json = {"title": "A journey", "status": "held", "citations": ["eir"], "stops": [STOP]}


def rows(desk: Desk) -> int:
    with desk.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(StopLocality)) or 0


def test_each_locality_is_shown_in_the_order_given(desk: Desk) -> None:
    (stop,) = desk.create(RecordKind.VISIT, VISIT)["stops"]
    assert stop["localities"] == SHOWN
    assert stop["place"]["name"] == "Shanghai, Peking"
    assert stop["place"]["city"] is None
    consistent(desk.engine)


def test_a_patch_of_a_stop_keeps_changes_or_takes_away_its_localities(desk: Desk) -> None:
    before = rows(desk)
    (stop,) = desk.create(RecordKind.VISIT, VISIT)["stops"]
    dated = {"id": stop["id"], "date": "1972-02"}
    (after,) = desk.patch(RecordKind.VISIT, "a-journey", {"stops": [dated]})["stops"]
    assert after["localities"] == SHOWN
    turned = {"id": stop["id"], "localities": [STOP["localities"][1], STOP["localities"][0]]}
    (after,) = desk.patch(RecordKind.VISIT, "a-journey", {"stops": [turned]})["stops"]
    assert after["localities"] == SHOWN[::-1]
    assert rows(desk) == before + 2
    none = {"id": stop["id"], "localities": []}
    (after,) = desk.patch(RecordKind.VISIT, "a-journey", {"stops": [none]})["stops"]
    assert after["localities"] == []
    assert rows(desk) == before
    consistent(desk.engine)


def test_a_locality_needs_a_city(desk: Desk) -> None:
    nameless = {**STOP, "localities": [{"name": "Peking"}]}
    flaws = desk.flaws(desk.create, RecordKind.VISIT, {**VISIT, "stops": [nameless]})
    assert list(flaws) == ["/stops/0/localities/0/city"]
