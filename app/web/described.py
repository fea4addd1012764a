"""Query models as the parameters of an OpenAPI document."""

from functools import cache
from typing import Any

from fastapi import Path

from app.schemas.filters import ListFilters, Parameters
from app.schemas.parsing import repeatable


def record_path(description: str, example: Any) -> Any:
    """For a path: a record's id, slug or code. Said and not checked: what cannot be one is 404."""
    form = {"minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9-]+$"}
    return Path(description=description, examples=[example], json_schema_extra=form)


@cache
def described(model: type[Parameters]) -> tuple[dict[str, Any], ...]:
    """One parameter object for each field: the list's own filters first, then what all take.

    Lists are comma-separated (`explode: false`), except those that may be given several times.
    Closed lists of values are written out, so that nothing depends on the document's components.
    """
    schema = model.model_json_schema()
    parts = schema.get("$defs", {})
    names = sorted(model.model_fields, key=lambda name: name in ListFilters.model_fields)
    required = schema.get("required", ())
    return tuple(
        parameter(
            name,
            resolved(schema["properties"][name], parts),
            required=name in required,
            explode=name in repeatable(model),
        )
        for name in names
    )


def parameter(
    name: str, schema: dict[str, Any], *, required: bool, explode: bool
) -> dict[str, Any]:
    schema = without_null(schema)
    said: dict[str, Any] = {"name": name, "in": "query", "required": required}
    if description := schema.pop("description", None):
        said["description"] = description
    if schema.get("type") == "array":
        said |= {"style": "form", "explode": explode}
    if "examples" in schema:
        schema["examples"] = [read(text, schema) for text in schema["examples"]]
    return {**said, "schema": schema}


def read(example: Any, schema: dict[str, Any]) -> Any:
    """Examples are written as they are sent; the schema speaks of what that text stands for."""
    if not isinstance(example, str):
        return example
    if schema.get("type") == "array":
        return example.split(",")
    return {"true": True, "false": False}[example] if schema.get("type") == "boolean" else example


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query cannot say null: what may be null may be left out."""
    kept = {name: value for name, value in schema.items() if name != "anyOf"}
    if kept.get("default", 0) is None:
        del kept["default"]
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept


def resolved(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema with its references written out, and without the titles made from names."""
    if isinstance(schema, list):
        return [resolved(part, parts) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = parts[schema["$ref"].rpartition("/")[2]]
        return resolved({**target, **{k: v for k, v in schema.items() if k != "$ref"}}, parts)
    return {name: resolved(part, parts) for name, part in schema.items() if name != "title"}
