"""Ids that sort by time and cannot be guessed: ``{prefix}_{YYYYMMDDHHMMSS}_{13 random characters}``."""

import secrets
from datetime import datetime

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_CHARACTERS = 13  # five bits each: 65 random bits


def new_id(prefix: str, now: datetime) -> str:
    """A new id with 65 random bits in lower-case Crockford base32; ``now`` in UTC."""
    random_part = "".join(secrets.choice(_CROCKFORD) for _ in range(_RANDOM_CHARACTERS))
    return f"{prefix}_{now:%Y%m%d%H%M%S}_{random_part}"
