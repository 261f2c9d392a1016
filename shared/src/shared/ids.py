"""Ids that sort by time and cannot be guessed: ``{prefix}_{YYYYMMDDHHMMSS}_{13 random characters}``."""

import re
import secrets
from datetime import datetime

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_CHARACTERS = 13  # five bits each: 65 random bits
_FORM = re.compile(r"[a-z]{2,9}_\d{14}_[0-9a-z]{13,32}")


def new_id(prefix: str, now: datetime) -> str:
    """A new id with 65 random bits in lower-case Crockford base32; ``now`` in UTC."""
    random_part = "".join(secrets.choice(_CROCKFORD) for _ in range(_RANDOM_CHARACTERS))
    return f"{prefix}_{now:%Y%m%d%H%M%S}_{random_part}"


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of an id; other text may be a secret in the wrong place."""
    return _FORM.fullmatch(text) is not None
