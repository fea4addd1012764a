"""What PostgreSQL's errors say: whose fault it is, and what becomes of the connection."""

from psycopg import Error, OperationalError, errors

# https://www.postgresql.org/docs/current/errcodes-appendix.html
OPERATIONAL_CLASSES = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX"})
"""Connection, authorisation, no such database, rolled back by the server, resources, locks,
operator, system, configuration, internal or corrupt."""

OPERATIONAL = frozenset({"0A000", "25006", "25P03", "25P04", "42501"})
"""A plan from before a migration, read-only, two timeouts of the server, and rights taken away."""

UNDEFINED = frozenset({"3F000", "42P01", "42703", "42704", "42883"})
"""Schema, table, column, object, function: the statement is wrong, or the database's schema is."""

FORGOTTEN = "26000"
"""There is no prepared statement of this name."""


def is_operational(error: Error) -> bool:
    """Whether the database or its operator is to blame, and not the statement."""
    if error.sqlstate is None:  # the driver's own: connections that break or cannot be had
        return isinstance(error, OperationalError)
    return error.sqlstate[:2] in OPERATIONAL_CLASSES or error.sqlstate in OPERATIONAL


def spoils(error: Error) -> bool:
    """Whether an error may be the connection's own, which is closed then."""
    return is_operational(error) and not isinstance(error, errors.QueryCanceled)
