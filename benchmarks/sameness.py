"""Whether contenders answer the same: only then is it fair to compare how quickly they do.

The records, their order and who took part must be equal; what else an answer lacks or has
otherwise is told, so that it can stand beside the figure.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Document = dict[str, Any]


class Unlike(Exception):
    """Two contenders answer differently; the text says who, where and how."""


def compare(name: str, ours: Sequence[Document], theirs: Sequence[Document]) -> set[str]:
    """The keys that their documents lack or have otherwise; `Unlike` where that is not fair."""
    ids, others = [each["id"] for each in ours], [each["id"] for each in theirs]
    if ids != others:
        message = f"{name} shows {others[:3]}… ({len(others)}), and not {ids[:3]}… ({len(ids)})"
        raise Unlike(message)
    found: set[str] = set()
    for one, other in zip(ours, theirs, strict=True):
        if one["participants"] != other.get("participants"):
            message = f"{name} shows other participants of {one['id']}"
            raise Unlike(message)
        found |= {key for key in one if key not in other or one[key] != other[key]}
    return found


def told(differing: Iterable[str]) -> str:
    """A remark to stand behind what a contender does."""
    names = sorted(differing)
    return f" (with other {', '.join(names)})" if names else ""
