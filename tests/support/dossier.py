"""The research notes behind the seed and the article that it started from, where they are at hand.

Both are other people's prose and so no part of the repository: they lie in a folder `shared`
beside the checkout, for the developers and for CI. A checkout that stands alone cannot hold the
seed against them, and says so; everything else is tried there all the same.
"""

from pathlib import Path

import pytest

DOSSIER = Path(__file__).parents[3] / "shared" / "dossier"
ARTICLE = DOSSIER / "seed-article.txt"
NOTES = DOSSIER / "blinken-beijing-2023.md"


def text_of(file: Path) -> str:
    """The text of one of them; skips the test that asks for it where it is not at hand."""
    if not file.exists():
        pytest.skip(f"{file.name} is not part of the repository, and not beside this checkout")
    return file.read_text(encoding="utf-8")
