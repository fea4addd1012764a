"""What the last run over a data set loaded; apart from the loader, so that a start is quick."""

from sqlalchemy import Engine, text


def last_content_hash(engine: Engine, dataset: str) -> str | None:
    """The hash of the content that the last run over a data set loaded; None before the first."""
    statement = text(
        "SELECT content_hash FROM import_runs WHERE dataset = :dataset ORDER BY number DESC LIMIT 1"
    )
    with engine.connect() as connection:
        found = connection.scalar(statement, {"dataset": dataset})
    return None if found is None else str(found)
