"""What there is of each data set is told without a look at its records."""

from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects import postgresql, sqlite

from app.models import RECORDS
from app.queries.status import RECORDS_OF_DATASETS
from tests.support.plans import nodes, scans

TABLES = [model.__table__.name for model in RECORDS.values()]  # type: ignore[attr-defined]


def sent(dialect: Dialect) -> str:
    compiled: Any = RECORDS_OF_DATASETS.compile(
        dialect=dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    return str(compiled)


def test_sqlite_looks_up_days_in_indexes(sqlite_filled: Engine) -> None:
    with sqlite_filled.connect() as connection:
        sql = f"EXPLAIN QUERY PLAN {sent(sqlite.dialect())}"
        steps = [row[3] for row in connection.exec_driver_sql(sql)]
    assert [step for table in TABLES for step in scans(steps, table)] == []
    looked_up = [step for step in steps if step.split()[1] in TABLES]
    # Two bounds of six kinds whose days count.
    assert len(looked_up) == 12, steps
    assert all("days (dataset=?" in step for step in looked_up), looked_up


def test_postgres_looks_up_days_in_indexes(postgres_filled: Engine) -> None:
    with postgres_filled.connect() as connection:
        for each in ("seqscan", "bitmapscan", "sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{each} = off")
        sql = f"EXPLAIN (FORMAT JSON) {sent(postgresql.dialect())}"  # type: ignore[no-untyped-call]
        plan = connection.exec_driver_sql(sql).scalar_one()
    read = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") in TABLES]
    assert len(read) == 12, read
    for node in read:
        assert node["Index Name"].endswith("days"), node
        assert "dataset" in node["Index Cond"], node
