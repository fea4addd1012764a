"""One source for each original, with its repository, file, record id and content hash."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.importers.batches import Origin, Sourced
from app.importers.historian import days, journeys, remarks
from app.importers.historian.keys import ORIGINAL, Slugs, record_id
from app.importers.historian.originals import Original
from app.importers.historian.standing import Standing
from app.importers.neutral import Source
from app.vocabulary import RecordKind, SourceKind

PUBLISHER = "US Department of State, Office of the Historian"
ADDRESSES = {
    name: f"https://github.com/HistoryAtState/{name}/blob/master"
    for name in ("travels", "visits", "pocom")
}
LONGEST_LINE = 480


def line(text: str) -> str:
    """Cut where it is too long for one line."""
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def known_as(original: Original) -> str:
    return f"{original.repository}/{original.element}/{original.id}"


def where_it_stood(content: Mapping[str, Any]) -> str:
    """File and record of an original, from what an import remembers of its source."""
    path = str(content.get("url") or "").partition("/blob/master/")[2]
    known = content.get("identifiers", {}).get(ORIGINAL, "")
    name = known if isinstance(known, str) else known[0]
    repository, _, rest = name.partition("/")
    element, _, record = rest.partition("/")
    return f"{repository}/{path}: {element} {record}" if record else str(content.get("title"))


class Sources:
    """Makes the sources of one data set, each once, and knows them by their originals."""

    def __init__(self, standing: Standing, slugs: Slugs) -> None:
        self.standing = standing
        self.slugs = slugs
        self.made: list[Sourced] = []

    def of(
        self, original: Original, title: str, created: str, copies: Iterable[Original] = ()
    ) -> str:
        """The slug of an original's source; `copies` say the same under other ids."""
        names = [known_as(each) for each in (original, *copies)]
        holder = self.standing.elsewhere(ORIGINAL, names[0])
        if holder is not None:
            return holder.key
        found = record_id(RecordKind.SOURCE, names[0])
        slug = self.slugs.of(found, "historian", *names[0].split("/"))
        also = [f"{each.file}, {each.name}" for each in copies]
        said_again = f" The same stands in {'; '.join(also)}." if also else ""
        source = Source(
            id=found,
            identifiers={ORIGINAL: names[0] if len(names) == 1 else tuple(names)},
            slug=slug,
            title=line(title),
            kind=SourceKind.OFFICIAL_RECORD,
            publisher=PUBLISHER,
            perspective="US",
            date=days.point(created),
            url=f"{ADDRESSES[original.repository]}/{original.path}",
            language="en",
            licence="CC0-1.0",
            content_hash=original.content_hash,
            note=f"The data set {original.repository}, file {original.path}, {original.name}."
            + said_again,
        )
        self.made.append(Sourced(source, original.origin))
        return slug


RULE_OF_JOURNEYS = "historian-rule-journeys-1"


def rule_of_journeys() -> Sourced:
    """The rule by which stops are joined, as a source that every journey cites."""
    source = Source(
        id=record_id(RecordKind.SOURCE, "rule", "journeys", str(journeys.RULE)),
        slug=RULE_OF_JOURNEYS,
        title=f"How stops are joined into journeys, rule {journeys.RULE}",
        kind=SourceKind.ANALYSIS,
        publisher="Chancery",
        perspective="third_party",
        language="en",
        note=(
            "The Historian records stops. The stops of one person, in order of their start, are "
            f"one journey as long as the next starts at most {journeys.GAP_DAYS} day after the "
            f"latest end so far; at most {journeys.GAP_DAYS_BEFORE_FLIGHT} days where it starts "
            f"before {journeys.FLIGHT.year}. The stops are the Historian's, the journey is derived."
        ),
    )
    return Sourced(source, Origin("app/importers/historian/journeys.py", "the rule", {}))


RULE_OF_REMARKS = f"historian-rule-remarks-{remarks.RULES_VERSION}"


def rule_of_remarks() -> Sourced:
    """The rules by which texts are read, as a source that everything read from them cites."""
    source = Source(
        id=record_id(RecordKind.SOURCE, "rule", "remarks", str(remarks.RULES_VERSION)),
        slug=RULE_OF_REMARKS,
        title=f"How remarks and descriptions are read, rules {remarks.RULES_VERSION}",
        kind=SourceKind.ANALYSIS,
        publisher="Chancery",
        perspective="third_party",
        language="en",
        note=(
            "The Historian tells in sentences whom a traveller met and what was attended. Rules "
            "find the names, offices, bodies and conferences in them; each citation of this "
            "source names the rule, such as `meeting-with` for what follows `Met with`, and how "
            "far it is to be trusted, from 0 to 1. A meeting has the days of the stop unless the "
            "text states its day. Those met belong to the country of the stop unless the text "
            "says otherwise; where it also tells of a conference, nothing is assumed. The words "
            "are the Historian's, the meetings are derived."
        ),
    )
    return Sourced(source, Origin("app/importers/historian/remarks.py", "the rules", {}))
