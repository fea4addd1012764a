"""What every table shares: naming, column types, uncertain dates, and the record's own columns."""

from datetime import UTC, datetime
from datetime import date as Day
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from app import dates
from app.database.dialects import LONG_SPAN, SPAN
from app.dates import UncertainDate
from app.vocabulary import Term

if TYPE_CHECKING:
    from app.models.claims import Citation, Claim
    from app.models.identifiers import Identifier

PublicId = String(36).with_variant(UUID(as_uuid=False), "postgresql")
"""A UUIDv7 in its canonical text form; a native uuid on PostgreSQL."""

SortText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that orders by code point on both engines, so that cursors mean the same on each."""

LAST_DAY = Day(9999, 12, 31)
FIRST_DAY = Day(1, 1, 1)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive times are refused going in; what comes out is aware, in UTC."""

    impl = DateTime(timezone=True)  # type: ignore[mutable-override]
    cache_ok = True  # type: ignore[mutable-override]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs a zone, got the naive {value!r}"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def term_type(vocabulary: type[Term], name: str) -> Enum:
    """A text column that holds members of a closed list, with a CHECK in the database."""
    return Enum(
        vocabulary,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text(), datetime: UtcDateTime(), Day: Date()}  # noqa: RUF012


def table_of(model: type[Base]) -> Table:
    """A model's table, where rows go past the unit of work."""
    table: Any = model.__table__
    return table  # type: ignore[no-any-return]


class DateField:
    """An uncertain date over three columns: `<name>_edtf`, `<name>_earliest`, `<name>_latest`.

    The text is the truth; the bounds are there for the database to filter by. Assign an
    `UncertainDate`, its EDTF text, or None.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        edtf = getattr(row, f"{self.name}_edtf")
        return None if edtf is None else dates.parse(edtf)

    def __set__(self, row: Any, value: UncertainDate | str | None) -> None:
        if isinstance(value, str):
            value = dates.parse(value)
        self.assign(row, f"{self.name}_edtf", value and value.edtf)
        self.assign(row, f"{self.name}_earliest", value and value.earliest)
        self.assign(row, f"{self.name}_latest", value and value.latest)

    @staticmethod
    def assign(row: Any, column: str, value: object) -> None:
        """Set only what differs, so that an unchanged row stays clean."""
        if getattr(row, column) != value:
            setattr(row, column, value)


class SortedDateField(DateField):
    """A date that lists are sorted by: undated rows come last in either direction.

    Two columns, `<name>_ascends` and `<name>_descends`, hold the day to sort by; they differ
    only for undated rows. Real columns and not expressions, so that one plain index serves
    both the order and the cursor's row value.
    """

    def __set__(self, row: Any, value: UncertainDate | str | None) -> None:
        super().__set__(row, value)
        day = getattr(row, f"{self.name}_earliest") or getattr(row, f"{self.name}_latest")
        self.assign(row, f"{self.name}_ascends", day or LAST_DAY)
        self.assign(row, f"{self.name}_descends", day or FIRST_DAY)


def date_checks(*names: str) -> list[CheckConstraint]:
    """Bounds in order, and bounds exactly where there is a date."""
    checks = []
    for name in names:
        edtf, earliest, latest = f"{name}_edtf", f"{name}_earliest", f"{name}_latest"
        checks += [
            CheckConstraint(f"{earliest} <= {latest}", name=f"{name}_in_order"),
            CheckConstraint(
                f"({edtf} IS NULL AND {earliest} IS NULL AND {latest} IS NULL)"
                f" OR ({edtf} IS NOT NULL AND ({earliest} IS NOT NULL OR {latest} IS NOT NULL))",
                name=f"{name}_has_bounds",
            ),
        ]
    return checks


class Dated:
    """The `date` of an event or document, with the columns that lists filter and sort by."""

    date = SortedDateField()
    date_edtf: Mapped[str | None] = mapped_column(String(64))
    date_earliest: Mapped[Day | None]
    date_latest: Mapped[Day | None]
    date_ascends: Mapped[Day] = mapped_column(default=LAST_DAY)
    date_descends: Mapped[Day] = mapped_column(default=FIRST_DAY)


class Listed:
    """A row by which a list finds its record, and which says where the record stands there.

    `listed_on` is the record's `date_ascends`, so that one index has the rows of a filter in the
    order of the list. It is a copy: `app.record.listing` keeps it.
    """

    listed_on: Mapped[Day] = mapped_column(default=LAST_DAY, server_default=text("'9999-12-31'"))


class Record:
    """The columns of everything that has a document, a history and an address.

    `seq` is the newest revision of the record, and with it its published document; `rev`
    counts the changes of its content. A deleted record keeps its row, its slug and its
    history: `deleted_seq` is the revision that deleted it.
    """

    id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    rev: Mapped[int] = mapped_column(default=0)
    dataset: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @declared_attr
    def seq(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("revisions.seq"), unique=True)

    @declared_attr
    def deleted_seq(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("revisions.seq"))


class Part:
    """A row that belongs to one record and is shown inside its document, in a given order."""

    id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, default=0)


class Named:
    """A name with its language, script and the time in which it was borne."""

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText)
    language: Mapped[str | None] = mapped_column(String(35))
    script: Mapped[str | None] = mapped_column(String(4))
    valid_from = DateField()
    valid_from_edtf: Mapped[str | None] = mapped_column(String(64))
    valid_from_earliest: Mapped[Day | None]
    valid_from_latest: Mapped[Day | None]
    valid_until = DateField()
    valid_until_edtf: Mapped[str | None] = mapped_column(String(64))
    valid_until_earliest: Mapped[Day | None]
    valid_until_latest: Mapped[Day | None]


class Cited:
    """Has sources that attest it as a whole."""

    @declared_attr
    def citations(cls) -> Mapped[list["Citation"]]:
        return relationship(
            "Citation", cascade="all, delete-orphan", order_by="Citation.ordinal", lazy="raise"
        )


class Claimed:
    """Has fields that several sources may give values for."""

    @declared_attr
    def claims(cls) -> Mapped[list["Claim"]]:
        return relationship(
            "Claim", cascade="all, delete-orphan", order_by="Claim.ordinal", lazy="raise"
        )


class Identified:
    """Is known to other systems under identifiers of theirs."""

    @declared_attr
    def identifiers(cls) -> Mapped[list["Identifier"]]:
        return relationship(
            "Identifier", cascade="all, delete-orphan", order_by="Identifier.ordinal", lazy="raise"
        )


def exactly_one(*columns: str) -> str:
    """SQL that holds where exactly one of the columns is filled, on both engines."""
    return (
        " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns) + " = 1"
    )


def later(column: str) -> ForeignKey:
    """A reference among rows of one table, checked when the transaction ends."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


LIVE = "deleted_seq IS NULL"


def partial(*columns: Any, name: str, where: str, **more: Any) -> Index:
    """An index of the rows for which a condition holds, in words that both engines know."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where), **more)


def live(*columns: Any, name: str, tells_seq: bool = False) -> Index:
    """An index of a list's filter or order; deleted records are not in it.

    One that `tells_seq` has, on PostgreSQL, the number of the document beside, so that a page of
    keys reads nothing else. There a change of it is a new entry in every index anyway; on SQLite it
    would be one more.
    """
    beside = {"postgresql_include": ["seq"]} if tells_seq else {}
    return partial(*columns, name=name, where=LIVE, **beside)


def filled(column: str, *further: str, name: str) -> Index:
    """An index of the rows in which a column is filled, of a column that is empty in most.

    Whoever asks for a value, by `=`, by `IN` or by a join, is served by it on both engines, and
    so is the look for referring rows when one is deleted; the other rows do not pay for it.
    """
    return partial(column, *further, name=name, where=f"{column} IS NOT NULL")


def live_and_filled(column: str, *further: str, name: str) -> Index:
    """An index of a list's filter by a column that is empty in most records."""
    return partial(column, *further, name=name, where=f"{LIVE} AND {column} IS NOT NULL")


def deleted(table: str) -> Index:
    """The deleted records: their parts still stand in the indexes of parts."""
    return partial("id", name=f"ix_{table}_deleted", where="deleted_seq IS NOT NULL")


def spans(table: str) -> tuple[Index, Index]:
    """The few dated records that may fall on several days, and the very few of long spans.

    What begins before a range of days and reaches into it is among them.
    """
    long = LONG_SPAN
    return (
        partial("date_ascends", "id", name=f"ix_{table}_of_spans", where=f"{LIVE} AND {SPAN}"),
        Index(
            f"ix_{table}_of_long_spans",
            "date_ascends",
            "id",
            sqlite_where=text(f"{LIVE} AND ({long['sqlite']})"),
            postgresql_where=text(f"{LIVE} AND ({long['postgresql']})"),
        ),
    )


def days_of_datasets(table: str) -> tuple[Index, Index]:
    """The indexes by which the first and the last day of a data set are looked up.

    Of dated records alone: SQLite would sooner read all of these, which are short, than the few
    records that span several days.
    """
    first, last = "date_earliest", "date_latest"
    return (
        partial(
            *("dataset", first),
            name=f"ix_{table}_first_days",
            where=f"{LIVE} AND {first} IS NOT NULL",
        ),
        partial(
            *("dataset", last), name=f"ix_{table}_last_days", where=f"{LIVE} AND {last} IS NOT NULL"
        ),
    )
