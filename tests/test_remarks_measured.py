"""How well remarks are read, measured on labels that were made by reading."""

from typing import Any, NamedTuple

import pytest

from app.folding import fold
from app.importers.historian.remarks import Remark
from tests.support.remarks import attended, sample, table

LABELS = table("historian_labels.yaml")
EMPTY_WORDS = frozenset(("the", "a", "of", "on", "for", "and"))


class Score(NamedTuple):
    """How many findings were right, too many and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of the findings that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the labels that were found."""
        return self.right / max(1, self.right + self.missed)


@pytest.fixture(scope="module")
def remarks() -> dict[str, Remark]:
    return sample()


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_counterparts_are_found_precisely_and_nearly_all(
    part: str, remarks: dict[str, Remark]
) -> None:
    score = _scored(
        (label.get("counterparts", []), _people(remarks[record]), _same_person)
        for record, label in LABELS[part].items()
    )
    assert score.precision >= 0.97, score
    assert score.recall >= 0.95, score


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_conferences_are_found_precisely_and_mostly(part: str, remarks: dict[str, Remark]) -> None:
    score = _scored(
        (label.get("conferences", []), attended(remarks[record]), _same_conference)
        for record, label in LABELS[part].items()
    )
    assert score.precision >= 0.9, score
    assert score.recall >= 0.85, score


def test_bodies_met_as_such_are_those_that_reading_finds(remarks: dict[str, Remark]) -> None:
    """In the whole of the sample; `members of the Israeli War Cabinet` are people."""
    found = {
        record: [body.name for body in remark.bodies]
        for record, remark in remarks.items()
        if remark.bodies
    }
    assert found == {
        "travels/1806": ["NATO Permanent Council"],
        "travels/4087": ["North Atlantic Council"],
        "travels/4177": ["Israeli War Cabinet"],
        "travels/4186": ["Israeli War Cabinet"],
        "travels/4225": ["Israeli War Cabinet"],
    }


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_the_kind_of_a_visit_is_mostly_read_as_labelled(
    part: str, remarks: dict[str, Remark]
) -> None:
    visits = {record: label for record, label in LABELS[part].items() if "visits" in record}
    same = sum(_kind(remarks[record]) == label.get("kind") for record, label in visits.items())
    assert same >= 0.95 * len(visits)


def _scored(cases: Any) -> Score:
    right = wrong = missed = 0
    for labels, findings, same in cases:
        left = list(labels)
        for finding in findings:
            match = next((label for label in left if same(label, finding)), None)
            if match is None:
                wrong += 1
            else:
                left.remove(match)
                right += 1
        missed += len(left)
    return Score(right, wrong, missed)


def _people(remark: Remark) -> list[str]:
    return [f"{one.title or ''}|{one.name}" for one in remark.counterparts if one.name]


def _same_person(label: str, finding: str) -> bool:
    title, name = label.split("|")
    found_title, found_name = finding.split("|")
    return fold(name) == fold(found_name) and fold(found_title).endswith(fold(title))


def _same_conference(label: str, finding: str) -> bool:
    one, other = (
        frozenset(fold(text).replace("’", "'").split()) - EMPTY_WORDS for text in (label, finding)
    )
    return len(one & other) >= 0.6 * len(one | other)


def _kind(remark: Remark) -> str | None:
    return remark.kind.kind.value if remark.kind and remark.kind.kind else None
