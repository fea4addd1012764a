"""The form of a key: `chancery_<id>_<secret><checksum>`. Pure functions, and nothing is kept.

The prefix and the checksum are for whoever has no database: a scanner that looks for leaked
secrets, and a server that is shown a mistyped key. The id is public, in an alphabet without signs
that are taken for one another. The secret has 43 signs out of 62, which is 256 bits. All signs
may stand in a URL, and a double click selects the whole.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from zlib import crc32

from app.errors import Unauthenticated

PREFIX = "chancery"
ID_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 10
BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_LENGTH = 43
CHECKSUM_LENGTH = 6
"""So many of 62 signs hold the 32 bits of a CRC."""

IS_ID = re.compile(f"[{ID_SIGNS}]{{{ID_LENGTH}}}").fullmatch
PARTS = re.compile(
    f"{PREFIX}_([{ID_SIGNS}]{{{ID_LENGTH}}})_"
    f"([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
).fullmatch


@dataclass(frozen=True, slots=True)
class Key:
    """A key in hand. Neither `repr` nor `str` shows its secret; `reveal` alone does."""

    id: str
    secret: str = field(repr=False)

    def reveal(self) -> str:
        """The whole key, to be shown once to the one who asked for it."""
        body = f"{PREFIX}_{self.id}_{self.secret}"
        return body + checksum(body)

    def digest(self, pepper: bytes) -> str:
        """What is kept of the key: HMAC-SHA-256 in hexadecimal, over the id and the secret.

        With the id in it, a digest is worth nothing in the row of another key.
        """
        return hmac.digest(pepper, f"{self.id}_{self.secret}".encode(), "sha256").hex()


def new_key() -> Key:
    """A key from the system's source of randomness."""
    return Key(
        id="".join(secrets.choice(ID_SIGNS) for _ in range(ID_LENGTH)),
        secret="".join(secrets.choice(BASE_62) for _ in range(SECRET_LENGTH)),
    )


def parse_key(text: str) -> Key:
    """The key that a text is, to the letter; `Unauthenticated`, without the text, otherwise."""
    found = PARTS(text)
    if found is None:
        message = "This is no key: one begins with `chancery_` and has 69 signs in all."
        raise Unauthenticated(message)
    key_id, secret, check = found.groups()
    if check != checksum(text[:-CHECKSUM_LENGTH]):
        message = "The key is mistyped or cut: its checksum does not fit. Copy it again, whole."
        raise Unauthenticated(message)
    return Key(key_id, secret)


def checksum(body: str) -> str:
    """The CRC-32 of all that stands before it, in six signs, the most significant first."""
    number, signs = crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, rest = divmod(number, len(BASE_62))
        signs = BASE_62[rest] + signs
    return signs
