"""Tags over time: a tag changes when and only when the body does, whatever was changed.

The tests of an engine share a database, and each begins with what is there.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from app.cli import SEED_DIRECTORY
from app.database.engines import make_engine
from app.importers.loader import load_batch
from app.importers.reports import Report
from app.importers.seed import read
from app.record.recorder import Change
from tests.conftest import copy_of_seed, serving
from tests.support.api import ENGINES, Api, asking
from tests.test_caching import ADDRESSES, XI

Load = Callable[..., Report]


@pytest.fixture(scope="module", params=ENGINES)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server of this module's own."""
    with (
        copy_of_seed(request, tmp_path_factory.mktemp("own")) as url,
        serving(url) as server,
        asking(server) as api,
    ):
        yield api


@pytest.fixture
def load(own: Api, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Loads records into the database of that server."""

    def load(**sections: list[dict[str, Any]]) -> Report:
        folder = tmp_path_factory.mktemp("change")
        (folder / "records.yaml").write_text(yaml.safe_dump(sections, allow_unicode=True))
        engine = make_engine(own.server.database_url)
        report = load_batch(engine, read(folder), dataset="seed", change=Change(actor="tests"))
        engine.dispose()
        return report

    return load


@cache
def shipped(noun: str, slug: str) -> dict[str, Any]:
    """A record of the seed's files."""
    path = SEED_DIRECTORY / "blinken-beijing-2023" / f"{noun}.yaml"
    records = yaml.safe_load(path.read_text(encoding="utf-8"))[noun]
    found: dict[str, Any] = next(each for each in records if each["slug"] == slug)
    return found


def answers(api: Api) -> dict[str, tuple[str, bytes]]:
    found = {}
    for address in ADDRESSES:
        answer = api.http.get(address)
        assert answer.status_code == 200
        found[address] = (answer.headers["etag"], answer.content)
    return found


class TestChange:
    def changed(self, api: Api, before: dict[str, tuple[str, bytes]]) -> set[str]:
        """The addresses with another body than before; their tags differ, and no other's."""
        after = answers(api)
        for address, (tag, body) in after.items():
            assert (tag != before[address][0]) == (body != before[address][1]), address
        return {address for address in ADDRESSES if after[address][1] != before[address][1]}

    def test_loading_the_same_again_changes_no_tag(self, own: Api, load: Load) -> None:
        before = answers(own)
        load(officials=[shipped("officials", "qin-gang")], meetings=[shipped("meetings", XI)])
        assert self.changed(own, before) == set()

    def test_another_title_changes_what_shows_it(self, own: Api, load: Load) -> None:
        before = answers(own)
        meeting = {**shipped("meetings", XI), "title": "Courtesy call on Xi Jinping"}
        assert load(meetings=[meeting]).counts["updated"] == 1
        changed = self.changed(own, before)
        assert {
            *("/v1/meetings", "/v1/commitments", f"/v1/meetings/{XI}"),
            *("/v1/visits?include=meetings", "/v1/visits?include=statements"),
            *("/v1/officials/xi-jinping/meetings", f"/v1/meetings/{XI}?fields=title,rev"),
        } <= changed
        assert changed.isdisjoint(
            {
                *("/v1/visits", "/v1/officials", "/v1/topics/taiwan", "/v1/meetings?limit=1"),
                *("/v1/meetings?fields=slug", f"/v1/meetings/{XI}?fields=slug"),
                *("/v1/meetings?fields=title&limit=2", "/v1/meetings?city=nowhere"),
            }
        )

    def test_another_name_changes_what_its_neighbours_show(self, own: Api, load: Load) -> None:
        before = answers(own)
        official = shipped("officials", "xi-jinping")
        names = [{**official["names"][0], "name": "Xi Jin-ping"}, *official["names"][1:]]
        report = load(officials=[{**official, "name": "Xi Jin-ping", "names": names}])
        assert report.counts["updated"] == 1
        assert report.republished > 10
        changed = self.changed(own, before)
        assert {"/v1/meetings", "/v1/statements", "/v1/positions", f"/v1/meetings/{XI}"} <= changed
        # Where he is called 习近平 nothing is to be seen of it.
        assert changed.isdisjoint(
            {
                *(f"/v1/meetings/{XI}?lang=zh", "/v1/officials/xi-jinping/meetings?lang=zh"),
                *("/v1/officials?lang=zh&fields=name", f"/v1/meetings/{XI}?fields=title,rev"),
                *("/v1/visits", "/v1/officials/wang-yi/positions?limit=2"),
            }
        )

    def test_another_name_in_chinese_changes_what_is_shown_in_chinese(
        self, own: Api, load: Load
    ) -> None:
        before = answers(own)
        official = shipped("officials", "antony-blinken")
        names = [{**official["names"][-1], "name": "安东尼·布林肯"}]
        load(officials=[{**official, "names": [*official["names"][:-1], *names]}])
        assert self.changed(own, before) == {
            *("/v1/officials", "/v1/meetings?lang=zh", f"/v1/meetings/{XI}?lang=zh"),
            *("/v1/officials?as_of=2023-06-19", "/v1/officials?as_of=1970-01-01"),
            *("/v1/officials?lang=zh&fields=name", "/v1/officials/xi-jinping/meetings?lang=zh"),
            "/v1/officials/qin-gang/statements?include=officials",
        }

    def test_a_new_record_changes_the_lists_and_counts_that_it_is_in(
        self, own: Api, load: Load
    ) -> None:
        before = answers(own)
        new = {
            "id": "01a30000-0000-7000-8000-00000000f001",
            "slug": "another-meeting",
            "title": "Another meeting",
            "format": "bilateral",
            "status": "held",
            "date": "2024-04-26",
            "citations": ["eir"],
        }
        load(meetings=[new])
        assert self.changed(own, before) == {
            *("/v1/meetings", "/v1/meetings?count=exact", "/v1/meetings?include=sources"),
            *("/v1/meetings?include=statements.sources,commitments", "/v1/meetings?lang=zh"),
            *("/v1/meetings?lang=de", "/v1/meetings?fields=slug"),
        }

    def test_what_moves_from_one_parent_to_another_changes_the_list_of_both(
        self, own: Api, load: Load
    ) -> None:
        """The meeting takes its statement along, whose own document says nothing of the visit."""
        visits: list[dict[str, Any]] = [
            {
                "id": f"01a30000-0000-7000-8000-00000000f10{number}",
                "slug": f"visit-{number}",
                "title": "A visit",
                "status": "held",
                "citations": ["eir"],
            }
            for number in (1, 2)
        ]
        meeting: dict[str, Any] = {
            "id": "01a30000-0000-7000-8000-00000000f201",
            "slug": "moving",
            "title": "A meeting",
            "format": "bilateral",
            "status": "held",
            "citations": ["eir"],
        }
        statement = {
            "id": "01a30000-0000-7000-8000-00000000f301",
            "speaker": {"party": "US"},
            "text": "So it goes.",
            "language": "en",
            "wording": "reported",
            "meeting": "moving",
            "citations": ["eir"],
        }
        load(visits=visits, meetings=[meeting], statements=[statement])
        load(meetings=[{**meeting, "visit": "visit-1"}])
        before = own.get("/v1/visits", include="statements")
        load(meetings=[{**meeting, "visit": "visit-2"}])
        after = own.get("/v1/visits", include="statements")
        assert [len(each["statements"]) for each in before.json()["items"]] == [48, 1, 0]
        assert [len(each["statements"]) for each in after.json()["items"]] == [48, 0, 1]
        assert after.headers["etag"] != before.headers["etag"]
