"""Records that share what is equal in them read as before."""

from app.importers.historian.reading import batch
from app.importers.neutral import AnyRecord, Source
from app.importers.sharing import Sharing
from tests.support.historian_files import read


def test_records_share_equal_texts_and_sets_and_say_what_they_said() -> None:
    records: list[AnyRecord] = [
        each.record.model_copy(deep=True) for each in read().batches["historian-travels"].records
    ]
    before = [each.model_dump_json(exclude_unset=True) for each in records]
    sharing = Sharing()
    for each in records:
        sharing.share(each)
    assert [each.model_dump_json(exclude_unset=True) for each in records] == before
    assert len({id(each.model_fields_set) for each in records}) < 10
    texts = [each.publisher for each in records if isinstance(each, Source)]
    assert len(texts) > 10
    assert len({id(each) for each in texts}) == len(set(texts))


def test_the_hash_of_a_batch_is_over_what_its_records_say() -> None:
    found = read().batches["historian-visits"]
    assert found.hashes_records
    assert batch(list(found.records)).content_hash == found.content_hash
    assert batch(list(found.records[1:])).content_hash != found.content_hash
