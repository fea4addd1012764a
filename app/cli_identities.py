"""`chancery identities`: officials that may be one person, for an editor to decide on."""

import json
from typing import TYPE_CHECKING, Any

import click

from app.terminal import clear_failures, engine_of, settings_or_fail

if TYPE_CHECKING:
    from app.editing.persons import Known
    from app.editing.resembling import Candidate

MOST_TITLES = 3


@click.group()
def identities() -> None:
    """Look for officials that are in the record twice."""


@identities.command()
@click.option(
    "--min-score",
    type=click.IntRange(0, 100),
    default=85,
    show_default=True,
    help="How alike two officials must be, from 0 to 100.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many pairs to show, those with the highest scores first.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def review(*, min_score: int, limit: int, as_json: bool) -> None:
    """List pairs of officials that may be one person, with a score and the reasons for it.

    Nothing is merged. To merge a pair, POST to the address that is shown with it, with a key that
    has the scope delete; `/unmerge` undoes it exactly.
    """
    settings = settings_or_fail()
    with clear_failures(), engine_of(settings) as engine:
        from sqlalchemy.orm import Session  # noqa: PLC0415

        from app.database.engines import reading  # noqa: PLC0415
        from app.database.migrations import ensure_current  # noqa: PLC0415
        from app.editing.persons import persons  # noqa: PLC0415
        from app.editing.resembling import candidates  # noqa: PLC0415

        ensure_current(engine)
        with reading(engine) as connection, Session(connection) as session:
            found = candidates(persons(session), min_score)
    shown = found[:limit]
    if as_json:
        report = {"found": len(found), "candidates": [in_json(each) for each in shown]}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    for each in shown:
        click.echo(in_words(each))
    more = f", the first {len(shown)} of which are shown" if len(found) > len(shown) else ""
    click.echo(f"{len(found)} pair(s) may be one person each{more}.")
    if shown:
        click.echo(
            "To merge a pair, send the line that begins with POST, with a key that has the scope "
            "delete; POST …/unmerge undoes it."
        )


def address(candidate: "Candidate") -> str:
    return f"/v1/officials/{candidate.goes.slug}/merge"


def in_words(candidate: "Candidate") -> str:
    lines = [f"{candidate.score}  {'; '.join(candidate.reasons)}"]
    lines += [f"    {described(each)}" for each in (candidate.stays, candidate.goes)]
    body = json.dumps({"into": candidate.stays.slug})
    return "\n".join([*lines, f"    POST {address(candidate)} {body}"])


def described(known: "Known") -> str:
    from app.editing.resembling import years_of  # noqa: PLC0415

    lived = "–".join((known.birth.stated or "?", known.death.stated or "?"))
    parts = [
        f"{known.slug} ({known.id})",
        known.name if lived == "?–?" else f"{known.name} ({lived})",
        ", ".join(known.parties) or "no party",
        years_of(known),
        ", ".join(list(known.titles)[:MOST_TITLES]) or "no title",
        ", ".join(
            f"{scheme}:{value}"
            for scheme, values in sorted(known.identifiers.items())
            for value in sorted(values)
        ),
    ]
    return " · ".join(filter(None, parts))


def in_json(candidate: "Candidate") -> dict[str, Any]:
    return {
        "score": candidate.score,
        "reasons": list(candidate.reasons),
        "stays": official(candidate.stays),
        "goes": official(candidate.goes),
        "merge": {
            "method": "POST",
            "path": address(candidate),
            "body": {"into": candidate.stays.slug},
        },
    }


def official(known: "Known") -> dict[str, Any]:
    return {
        "id": known.id,
        "slug": known.slug,
        "name": known.name,
        "names": list(known.names.values()),
        "birth": known.birth.stated,
        "death": known.death.stated,
        "titles": list(known.titles),
        "parties": list(known.parties),
        "identifiers": {
            scheme: sorted(values) for scheme, values in sorted(known.identifiers.items())
        },
        "active_from": known.first and known.first.isoformat(),
        "active_until": known.last and known.last.isoformat(),
    }
