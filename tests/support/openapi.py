"""The OpenAPI document as its readers take it: what it refers to in the place of the reference."""

from typing import Any

SHARED = ("responses", "parameters", "headers", "links", "examples")
"""What is referred to here; schemas stay references, because they refer to each other in rings."""

Json = Any


def written_out(document: Json) -> Json:
    """The document with every shared part of its operations written where it is meant."""
    return {**document, "paths": resolved(document["paths"], document["components"])}


def resolved(part: Json, components: Json) -> Json:
    if isinstance(part, list):
        return [resolved(each, components) for each in part]
    if not isinstance(part, dict):
        return part
    section, _, name = part.get("$ref", "").removeprefix("#/components/").partition("/")
    if section in SHARED:
        return resolved(components[section][name], components)
    return {name: resolved(each, components) for name, each in part.items()}
