"""What `fields` makes of an answer, for the OpenAPI document.

A list item or a record has every key, unless `fields` chose among them; so there are two forms
of each, and the second requires nothing.
"""

from typing import Any

SCHEMAS = "#/components/schemas/"
FIELDS = "fields"


def put_partial_answers(document: dict[str, Any]) -> None:
    """Where `fields` is taken: name the fields, and let the answer hold some of them.

    Done to the finished document, and no second time.
    """
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        reading = operations.get("get", {})
        named = [each for each in reading.get("parameters", ()) if each["name"] == FIELDS]
        if not named:
            continue
        content = reading["responses"]["200"]["content"]["application/json"]
        if "$ref" not in content["schema"]:
            continue
        name = content["schema"]["$ref"].removeprefix(SCHEMAS)
        listed = name.removesuffix("Page")
        if listed != name:
            schemas[f"{name}OfFields"] = page_of_fields(schemas[name], listed)
        schemas[f"{listed}Fields"] = without_requirements(schemas[listed], listed)
        partial = f"{name}OfFields" if listed != name else f"{listed}Fields"
        content["schema"] = {"anyOf": [reference(name), reference(partial)]}
        # What `include` may add is not required, and not asked for by `fields`.
        named[0]["schema"]["items"] = {"type": "string", "enum": schemas[listed]["required"]}


def reference(name: str) -> dict[str, str]:
    return {"$ref": SCHEMAS + name}


def without_requirements(schema: dict[str, Any], name: str) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key != "required"}
    said = f"As much of a {name} as `fields` asks for."
    return {**kept, "title": f"{name}Fields", "description": said}


def page_of_fields(page: dict[str, Any], listed: str) -> dict[str, Any]:
    items = {**page["properties"]["items"], "items": reference(f"{listed}Fields")}
    return {
        **page,
        "title": f"{page['title']}OfFields",
        "description": f"One page of a list of which `fields` chose what to show of each {listed}.",
        "properties": {**page["properties"], "items": items},
    }
