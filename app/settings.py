"""Every knob of the program, with its unit. Read from `CHANCERY_…` variables and a `.env` file."""

import re
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PLAIN_RATE = re.compile(r"(\d{1,12})/(second|minute|hour|day)")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def parse_rate(text: str) -> tuple[int, int] | None:
    """How many in how many seconds; None for no limit. Raises ValueError for what is no rate.

    The plain form is read here; `limits`, which knows all others, takes a while to load.
    """
    if not text.strip():
        return None
    plain = PLAIN_RATE.fullmatch(text)
    if plain:
        amount, seconds = int(plain[1]), SECONDS[plain[2]]
    else:
        from limits import parse_many  # noqa: PLC0415

        found = parse_many(text)
        if len(found) != 1:
            message = f"expected one rate, not {len(found)}"
            raise ValueError(message)
        amount, seconds = found[0].amount, found[0].get_expiry()
    if amount < 1 or seconds < 1:
        message = "expected a rate above 0, or nothing for no limit"
        raise ValueError(message)
    return amount, seconds


def check_rate(text: str) -> str:
    parse_rate(text)
    return text


def check_networks(text: str) -> str:
    for each in filter(None, map(str.strip, text.split(","))):
        ip_network(each)
    return text


Rate = Annotated[str, AfterValidator(check_rate)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="CHANCERY_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    database_url: Annotated[
        str,
        Field(description="`sqlite:///path` (relative), `sqlite:////path` or `postgresql://…`."),
    ] = "sqlite:///chancery.db"
    host: Annotated[str, Field(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="The port; 0 takes a free one.")] = 8000
    root_path: Annotated[
        str, Field(description="The prefix under which a proxy serves this, such as `/chancery`.")
    ] = ""
    read_timeout_seconds: Annotated[
        float, Field(gt=0, le=60, description="A read that takes longer answers 503, in seconds.")
    ] = 2.0
    write_timeout_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=60,
            description="A write that waits longer for others answers 503, in seconds.",
        ),
    ] = 5.0
    pool_size: Annotated[
        int, Field(ge=1, le=200, description="Connections to PostgreSQL that a worker holds.")
    ] = 10
    response_cache_mib: Annotated[
        int,
        Field(
            ge=0,
            le=65_536,
            description="Memory for answers that are kept until the log grows, in MiB; with 0 "
            "none are. SQLite only.",
        ),
    ] = 32
    pepper_file: Annotated[
        str,
        Field(
            description="The file with the pepper of the keys. Empty: `<database file>.pepper`, or "
            "with PostgreSQL `chancery.pepper` in the working folder. All machines of one service "
            "need the same file."
        ),
    ] = ""
    allowed_hosts: Annotated[
        str,
        Field(
            description="The names that requests may be for, separated by commas; "
            "`*.example.org` stands for all below it. Empty for any."
        ),
    ] = ""
    cors_origins_for_writes: Annotated[
        str,
        Field(
            description="Origins whose pages may send keys and write, such as "
            "`https://editor.example.org`, separated by commas."
        ),
    ] = ""
    request_timeout_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=60,
            description="A request whose head takes longer to arrive is cut off, in seconds; a "
            "body has as long, and a second more for every 4 KiB.",
        ),
    ] = 8.0
    trusted_proxies: Annotated[
        str,
        AfterValidator(check_networks),
        Field(
            description="Networks of proxies whose `X-Forwarded-For` or `Forwarded` is believed, "
            "separated by commas."
        ),
    ] = ""
    rate_anonymous: Annotated[
        Rate,
        Field(
            description="Reads without a key, of each address (of IPv6, each /64); empty for "
            "no limit."
        ),
    ] = "1200/minute"
    rate_key: Annotated[Rate, Field(description="Reads with a key; empty for no limit.")] = (
        "6000/minute"
    )
    rate_writes: Annotated[
        Rate, Field(description="Writes, of each key or address; empty for no limit.")
    ] = "300/minute"
    rate_failed_authentications: Annotated[
        Rate,
        Field(
            description="Answers of 401, of each address; past it keys from there are not even "
            "looked at. Empty for no limit."
        ),
    ] = "30/minute"
    waiting_requests: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description="Requests of `/v1/changes` that may wait at a time; more answer 503.",
        ),
    ] = 1000
    exports_at_once: Annotated[
        int,
        Field(ge=1, le=100, description="Exports that a worker runs at a time; more answer 503."),
    ] = 4
    export_idle_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=3600,
            description="An export is broken off when its reader takes nearly nothing for so long.",
        ),
    ] = 30.0
    export_seconds: Annotated[
        float,
        Field(gt=0, le=86_400, description="An export that takes longer is broken off."),
    ] = 3600.0
    log_format: Annotated[
        Literal["auto", "json", "console"],
        Field(description="Lines for programs or for people; `auto`: for people on a terminal."),
    ] = "auto"
    access_log: Annotated[
        bool,
        Field(description="Log a line for each request, with its path but not with its query."),
    ] = False
