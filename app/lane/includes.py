"""Putting related records into documents, as bytes, with one statement for each relation."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from app.database.reading import Fetch
from app.lane.statements import Statements
from app.queries.base import Relation, Resource
from app.queries.resources import BY_KIND


class Found(NamedTuple):
    """A record of the answer: its id, the revision shown, and its document."""

    id: str
    seq: int
    body: bytes


Related = Callable[[Relation, Sequence[Found]], Awaitable[list[Any]]]
"""Finds what a relation leads to from some records: rows of the id of the record to include into,
own id, seq and document, in the relation's order.
"""

Tree = dict[str, "Tree"]
"""Relations to include, with the relations to include in those."""


def tree_of(paths: Sequence[str]) -> Tree:
    """`statements.sources` implies `statements`."""
    tree: Tree = {}
    for path in paths:
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return tree


def related_now(fetch: Fetch, statements: Statements) -> Related:
    """By the tables, in one statement for each relation."""

    async def related(relation: Relation, found: Sequence[Found]) -> list[Any]:
        return await fetch(statements.included(relation), [[each.id for each in found]])

    return related


async def include(
    related: Related, resource: Resource, found: list[Found], tree: Tree
) -> tuple[list[Found], list[list[int]]]:
    """The records with what was asked for put in, and the revisions that were put into each:
    one may move to another record without a change of its own.
    """
    if not tree:
        return found, []
    extras: dict[str, list[bytes]] = {each.id: [] for each in found}
    seqs: list[list[int]] = []
    parents = [each.id for each in found]
    for name, branch in tree.items():
        relation = resource.relations[name]
        # Also where there is nothing to include into: the number of statements stays constant.
        rows = await related(relation, found)
        children = {str(row[1]): Found(str(row[1]), row[2], bytes(row[3])) for row in rows}
        deeper, more = await include(
            related, BY_KIND[relation.kind], list(children.values()), branch
        )
        bodies = {each.id: each.body for each in deeper}
        groups: dict[str, list[Any]] = {parent: [] for parent in parents}
        for row in rows:
            groups[str(row[0])].append(row)
        for parent, group in groups.items():
            put_in = b",".join(bodies[str(row[1])] for row in group)
            extras[parent].append(b'"%b":[%b]' % (name.encode(), put_in))
            seqs.append([row[2] for row in group])
        seqs += more
    return [
        each._replace(body=each.body[:-1] + b"," + b",".join(extras[each.id]) + b"}")
        for each in found
    ], seqs
