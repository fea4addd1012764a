"""The OpenAPI document: valid, complete, true to the answers, and as committed."""

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api import TAGS, document
from app.queries.parameters import SUBLISTS
from app.queries.resources import RESOURCES
from app.schemas.parsing import allowed_values, repeatable
from app.web.nouns import EXAMPLES
from app.web.sharing import share
from tests.support import examples
from tests.support.api import NOUNS, Api, name_of
from tests.support.openapi import SHARED, written_out

SNAPSHOT = Path(__file__).parents[1] / "docs" / "openapi.json"
WITHOUT_EXAMPLE = {"id", "cursor", "count"}
"""Parameters of which no example would be right for long, or whose one value is the example."""

Json = Any


@cache
def committed_form() -> dict[str, Any]:
    """The document as it is served, with its references."""
    found: dict[str, Any] = document().openapi()
    return found


@cache
def described() -> dict[str, Any]:
    """The document as it is read, with what it refers to written out."""
    found: dict[str, Any] = written_out(committed_form())
    return found


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, item in described()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def parameters(*methods: str) -> Iterator[tuple[str, Json]]:
    """Every parameter with its path; only those of some methods, where they are named."""
    for path, method, operation in operations():
        if methods and method not in methods:
            continue
        for each in operation.get("parameters", ()):
            yield path, each


def validator(schema: Json) -> OAS31Validator:
    """Validates a value against a schema that refers to the document's components."""
    return OAS31Validator(
        {**schema, "components": described()["components"]},
        format_checker=OAS31Validator.FORMAT_CHECKER,
    )


def flaws(schema: Json, value: Json) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(value)]


def answer_schema(path: str, status: int, media_type: str = "application/json") -> Json:
    operation = described()["paths"][path]["get"]
    return operation["responses"][str(status)]["content"][media_type]["schema"]


def model_of(path: str) -> Any:
    """The filters of a list, given its path in the document."""
    match path.split("/")[2:]:
        case [noun]:
            return RESOURCES[noun].filters
        case [parent, _, name]:
            return RESOURCES[SUBLISTS[parent, name][0]].filters
    raise LookupError(path)


def below(parent: str, name: str) -> str:
    return f"/v1/{parent}/{{reference}}/{name}"


LISTS = (*(f"/v1/{noun}" for noun in NOUNS), *(below(*key) for key in SUBLISTS))


class TestDocument:
    def test_it_is_valid_openapi_3_1(self) -> None:
        assert described()["openapi"].startswith("3.1.")
        errors = OpenAPIV31SpecValidator(committed_form()).iter_errors()
        assert [str(error.message) for error in errors] == []

    def test_every_operation_says_what_it_is_and_shows_an_answer(self) -> None:
        for path, method, operation in operations():
            for part in ("summary", "description", "operationId", "responses"):
                assert operation.get(part), (path, method, part)
            assert len(operation["tags"]) == 1
            for status, response in operation["responses"].items():
                assert response["description"], (path, status)
                for media_type, content in response.get("content", {}).items():
                    shown = "example" in content or "examples" in content
                    built = "text/html" in media_type or path.startswith(UNSHOWN)
                    assert shown or built, (path, status, media_type)

    def test_no_two_operations_have_one_id(self) -> None:
        ids = [operation["operationId"] for _, _, operation in operations()]
        assert len(ids) == len(set(ids))

    def test_every_tag_is_explained_and_used(self) -> None:
        used = {tag for _, _, operation in operations() for tag in operation["tags"]}
        assert used == set(TAGS) == {each["name"] for each in described()["tags"]}
        assert all(each["description"] for each in described()["tags"])
        assert [each["name"] for each in described()["tags"]] == list(TAGS)

    def test_every_parameter_is_described_with_an_example(self) -> None:
        for path, each in parameters():
            schema = each["schema"]
            assert each.get("description"), (path, each["name"])
            known = {"examples", "default", "enum"} & schema.keys()
            assert known or each["name"] in WITHOUT_EXAMPLE, (path, each["name"])
            for example in schema.get("examples", ()):
                assert flaws(schema, example) == [], (path, each["name"])

    def test_every_example_of_an_answer_fits_its_schema(self) -> None:
        for path, _, operation in operations():
            for status, response in operation["responses"].items():
                for content in response.get("content", {}).values():
                    shown = [each["value"] for each in content.get("examples", {}).values()]
                    shown += [content["example"]] if "example" in content else []
                    for example in shown:
                        assert flaws(content["schema"], example) == [], (path, status)

    def test_every_schema_and_every_answer_of_a_list_is_described(self) -> None:
        for name, schema in described()["components"]["schemas"].items():
            assert schema.get("description"), name
        for path in LISTS:
            responses = described()["paths"][path]["get"]["responses"]
            assert {"ETag", "Link"} <= responses["200"]["headers"].keys()
            assert "ETag" in responses["304"]["headers"]

    def test_its_examples_are_what_the_seed_answers(self) -> None:
        committed = Path(EXAMPLES).read_text(encoding="utf-8")
        assert examples.text() == committed, "run `make openapi` and commit what it writes"

    def test_it_is_as_committed(self) -> None:
        assert SNAPSHOT.exists(), "docs/openapi.json is missing: run `make openapi` and commit it"
        now = json.dumps(committed_form(), indent=2, ensure_ascii=False).splitlines()
        then = json.dumps(
            json.loads(SNAPSHOT.read_text(encoding="utf-8")), indent=2, ensure_ascii=False
        ).splitlines()
        if now != then:
            difference = list(difflib.unified_diff(then, now, "committed", "now", lineterm="", n=2))
            shown = "\n".join(difference[:200])
            more = f"\n… and {len(difference) - 200} lines more" if len(difference) > 200 else ""
            pytest.fail(
                "The API's document is not the one in docs/openapi.json. If the change is meant, "
                f"run `make openapi` and commit what it writes.\n{shown}{more}",
                pytrace=False,
            )


class TestComponents:
    """What is said more than once is written once, under a name, and referred to."""

    def test_nothing_is_written_twice_that_could_be_referred_to(self) -> None:
        for section in SHARED:
            written = [json.dumps(each, sort_keys=True) for each in parts(section)]
            repeated = {each for each in written if written.count(each) > 1}
            assert not repeated, (section, repeated)

    def test_no_title_only_repeats_the_name_of_a_property(self) -> None:
        for name, schema in committed_form()["components"]["schemas"].items():
            for key, inner in schema.get("properties", {}).items():
                assert inner.get("title", "").lower().replace(" ", "_") != key, (name, key)

    def test_every_component_is_used_and_every_reference_leads_to_one(self) -> None:
        components = committed_form()["components"]
        reached: set[str] = set()
        ahead = [*references(committed_form()["paths"])]
        while ahead:
            reference = ahead.pop()
            if reference not in reached:
                reached.add(reference)
                _, _, section, name = reference.split("/")
                ahead += references(components[section][name])
        there = {
            f"#/components/{section}/{name}"
            for section, named in components.items()
            for name in named
            if section != "securitySchemes"
        }
        assert reached == there

    def test_a_component_is_called_what_it_is_and_of_what_where_there_are_several(self) -> None:
        components = committed_form()["components"]
        assert {"NotFound", "TooManyRequests", "MeetingPage"} <= components["responses"].keys()
        assert {"limit", "cursor", "If-Match", "meetings.fields"} <= components["parameters"].keys()
        assert {"ETag", "Link", "Location"} <= components["headers"].keys()
        assert {"Meeting", "Topic"} <= components["examples"].keys()
        meetings = committed_form()["paths"]["/v1/officials/{reference}/meetings"]["get"]
        asked = [each["$ref"].rpartition("/")[2] for each in meetings["parameters"]]
        assert {"officials.reference", "meetings.sort", "limit"} <= set(asked)
        assert "export_meetings.limit" in components["parameters"]

    def test_sharing_what_was_written_out_gives_the_same_document(self) -> None:
        again = json.loads(json.dumps(described()))
        for section in SHARED:
            del again["components"][section]
        share(again)
        assert again == committed_form()


def parts(section: str) -> Iterator[Json]:
    """All that stands in the document, at an operation or among the components, and could be a
    component of a section.
    """
    components = committed_form()["components"]
    answers = [*components["responses"].values()]
    taken = [*components["parameters"].values()]
    for item in committed_form()["paths"].values():
        for operation in item.values():
            answers += [each for each in operation["responses"].values() if "$ref" not in each]
            taken += [each for each in operation.get("parameters", ()) if "$ref" not in each]
    match section:
        case "responses":
            yield from answers
        case "parameters":
            yield from taken
        case "headers" | "links":
            yield from components[section].values()
            for answer in answers:
                yield from (each for each in answer.get(section, {}).values() if "$ref" not in each)
        case "examples":
            yield from (each["value"] for each in components["examples"].values())
            for answer in answers:
                for content in answer.get("content", {}).values():
                    yield from [content["example"]] if "example" in content else []
                    for each in content.get("examples", {}).values():
                        yield from [each["value"]] if "value" in each else []


def references(part: Json) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


UNSHOWN = ("/livez", "/readyz", "/problems", "/v1/vocabularies")
"""Addresses whose answers are examples in themselves: their fields have them."""


@pytest.mark.parametrize("path", LISTS)
class TestLists:
    def test_the_document_has_the_parameters_that_are_taken(self, path: str) -> None:
        model = model_of(path)
        documented = {
            each["name"]: each
            for at, each in parameters("get")
            if at == path and each["in"] == "query"
        }
        set_by_the_address = {SUBLISTS[key][1] for key in SUBLISTS if path == below(*key)}
        assert set(documented) == set(model.model_fields) - set_by_the_address
        for name, each in documented.items():
            assert each["required"] is False
            if each["schema"].get("type") == "array":
                assert (each["style"], each["explode"]) == ("form", name in repeatable(model))
            else:
                assert "explode" not in each

    def test_closed_lists_are_written_out(self, path: str) -> None:
        model = model_of(path)
        for at, each in parameters("get"):
            members = list(allowed_values(model, each["name"])) if at == path else []
            if not members or each["in"] != "query" or each["schema"].get("type") == "boolean":
                continue
            schema = each["schema"].get("items", each["schema"])
            assert schema.get("enum", [schema.get("const")]) == members, each["name"]

    def test_what_the_document_gives_as_an_example_is_taken(
        self, sqlite_crowd: Api, path: str
    ) -> None:
        for at, each in parameters("get"):
            if at != path or each["in"] != "query":
                continue
            for example in each["schema"].get("examples", ()):
                value = str(example).lower() if isinstance(example, bool) else example
                if isinstance(value, list) and not each["explode"]:
                    value = ",".join(value)
                answer = sqlite_crowd.get(
                    path.format(reference="xi-jinping"), **{each["name"]: value}
                )
                assert answer.status_code == 200, (each["name"], answer.text)


class TestAnswers:
    """Real answers fit the schemas that are documented for them, on one database: that both
    answer alike is for other tests.
    """

    @pytest.mark.parametrize("noun", NOUNS)
    def test_a_page_and_its_records_are_as_documented(self, sqlite_crowd: Api, noun: str) -> None:
        page = sqlite_crowd.read(f"/v1/{noun}", limit=2, count="exact")
        assert flaws(answer_schema(f"/v1/{noun}", 200), page) == []
        one = validator(answer_schema(f"/v1/{noun}/{{reference}}", 200))
        for each in sqlite_crowd.documents[noun]:
            assert list(one.iter_errors(each)) == [], name_of(each)

    @pytest.mark.parametrize("noun", NOUNS)
    def test_so_is_what_is_included_and_translated(self, sqlite_crowd: Api, noun: str) -> None:
        paths = allowed_values(RESOURCES[noun].filters, "include")
        whole = validator(answer_schema(f"/v1/{noun}", 200))
        for name, value in (("lang", "zh"), *(("include", path) for path in paths)):
            page = sqlite_crowd.read(f"/v1/{noun}", **{name: value}, limit=3)
            assert list(whole.iter_errors(page)) == [], value
            page["items"][0]["nonsense"] = []
            assert not whole.is_valid(page)

    @pytest.mark.parametrize(("parent", "name"), SUBLISTS)
    def test_so_is_a_list_below_a_record(self, sqlite_crowd: Api, parent: str, name: str) -> None:
        page = sqlite_crowd.read(f"/v1/{parent}/antony-blinken/{name}", limit=3)
        assert flaws(answer_schema(below(parent, name), 200), page) == []

    def test_so_is_what_is_computed(self, sqlite_crowd: Api) -> None:
        for path, documented in (
            ("/v1/relations/US/CN", "/v1/relations/{party}/{other}"),
            ("/v1/relations/SU/CN", "/v1/relations/{party}/{other}"),
            ("/v1/officials/antony-blinken/counterparts", below("officials", "counterparts")),
        ):
            page = sqlite_crowd.read(path, limit=200, count="exact")
            assert flaws(answer_schema(documented, 200), page) == []
            page["items"][0]["nonsense"] = []
            assert flaws(answer_schema(documented, 200), page)

    def test_so_is_all_else_that_answers(self, sqlite_crowd: Api) -> None:
        for path in ("/v1/vocabularies", "/livez", "/readyz", "/problems"):
            assert flaws(answer_schema(path, 200), sqlite_crowd.read(path)) == []
        vocabulary = sqlite_crowd.read("/v1/vocabularies/meeting_format")
        assert flaws(answer_schema("/v1/vocabularies/{name}", 200), vocabulary) == []
        problem = sqlite_crowd.read("/problems/not-found")
        assert flaws(answer_schema("/problems/{name}", 200), problem) == []

    def test_so_are_problems_which_are_documented_where_they_occur(self, sqlite_crowd: Api) -> None:
        for target, path, status in (
            ("/v1/meetings?limit=0", "/v1/meetings", 422),
            ("/v1/meetings?q=%ff", "/v1/meetings", 400),
            ("/v1/meetings/nobody", "/v1/meetings/{reference}", 404),
            ("/v1/meetings/deleted-meeting", "/v1/meetings/{reference}", 410),
            ("/v1/officials/nobody/statements", "/v1/officials/{reference}/statements", 410),
            ("/v1/vocabularies/nothing", "/v1/vocabularies/{name}", 404),
        ):
            answer = sqlite_crowd.http.get(target)
            assert answer.status_code == status
            schema = answer_schema(path, status, "application/problem+json")
            assert flaws(schema, answer.json()) == []
        moved = sqlite_crowd.http.get("/v1/officials/xi-jinping-twice")
        assert (
            str(moved.status_code)
            in described()["paths"]["/v1/officials/{reference}"]["get"]["responses"]
        )

    def test_the_server_serves_that_document(self, sqlite_crowd: Api) -> None:
        assert sqlite_crowd.read("/openapi.json") == json.loads(json.dumps(committed_form()))
