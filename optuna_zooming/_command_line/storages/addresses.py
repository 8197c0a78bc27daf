"""Addresses of storages as they are shown: without passwords."""

from __future__ import annotations

import re

_AFTER_USER = re.compile(r"://([^:/@]*):.*@")
_IN_QUERY = re.compile(r"(?i)\b(\w*(?:password|passwd|pwd))=[^&\s]*")


def is_url(address: str) -> bool:
    """Whether this is a URL rather than a path."""
    return "://" in address


def masked(address: str) -> str:
    """The address, or a text that holds one, with three asterisks instead of passwords."""
    return _IN_QUERY.sub(r"\1=***", _AFTER_USER.sub(r"://\1:***@", address))
