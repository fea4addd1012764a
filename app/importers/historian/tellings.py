"""Where the texts of originals plug in: what remarks and descriptions tell, and of which visit.

Each text that is to be read for counterparts, conferences and kinds of visits is a `Telling`, with
everything that a record made of it needs. A `Teller` turns one into records, which follow the
visit in its batch; `meetings` has ours, and another may be handed to `read_historian`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from app.importers import neutral
from app.importers.batches import Sourced
from app.importers.historian.countries import Country
from app.importers.historian.originals import Original
from app.importers.historian.places import Locality
from app.importers.historian.remarks_kinds import StatedKind
from app.importers.historian.sources import RULE_OF_REMARKS
from app.importers.neutral import Citation, Claim, Traveller
from app.vocabulary import VisitKind


@dataclass(frozen=True, slots=True)
class Telling:
    """One text of an original, as stated but for its white space; `raw` is as it stands.

    `kind` is `remarks` of a trip or `description` of a visit; `locale` is the place as stated, and
    `localities` are what it names; `host` and `visitor` are codes of parties; `date` is the span of
    the stop; `traveller` is who travels, as stated. Where `joined`, the visit is another data
    set's, and nothing is to be made.
    """

    original: Original
    kind: str
    text: str
    raw: str
    source: str
    visit: str
    date: str | None
    locale: str
    localities: tuple[Locality, ...]
    visitor: str
    host: str
    traveller: str
    travellers: tuple[Traveller, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a text gives: records that follow from it, the parties that they refer to, the kind of
    visit if it states one, and the localities that it names of a stop without any.
    """

    records: tuple[Sourced, ...] = ()
    parties: tuple[Country, ...] = ()
    kind: StatedKind | None = None
    localities: tuple[neutral.Locality, ...] = ()

    @property
    def rests_on_rules(self) -> bool:
        """Whether anything of it cites the rules by which the text was read."""
        return bool(self.records or self.localities) or self.visit_kind is not None

    @property
    def visit_kind(self) -> VisitKind | None:
        return None if self.kind is None else self.kind.kind


Teller = Callable[[Telling], Told]


def nothing(_: Telling) -> Told:
    """The teller of those who leave texts unread."""
    return Told()


def by_rule(rule: str, confidence: float) -> str:
    """How evidence says which rule found it, and how far that is to be trusted."""
    return f"rule {rule}, confidence {confidence:.2f}"


@cache
def cited_rule(rule: str, confidence: float) -> Citation:
    """Made once for all that cite it: there are thousands, and a dozen of rules."""
    return Citation(source=RULE_OF_REMARKS, locator=by_rule(rule, confidence))


def kind_of(told: Iterable[Told]) -> VisitKind | None:
    """The kind of a journey: that on which all its stops agree that state one."""
    kinds = {each.visit_kind for each in told} - {None}
    return kinds.pop() if len(kinds) == 1 else None


def kind_claimed(
    originals: Sequence[tuple[str, Original]], told: Sequence[Told]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """What each text says of the kind on which all agree, and the rules that read it.

    `originals` are the sources of the texts, with what they are texts of.
    """
    kind = kind_of(told)
    if kind is None:
        return (), ()
    claims, rules = [], {}
    for (source, original), each in zip(originals, told, strict=True):
        if each.kind is not None and each.visit_kind is kind:
            rule = by_rule(each.kind.rule, each.kind.confidence)
            rules[rule] = cited_rule(each.kind.rule, each.kind.confidence)
            claims.append(
                Claim(
                    source=source,
                    field="kind",
                    value=kind.value,
                    locator=f"{original.name}; {rule}",
                    quote=each.kind.words,
                    language="en",
                )
            )
    return tuple(claims), tuple(rules.values())
