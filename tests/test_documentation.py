"""The documentation says what there is: every setting, command, filter and type of error."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import httpx2

from app.cli import main
from app.queries.resources import RESOURCES
from app.settings import Settings
from app.vocabulary import VOCABULARIES
from app.web.catalogue import CATALOGUE
from app.web.described import described
from tests.conftest import Server
from tests.support.writing import Desk

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CURL = re.compile(r"^curl .*$", re.MULTILINE)
CURL_THAT_WRITES = re.compile(r"^    (curl .*)$", re.MULTILINE)


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    for name, field in Settings.model_fields.items():
        row = re.search(rf"^\| `CHANCERY_{name.upper()}` \| (.*?) \|", README, re.MULTILINE)
        assert row, f"README says nothing of CHANCERY_{name.upper()}"
        default = str(field.default).lower().removesuffix(".0") or "empty"
        assert row.group(1).strip("`").lower() == default, name
        assert field.description, f"{name} is not described where it is defined"


def test_every_command_is_in_the_readme_and_explains_itself() -> None:
    for name, command in main.commands.items():
        assert f"`chancery {name}`" in README
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option) and name == "seed" and parameter.name != "help":
                assert parameter.opts[0].startswith("--")


def test_every_list_is_in_the_readme() -> None:
    assert all(path in README for path in RESOURCES)


def test_every_filter_of_every_list_is_described() -> None:
    for resource in RESOURCES.values():
        for parameter in described(resource.filters):
            assert parameter.get("description"), f"{resource.path}: {parameter['name']}"


def test_every_key_of_every_record_is_a_field_that_the_document_types() -> None:
    for resource in RESOURCES.values():
        assert resource.read.__doc__, f"{resource.read.__name__} has no description"


def test_every_member_of_every_vocabulary_has_a_meaning() -> None:
    for vocabulary in VOCABULARIES.values():
        for term in vocabulary:
            assert term.meaning.endswith("."), f"{vocabulary.__name__}.{term.name}"


def test_every_type_of_error_has_a_page(sqlite_server: Server) -> None:
    with sqlite_server.client() as client:
        for name in CATALOGUE:
            page = client.get(f"/problems/{name}")
            assert page.status_code == 200
            assert page.json()["name"] == name


def test_every_curl_of_the_readme_answers(client: httpx2.Client) -> None:
    commands = CURL.findall(README)
    assert len(commands) >= 5
    for command in commands:
        words = shlex.split(command)
        address = urlsplit(next(word for word in words if word.startswith("http://")))
        query: list[tuple[str, str | int | float | bool | None]] = [
            (name, value) for name, values in parse_qs(address.query).items() for value in values
        ]
        if "--data-urlencode" in words:
            name, _, value = words[words.index("--data-urlencode") + 1].partition("=")
            query.append((name, value))
        answer = client.get(address.path, params=query)
        assert answer.status_code == 200, command
        if address.path.endswith(".csv"):
            assert len(answer.text.splitlines()) > 1, f"{command} finds nothing"
            continue
        if address.path.endswith(".ndjson"):
            assert answer.text.splitlines(), f"{command} finds nothing"
            continue
        shown = answer.json()
        assert shown.get("items", [shown]), f"{command} finds nothing"


def test_every_curl_of_the_readme_that_writes_is_accepted_in_its_turn(own_desk: Desk) -> None:
    commands = CURL_THAT_WRITES.findall(README)
    assert len(commands) >= 2
    for command in commands:
        words = shlex.split(command.replace("$KEY", own_desk.key.reveal()))
        given = list(pairwise(words))
        address = urlsplit(next(word for word in words if word.startswith("http://")))
        answer = httpx2.request(
            dict(given).get("-X", "POST"),
            own_desk.url + address.path,
            headers=dict(value.split(": ", 1) for flag, value in given if flag == "-H"),
            content=dict(given)["-d"],
        )
        assert answer.status_code in {200, 201}, (command, answer.text)


def test_the_readme_says_truly_that_the_sources_differ_on_the_talks(client: httpx2.Client) -> None:
    meeting = client.get("/v1/meetings/blinken-qin-beijing-2023-06-18").json()
    (duration,) = [each for each in meeting["conflicts"] if each["field"] == "duration_minutes"]
    assert {(each["value"], each["qualifier"]) for each in duration["values"]} == {
        (420, "exact"),
        (360, "under"),
        (450, "over"),
        (330, "exact"),
    }
