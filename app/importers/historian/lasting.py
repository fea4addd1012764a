"""Which visit several originals are: the one that an earlier import made of them, if there is one.

So a journey keeps its id and its address when its first stop is withdrawn at the source, and when
a stop with a smaller id comes before the others.
"""

from collections.abc import Iterable, Sequence

from app.importers.historian.keys import record_id
from app.importers.historian.standing import Standing
from app.vocabulary import RecordKind


class Lasting:
    """Gives each group of originals of a data set the id of its visit, each id once.

    `numbers` are the ids of all originals that there are now. A visit is made under the smallest id
    of its group, and has to be left to the group that holds this.
    """

    def __init__(self, standing: Standing, dataset: str, numbers: Iterable[str]) -> None:
        self.standing = standing
        self.dataset = dataset
        self.here = {self.made_of(each) for each in numbers}
        self.taken: set[str] = set()

    def made_of(self, number: str) -> str:
        return record_id(RecordKind.VISIT, self.dataset, number)

    def of(self, numbers: Sequence[str]) -> str:
        """The id of the visit of some originals, the smallest of their ids first."""
        new = self.made_of(numbers[0])
        if new in self.standing.slugs:
            return new
        own = {self.made_of(each) for each in numbers}
        for number in numbers:
            holder = self.standing.identified.get((self.dataset, number))
            if holder is None or not holder.is_ours or holder.id in self.taken:
                continue
            if holder.id in own or holder.id not in self.here:
                self.taken.add(holder.id)
                return holder.id
        return new
