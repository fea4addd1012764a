"""The page of figures: what was measured, beside what was to be reached.

A page that is written by hand has two marks; what stands between them is made here of the files
that the stages left. What was missed is said plainly, and first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.goals import GOALS
from benchmarks.rows import Result, Row
from benchmarks.run import Stage

BEGIN = "<!-- figures: made by `make bench-full` -->"
END = "<!-- end of the figures -->"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "any": "–"}
MEASURED_ON = ("date", "commit", "machine", "system", "SQLite", "PostgreSQL", "packages", "others")
"""The order in which it is said on what something was measured; the rest follows."""


class NoMarks(ValueError):
    """The page has no place for the figures."""


def put_into(page: str, figures: str) -> str:
    """The page with the figures between its marks, in place of those that were there."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = f"The page needs the lines {BEGIN} and {END}."
        raise NoMarks(message)
    return f"{before}{BEGIN}\n\n{figures.strip()}\n\n{END}{after}"


def write_page(file: Path, figures: str) -> None:
    file.write_text(put_into(file.read_text(encoding="utf-8"), figures), encoding="utf-8")


def report(results: Sequence[Result], stages: Mapping[str, Stage]) -> str:
    """All that was measured, as Markdown."""
    if not results:
        return "Nothing was measured yet."
    first = results[0].context
    common = {
        name: said
        for name, said in first.items()
        if all(each.context.get(name) == said for each in results)
    }
    parts = ["### Goals", measured_on(common), "\n".join(goals(results))]
    for result in results:
        stage = stages[result.stage]
        engine = "" if result.engine == "any" else f", {ENGINES[result.engine]}"
        parts += [
            f"### {stage.name}{engine}",
            f"{stage.about}.",
            "\n".join(table(result.rows)),
        ]
        own = {name: said for name, said in result.context.items() if name not in common}
        parts += [measured_on(own)] * bool(own)
    return "\n\n".join(parts)


def goals(results: Iterable[Result]) -> Iterator[str]:
    """Every goal, with what was measured; what is missed comes first."""
    found = {(row.stage, row.name, row.engine): row for result in results for row in result.rows}
    yield from head(["", "database", "goal", "measured", ""])
    lines = []
    for (stage, name, engine), goal in GOALS.items():
        row = found.get((stage, name, engine))
        verdict = "not measured" if row is None else "met" if row.met else "**missed**"
        told = "" if row is None else figure(row.figure, row.unit)
        order = ("**missed**", "not measured", "met").index(verdict)
        lines.append(
            (order, cells([f"{stage}: {name}", ENGINES[engine], str(goal), told, verdict]))
        )
    for _, line in sorted(lines, key=lambda each: each[0]):
        yield line


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows of one stage, with a column for each thing that was seen beside the figure."""
    seen = list(dict.fromkeys(name for row in rows for name in row.beside))
    judged = any(row.goal for row in rows)
    said = any(row.does for row in rows)
    yield from head(["", "figure", *seen, *["goal"] * judged, *["at request time"] * said])
    for row in rows:
        verdict = "" if row.goal is None else row.goal if row.met else f"{row.goal}, **missed**"
        yield cells(
            [
                row.name,
                figure(row.figure, row.unit),
                *(number(row.beside[name]) if name in row.beside else "" for name in seen),
                *[verdict] * judged,
                *[row.does] * said,
            ]
        )


def head(names: Sequence[str]) -> list[str]:
    return [cells(names), "|" + "---|" * len(names)]


def cells(texts: Sequence[str]) -> str:
    escaped = [text.replace("|", r"\|") for text in texts]
    return f"| {' | '.join(escaped)} |"


def figure(value: float, unit: str) -> str:
    return f"{number(value)} {unit}".strip()


def number(value: float) -> str:
    """Three digits that count, or all before the point."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def measured_on(context: Mapping[str, str]) -> str:
    names = [*MEASURED_ON, *(name for name in context if name not in MEASURED_ON)]
    told = [f"{name}: {context[name]}" for name in names if name in context]
    return f"<small>{'; '.join(told)}</small>"


def plain(result: Result) -> Iterator[str]:
    """The same for a terminal."""
    engine = "" if result.engine == "any" else f", {ENGINES[result.engine]}"
    yield f"\n{result.stage}{engine}"
    width = max(len(row.name) for row in result.rows)
    for row in result.rows:
        beside = "  ".join(f"{name} {number(value)}" for name, value in row.beside.items())
        verdict = "" if row.goal is None else f"{'met' if row.met else 'MISSED'} ({row.goal})"
        yield f"  {row.name:{width}}  {figure(row.figure, row.unit):>18}  {verdict:26}  {beside}"
