"""What there is: held against the documents themselves."""

from collections import Counter

from tests.support.api import NOUNS, Api


def test_it_counts_the_live_records_of_each_data_set_and_says_which_days_they_cover(
    crowd: Api,
) -> None:
    crowd.server.statements.clear()
    status = crowd.read("/v1/status")
    assert len(crowd.server.statements) == 3
    counted: dict[str, Counter[str]] = {}
    days: dict[str, list[str]] = {}
    for noun in NOUNS:
        for each in crowd.documents[noun]:
            counted.setdefault(each["dataset"], Counter())[noun] += 1
            for bound in (
                (each.get("date") or {}).get("earliest"),
                (each.get("date") or {}).get("latest"),
            ):
                if bound and noun in {"visits", "meetings", "statements", "commitments"}:
                    days.setdefault(each["dataset"], []).append(bound)
    shown = {each["name"]: each for each in status["datasets"]}
    assert {name: each["records"] for name, each in shown.items()} == counted
    for name, bounds in days.items():
        coverage = shown[name]["coverage"]
        assert (coverage["earliest"], coverage["latest"]) == (min(bounds), max(bounds))
        assert shown[name]["last_import"]["outcome"] == "loaded"
        assert sum(shown[name]["last_import"]["counts"].values()) >= sum(counted[name].values())


def test_its_head_is_that_of_the_change_feed(api: Api) -> None:
    changes = api.read("/v1/changes", limit=200)
    head = api.read("/v1/status")["head"]
    assert (head["seq"], head["at"]) == (changes["items"][-1]["seq"], changes["items"][-1]["at"])
    revisions = api.read(f"/v1/commitments/{changes['items'][-1]['id']}/revisions")
    assert head["hash"] == revisions["items"][0]["hash"]
