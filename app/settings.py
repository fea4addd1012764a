"""Every knob of the program, with its unit. Read from `CHANCERY_…` variables and a `.env` file."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    access_log: Annotated[bool, Field(description="Log a line for each request.")] = False
