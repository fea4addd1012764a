"""What the benchmark makes of its figures. That it measures well is for `make bench` to show."""

from contextlib import closing
from pathlib import Path

import orjson
import pytest
from sqlalchemy import make_url

from app.database.engines import SQLITE_MODULE, sqlite_path
from benchmarks import generator, report
from benchmarks.contenders.json_in_sql import MEETING as MEETING_IN_SQL
from benchmarks.databases import sources
from benchmarks.goals import GOALS
from benchmarks.load import loaded, read_wrk
from benchmarks.machine import ROOT, cpu_seconds
from benchmarks.rows import Result, Row, read_all, row, write
from benchmarks.sameness import Document, Unlike, compare, told
from benchmarks.stages import STAGES

CONTEXT = {"date": "2026-01-02", "commit": "abc", "sizes": "meetings 10"}
MEETING: Document = {"id": "1", "title": "Talks", "participants": [{"name_as_given": "Ann"}]}


def pages(far: float) -> Result:
    rows = (
        row("pages", "page 1", "sqlite", 0.5, "ms", beside={"p99 ms": 1234.0}),
        row("pages", "the far page against page 1", "sqlite", far, "×", does="jumps | there"),
    )
    return Result("pages", "sqlite", CONTEXT, rows)


def test_a_row_is_held_against_the_goal_of_its_name_and_engine() -> None:
    assert row("rename", "renaming an official", "sqlite", 4, "s").met is False
    assert row("rename", "renaming an official", "postgresql", 4, "s").met is True
    assert row("reads", "list, varied filters", "sqlite", 0.25, "of bare").met is True
    free = row("rename", "anything else", "sqlite", 4, "s")
    assert (free.goal, free.met) == (None, None)


def test_every_goal_is_one_of_a_stage_that_is_measured_on_that_engine() -> None:
    for stage, _, engine in GOALS:
        assert engine in STAGES[stage].engines


def test_what_is_missed_is_said_plainly_and_first() -> None:
    lines = report.report([pages(far=1.3)], STAGES).splitlines()
    told = [line for line in lines if line.startswith("| pages: the far page")]
    assert told[0] == (
        "| pages: the far page against page 1 | SQLite | ≤ 1.2 × | 1.3 × | **missed** |"
    )
    assert lines[lines.index("|---|---|---|---|---|") + 1] == told[0]
    assert told[1].endswith("| not measured |"), "PostgreSQL was not measured"


def test_what_is_reached_is_said_after_what_is_not() -> None:
    lines = report.report([pages(far=1.1)], STAGES).splitlines()
    goals = [line for line in lines if line.startswith("| pages: ")]
    assert [line.split(" | ")[-1] for line in goals] == ["not measured |", "met |"]


def test_a_table_has_a_column_for_all_that_was_seen() -> None:
    text = report.report([pages(far=1.3)], STAGES)
    assert "|  | figure | p99 ms | goal | at request time |" in text
    assert "| page 1 | 0.5 ms | 1,234 |  |  |" in text
    said = r"| the far page against page 1 | 1.3 × |  | ≤ 1.2 ×, **missed** | jumps \| there |"
    assert said in text


def test_what_all_stages_have_in_common_is_said_once() -> None:
    other = Result("startup", "sqlite", {**CONTEXT, "commit": "def"}, ())
    text = report.report([pages(far=1.3), other], STAGES)
    assert text.count("date: 2026-01-02; sizes: meetings 10") == 1
    assert text.count("commit: abc") == text.count("commit: def") == 1


def test_figures_take_the_place_of_those_before_and_of_nothing_else() -> None:
    page = f"# Title\n\n{report.BEGIN}\n\nold\n\n{report.END}\n\nThe end.\n"
    once = report.put_into(page, "new")
    assert once == f"# Title\n\n{report.BEGIN}\n\nnew\n\n{report.END}\n\nThe end.\n"
    assert report.put_into(once, "new") == once


def test_a_page_without_a_place_for_figures_is_refused() -> None:
    with pytest.raises(report.NoMarks):
        report.put_into(f"# Title\n\n{report.BEGIN}\n", "new")


def test_the_page_has_a_place_for_figures() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert report.put_into(page, "new") != page


def test_results_are_kept_by_stage_and_told_in_the_order_of_the_stages(tmp_path: Path) -> None:
    last = Result("startup", "sqlite", CONTEXT, (Row("startup", "a", "sqlite", 1.0, "s"),))
    other = Result("pages", "postgresql", CONTEXT, ())
    for result in (last, other, pages(far=1.3), pages(far=1.1)):
        write(tmp_path, result)
    assert read_all(tmp_path, STAGES) == [pages(far=1.1), other, last]


def test_what_wrk_counted_is_read() -> None:
    said = "Running 1s test\ncounted 2000 1000000 1500 7250 0\n"
    found = read_wrk(said)
    assert (found.rate, found.p50_ms, found.p99_ms) == (2000, 1.5, 7.25)


@pytest.mark.parametrize("said", ["counted 2000 1000000 1500 7250 3\n", "unable to connect"])
def test_answers_that_are_errors_are_no_measurement(said: str) -> None:
    with pytest.raises(RuntimeError):
        read_wrk(said)


def test_a_spell_of_load_knows_its_percentiles() -> None:
    found = loaded([each / 1000 for each in range(1, 1001)], 2.0)
    assert found.rate == 500
    assert found.p50_ms == pytest.approx(500, rel=0.01)
    assert found.p99_ms == pytest.approx(990, rel=0.01)


def test_contenders_that_show_other_records_are_not_measured() -> None:
    with pytest.raises(Unlike, match="Other"):
        compare("Other", [MEETING], [])
    second = {**MEETING, "id": "2"}
    with pytest.raises(Unlike):
        compare("Other", [MEETING, second], [second, MEETING])


def test_contenders_that_show_other_people_are_not_measured() -> None:
    with pytest.raises(Unlike, match="participants"):
        compare("Other", [MEETING], [{**MEETING, "participants": []}])


def test_what_else_is_otherwise_is_told() -> None:
    assert compare("Same", [MEETING], [dict(MEETING)]) == set()
    lacking = {key: MEETING[key] for key in ("id", "participants")}
    assert compare("Other", [MEETING], [lacking]) == {"title"}
    assert told({"title", "place"}) == " (with other place, title)"
    assert told(set()) == ""


def test_sqlite_can_build_the_documents_when_they_are_asked_for(sqlite_seed: str) -> None:
    query = f"SELECT {MEETING_IN_SQL}, body FROM meetings m JOIN documents d ON d.seq = m.seq"
    with closing(SQLITE_MODULE.connect(sqlite_path(make_url(sqlite_seed)))) as database:
        rows = [tuple(map(orjson.loads, row)) for row in database.execute(query)]
    assert rows
    for built, published in rows:
        differing = {key for key in built if built[key] != published.get(key)}
        assert differing <= {"conflicts"}


def test_a_database_is_of_all_that_the_generator_uses() -> None:
    folder = Path(generator.__file__).parent
    used = {"generator.py", "people.py", "gatherings.py", "wording.py"}
    assert {file.name for file in sources(folder / "generator.py")} >= used


def test_a_process_that_is_gone_has_used_nothing() -> None:
    assert cpu_seconds(2**22 + 1) == 0.0
