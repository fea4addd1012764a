"""What a measurement found: a row of figures, the goal that it is held against, and its file.

Every stage leaves its rows in a file of its own, so that one stage can be measured again without
the others; `benchmarks.report` makes the page of what lies there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.goals import goal_of


@dataclass(frozen=True)
class Row:
    """One figure. `beside` holds what else was seen: percentiles, processor time, memory."""

    stage: str
    name: str
    engine: str
    figure: float
    unit: str
    goal: str | None = None
    met: bool | None = None
    does: str = ""
    beside: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """The rows of one stage on one engine, and where and on what they were measured."""

    stage: str
    engine: str
    context: Mapping[str, str]
    rows: tuple[Row, ...]


def row(
    stage: str,
    name: str,
    engine: str,
    figure: float,
    unit: str,
    *,
    does: str = "",
    beside: Mapping[str, float] | None = None,
) -> Row:
    """A row held against the goal that the issue names for it, if it names one."""
    goal = goal_of(stage, name, engine)
    return Row(
        stage,
        name,
        engine,
        figure,
        unit,
        None if goal is None else str(goal),
        None if goal is None else goal.is_met(figure),
        does,
        beside or {},
    )


def write(folder: Path, result: Result) -> Path:
    """The result in its file, in place of the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result.stage}-{result.engine}.json"
    text = json.dumps(asdict(result), indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def read(file: Path) -> Result:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Result(
        found["stage"],
        found["engine"],
        found["context"],
        tuple(Row(**each) for each in found["rows"]),
    )


def read_all(folder: Path, stages: Iterable[str]) -> list[Result]:
    """All results that lie in a folder, in the order of the stages, SQLite's first."""
    order = {name: number for number, name in enumerate(stages)}
    found = [read(file) for file in folder.glob("*.json")]
    known = [each for each in found if each.stage in order]
    return sorted(known, key=lambda each: (order[each.stage], each.engine != "sqlite"))
