"""The pepper's file: made once, read by its owner alone, never lost by what is done with it."""

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.access.peppers import Peppers, make_peppers, pepper_path, read_peppers, rotate_peppers
from app.errors import PepperMissing, PepperUnusable
from app.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chancery.db.pepper"


def settings(**given: str) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_it_lies_beside_the_sqlite_file_or_where_the_setting_says() -> None:
    url = "sqlite:////data/records.db"
    assert pepper_path(settings(database_url=url)) == Path("/data/records.db.pepper")
    there = settings(database_url=url, pepper_file="/run/pepper")
    assert pepper_path(there) == Path("/run/pepper")
    postgres = settings(database_url="postgresql://somebody@somewhere/chancery")
    assert pepper_path(postgres) == Path("chancery.pepper")


def test_a_new_one_has_256_bits_and_only_its_owner_may_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        made = make_peppers(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made == read_peppers(path)
    assert (made.newest, len(made.by_version[1])) == (1, 32)
    assert list(path.parent.iterdir()) == [path]


def test_one_that_is_there_is_never_overwritten(path: Path) -> None:
    assert make_peppers(path) == make_peppers(path, version=7)


def test_of_many_who_make_one_at_once_all_have_the_same(path: Path) -> None:
    def make(_: int) -> Peppers | None:
        try:
            return make_peppers(path)
        except PepperUnusable:  # another is at it: to be tried again
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [each for each in pool.map(make, range(40)) if each is not None]
    assert made
    assert all(each == read_peppers(path) for each in made)
    assert list(path.parent.iterdir()) == [path]


def test_rotating_adds_a_version_and_keeps_the_former_ones(path: Path) -> None:
    first = make_peppers(path, version=3)
    second, third = rotate_peppers(path), rotate_peppers(path)
    assert (first.newest, second.newest, third.newest) == (3, 4, 5)
    assert third.by_version.items() >= second.by_version.items() >= first.by_version.items()
    assert len(set(third.by_version.values())) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_link_leads_to_is_rotated_and_the_link_stays(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    make_peppers(elsewhere / "pepper")
    path.symlink_to(elsewhere / "pepper")
    assert rotate_peppers(path).newest == 2
    assert path.is_symlink()
    assert read_peppers(elsewhere / "pepper").newest == 2


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
def test_root_leaves_the_file_to_whom_it_belongs(path: Path) -> None:
    make_peppers(path)
    os.chown(path, 12345, 12346)
    rotate_peppers(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o777])
def test_one_that_others_may_read_or_write_is_refused(path: Path, mode: int) -> None:
    make_peppers(path)
    path.chmod(mode)
    for use in (read_peppers, rotate_peppers, make_peppers):
        with pytest.raises(PepperUnusable, match=re.escape(f"chmod 600 {path}")):
            use(path)
    assert list(path.parent.iterdir()) == [path]


A, B = b"a" * 64, b"b" * 64
DAMAGED = (
    *(b"", b"\n", b"hunter2", b"1 hunter2", b"\xff\xfe", b"1 " + b"g" * 64),
    *(b"1 " + A[1:], b"1 " + A + b"a", b"1 " + A.upper(), b"0 " + A, b"123456 " + A),
    *(b"1 " + A + b"\n1 " + B, b"1 " + A + b"\n\n2 " + B),
)


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_one_is_refused_and_not_shown(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(PepperUnusable) as refused:
        read_peppers(path)
    assert str(path) in str(refused.value)
    assert not any(part in str(refused.value) for part in ("hunter2", "aaaa", "bbbb", "AAAA"))


def test_a_missing_one_is_told_from_one_that_cannot_be_read(path: Path) -> None:
    with pytest.raises(PepperMissing, match="CHANCERY_PEPPER_FILE"):
        read_peppers(path)
    with pytest.raises(PepperMissing):
        rotate_peppers(path)
    path.mkdir(mode=0o700)
    with pytest.raises(PepperUnusable):
        read_peppers(path)
    with pytest.raises(PepperUnusable, match="cannot be written"):
        make_peppers(path / "nowhere" / "pepper")


def test_a_process_that_is_killed_in_the_middle_leaves_the_former_one(path: Path) -> None:
    before = make_peppers(path)
    die = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from app.access import peppers\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "peppers.rotate_peppers(Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", die, str(path)], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == -9, done.stderr
    assert read_peppers(path) == before
    with pytest.raises(PepperUnusable, match="remove that file") as refused:
        rotate_peppers(path)
    left = path.with_name(path.name + ".new")
    assert str(left) in str(refused.value)
    left.unlink()
    assert rotate_peppers(path).newest == 2


def test_no_text_that_is_made_in_passing_shows_a_pepper(path: Path) -> None:
    made = make_peppers(path)
    assert made.by_version[1].hex() not in repr(made)
    assert repr(made.by_version[1]) not in f"{made} {made!r}"
