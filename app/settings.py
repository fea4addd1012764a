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
    access_log: Annotated[bool, Field(description="Log a line for each request.")] = False
    pepper_file: Annotated[
        str,
        Field(
            description="The file with the pepper of the keys. Empty: `<database file>.pepper`, or "
            "with PostgreSQL `chancery.pepper` in the working folder. All machines of one service "
            "need the same file."
        ),
    ] = ""
