"""What the OpenAPI document says more than once is written once, under `components`.

FastAPI writes every answer, parameter and header out at each operation that has it. Readers of
the document, above all the explorers, take as long as it has parts, so what is equal is put
under a name here and referred to: whole answers first, then parameters, then the headers, links
and examples of what is left.

A component is called what it is: a parameter or a header by its name, a problem by the name of
its status, another answer and the example of a record by the schema. Where one name stands for
several things, the one that most operations of several nouns have keeps it; one of a single noun
is `meetings.fields`, and any other is called after the first operation that has it,
`export_meetings.limit`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from app.queries.resources import RESOURCES

STATUSES = {
    "304": "NotModified",
    "308": "PermanentRedirect",
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "410": "Gone",
    "412": "PreconditionFailed",
    "413": "ContentTooLarge",
    "414": "URITooLong",
    "415": "UnsupportedMediaType",
    "422": "UnprocessableContent",
    "428": "PreconditionRequired",
    "429": "TooManyRequests",
    "431": "RequestHeaderFieldsTooLarge",
    "500": "InternalServerError",
    "503": "ServiceUnavailable",
    "507": "InsufficientStorage",
}
"""The names of RFC 9110, 6585 and 4918: those that Python gives have changed with its version."""

Json = dict[str, Any]


class Operation(NamedTuple):
    """`/v1/officials/{reference}/meetings` is of `meetings`, below `officials`."""

    id: str
    noun: str
    below: str


class Use(NamedTuple):
    """A place in the document: what stands in `holder` at `key`, and what to call it."""

    holder: Any
    key: Any
    name: str
    operation: str
    noun: str

    @property
    def content(self) -> Any:
        return self.holder[self.key]


def share(document: Json) -> None:
    """Write what is equal once, and refer to it. Done to the finished document."""
    for schema in document["components"]["schemas"].values():
        leave_out_titles(schema)
    operations = list(operations_of(document))
    for _, operation in operations:
        for parameter in operation.get("parameters", ()):
            leave_out_repetitions(parameter)
    shared = put(document, "responses", responses_of(operations))
    put(document, "parameters", parameters_of(operations))
    answers = [*responses_of(operations), *shared]
    for section in ("headers", "links"):
        put(document, section, parts_of(answers, section))
    put(document, "examples", examples_of(answers))


def leave_out_titles(schema: Any) -> None:
    """Without the titles of properties, which only spell their names another way."""
    if isinstance(schema, list):
        for part in schema:
            leave_out_titles(part)
    elif isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            title = inner.get("title", "")
            if title.replace(" ", "_").lower() == name:
                del inner["title"]
        for key, part in schema.items():
            if key not in ("default", "enum", "examples"):
                leave_out_titles(part)


def leave_out_repetitions(parameter: Json) -> None:
    """Without what FastAPI says of a parameter once more in its schema."""
    schema = parameter["schema"]
    if schema.get("description") == parameter.get("description"):
        schema.pop("description", None)
    if schema.get("title", "").replace(" ", "_").lower() == parameter["name"]:
        del schema["title"]


def operations_of(document: Json) -> Iterator[tuple[Operation, Json]]:
    for path, methods in document["paths"].items():
        words = [word.partition(".")[0] for word in path.removeprefix("/v1").split("/")[1:]]
        nouns = [word for word in words if word in RESOURCES] or words
        for operation in methods.values():
            yield Operation(operation["operationId"], nouns[-1], nouns[0]), operation


def responses_of(operations: Iterable[tuple[Operation, Json]]) -> Iterator[Use]:
    for said, operation in operations:
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                name = STATUSES[status] if status >= "300" else schema_of(response) or said.id
                yield Use(operation["responses"], status, name, said.id, said.noun)


def parameters_of(operations: Iterable[tuple[Operation, Json]]) -> Iterator[Use]:
    for said, operation in operations:
        for place, parameter in enumerate(operation.get("parameters", ())):
            noun = said.below if parameter["in"] == "path" else said.noun
            yield Use(operation["parameters"], place, parameter["name"], said.id, noun)


def parts_of(answers: Iterable[Use], section: str) -> Iterator[Use]:
    """The headers or the links of answers."""
    for answer in answers:
        for name in answer.content.get(section, ()):
            yield Use(answer.content[section], name, name, answer.operation, answer.noun)


def examples_of(answers: Iterable[Use]) -> Iterator[Use]:
    """Those of problems, and the one of each good answer where it is not the only such."""
    found = [content for answer in answers for content in contents(answer.content)]
    texts = [text_of(content["example"]) for content in found if "example" in content]
    repeated = {text for text in texts if texts.count(text) > 1}
    for answer in answers:
        for content in contents(answer.content):
            if "example" in content and text_of(content["example"]) in repeated:
                name = schema_of(answer.content) or answer.operation
                content["examples"] = {name: {"value": content.pop("example")}}
            for name in content.get("examples", ()):
                yield Use(content["examples"], name, name, answer.operation, answer.noun)


def contents(response: Json) -> Iterable[Json]:
    found: Json = response.get("content", {})
    return found.values()


def schema_of(response: Json) -> str:
    """The name of the schema that an answer has, or of the first that it may have."""
    for content in contents(response):
        schema = content.get("schema", {})
        for choice in (schema, *schema.get("anyOf", ())):
            if "$ref" in choice:
                return str(choice["$ref"]).rpartition("/")[2]
    return ""


def put(document: Json, section: str, uses: Iterable[Use]) -> list[Use]:
    """Move what is there more than once to the components, and give back where it is now."""
    by_name: dict[str, dict[str, list[Use]]] = {}
    for use in uses:
        by_name.setdefault(use.name, {}).setdefault(text_of(use.content), []).append(use)
    found: Json = {}
    for name, variants in by_name.items():
        repeated = [each for each in variants.values() if len(each) > 1]
        for key, those in named(name, repeated):
            if key in found:
                message = f"{key} would be the name of two different {section}"
                raise ValueError(message)
            found[key] = those
    kept: Json = {key: found[key][0].content for key in sorted(found)}
    for key, those in found.items():
        for use in those:
            use.holder[use.key] = {"$ref": f"#/components/{section}/{key}"}
    if kept:
        document["components"][section] = kept
    return [found[key][0]._replace(holder=kept, key=key, name=key) for key in kept]


def named(name: str, variants: list[list[Use]]) -> Iterator[tuple[str, list[Use]]]:
    """What to call each of the several things that have one name."""
    taken = set()
    for uses in sorted(variants, key=len, reverse=True):
        nouns = {use.noun for use in uses}
        choices = [name] if len(nouns) > 1 or len(variants) == 1 else [f"{min(nouns)}.{name}"]
        choices.append(f"{uses[0].operation}.{name}")
        key = next((each for each in choices if each not in taken), choices[-1])
        taken.add(key)
        yield key, uses


def text_of(content: Any) -> str:
    return json.dumps(content, sort_keys=True)
