"""Rows without a session: what a record should consist of, before or beside the database.

A plain row has the attributes of its model and costs a tenth of it to make. Columns that nobody
set read as their defaults. A neighbour is narrower: it has what it was given, and whatever else is
asked of it fails loudly, as a relationship does that was not loaded.
"""

from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from app.models.base import DateField


class Plain:
    """The base of all plain rows."""

    model: Any
    """The model whose row it would be."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)


def model_of(row: Any) -> Any:
    """The model of a row, plain or not."""
    return row.model if isinstance(row, Plain) else type(row)


def part_relations(mapper: Mapper[Any]) -> list[Any]:
    """The relationships to rows that live and die with their record."""
    return [each for each in mapper.relationships if each.cascade.delete_orphan]


def date_fields(model: Any) -> dict[str, DateField]:
    return {
        name: field
        for owner in reversed(model.__mro__)
        for name, field in vars(owner).items()
        if isinstance(field, DateField)
    }


@cache
def neighbour(model: Any) -> type[Plain]:
    """The class of rows that have only what they were given."""
    return type(model.__name__, (Plain,), {"model": model, **date_fields(model)})


@cache
def plain(model: Any) -> type[Plain]:
    """The class of rows that have every column, by its default if not otherwise, and their parts.

    A neighbour that was not put there is missing, loudly.
    """
    mapper = inspect(model)
    members: dict[str, Any] = {}
    for column in mapper.column_attrs:
        default = column.columns[0].default
        members[column.key] = default.arg if default is not None and default.is_scalar else None
    members.update({relation.key: () for relation in part_relations(mapper)})
    return type(model.__name__, (neighbour(model),), members)


@cache
def keys_of(model: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a model's columns, and of the relationships to its parts."""
    mapper = inspect(model)
    return (
        tuple(column.key for column in mapper.column_attrs),
        tuple(relation.key for relation in part_relations(mapper)),
    )


def mapped(row: Any) -> Any:
    """The same as a row of the model, with its parts, for a session to take in."""
    columns, relations = keys_of(row.model)
    given = vars(row)
    content = {name: given[name] for name in columns if name in given}
    parts = {name: [mapped(part) for part in given.get(name, ())] for name in relations}
    return row.model(**content, **parts)
