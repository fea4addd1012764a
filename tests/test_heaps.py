"""A worker's threads share one heap."""

import subprocess
import sys

import pytest

HEAPS = """
import ctypes, sys, threading
from app.cli import share_one_heap
if sys.argv[1] == "shared":
    share_one_heap()
ready = threading.Barrier(4)
def take():
    ready.wait()
    kept = bytearray(5_000)
    ready.wait()
threads = [threading.Thread(target=take) for _ in range(3)]
for thread in threads:
    thread.start()
ready.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
ready.wait()
"""


@pytest.mark.parametrize(("how", "at_most"), [("shared", 1), ("as ever", 16)])
def test_threads_share_one_heap(how: str, at_most: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAPS, how], capture_output=True, text=True, check=True
    )
    heaps = done.stdout.count("<heap ")
    assert 1 <= heaps <= at_most
    assert how == "shared" or heaps > 1


def test_it_says_whether_it_could() -> None:
    code = "from app.cli import share_one_heap; print(share_one_heap())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
