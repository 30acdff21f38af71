"""The keys of an installation: made once, kept in a file that only its owner reads."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from web.settings import SettingsRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY_BYTES = 32
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Keys:
    """What must not be lost and not be shown.

    Attributes:
        current: The name of the master key that new data keys are wrapped with.
        masters: Every master key of the vault by name, 32 bytes each.
        cookies: What signs cookies and tokens of forms.
        record: The secret that signs anchors of the record, 32 bytes.
    """

    current: str
    masters: Mapping[str, bytes] = field(repr=False)
    cookies: bytes = field(repr=False)
    record: bytes = field(repr=False)


def keys_in(home: Path) -> Keys:
    """Return the keys in `home`, made there on the first call.

    Without this file the confidential fields of every case are lost: it belongs into
    the backup, apart from the database.

    Raises:
        SettingsRefused: The file is damaged; nothing is made in its place.
    """
    path = home / "keys.toml"
    if not path.exists():
        _make(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        keys = Keys(
            current=data["current"],
            masters={name: base64.b64decode(text) for name, text in data["masters"].items()},
            cookies=base64.b64decode(data["cookies"]),
            record=_record_key(data),
        )
    except (ValueError, KeyError, AttributeError, TypeError) as broken:
        raise _damaged(path) from broken
    sizes = {len(key) for key in (*keys.masters.values(), keys.cookies, keys.record)}
    if keys.current not in keys.masters or sizes != {KEY_BYTES}:
        raise _damaged(path)
    return keys


def begin_rotation(home: Path) -> Keys:
    """Put a new master key beside those in `home`, and make it the present one.

    Where one stands there already that another rotation put there, that one goes on.

    Raises:
        SettingsRefused: The file is damaged.
    """
    keys = keys_in(home)
    if len(keys.masters) > 1:
        return keys
    name = f"k{int(keys.current.removeprefix('k')) + 1}" if keys.current[1:].isdigit() else "k2"
    masters = {**keys.masters, name: secrets.token_bytes(KEY_BYTES)}
    return _keep(home, replace(keys, current=name, masters=masters))


def end_rotation(home: Path) -> Keys:
    """Take every master key but the present one out of `home`: what it wrapped opens no more.

    Raises:
        SettingsRefused: The file is damaged.
    """
    keys = keys_in(home)
    return _keep(home, replace(keys, masters={keys.current: keys.masters[keys.current]}))


def _keep(home: Path, keys: Keys) -> Keys:
    """Put `keys` in the place of those in `home`, whole or not at all."""
    path = home / "keys.toml"
    aside = _aside(path, _text_of(keys))
    aside.replace(path)
    return keys


def _record_key(data: Mapping[str, str]) -> bytes:
    """Return the record's secret; homes made before there was one derive it from the cookies'."""
    if "record" in data:
        return base64.b64decode(data["record"])
    return hashlib.sha256(b"wenze record key\0" + base64.b64decode(data["cookies"])).digest()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes
    keys = Keys("k1", {"k1": made(KEY_BYTES)}, cookies=made(KEY_BYTES), record=made(KEY_BYTES))
    # Written aside and linked into place whole: a crash leaves no half file, and of two
    # processes that start at once the second one takes the first one's keys.
    aside = _aside(path, _text_of(keys))
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()


def _text_of(keys: Keys) -> str:
    masters = "".join(f'{name} = "{_base64(key)}"\n' for name, key in keys.masters.items())
    return (
        "# Keep this file safe and in the backup: without it confidential fields are lost.\n"
        f'current = "{keys.current}"\n'
        f'cookies = "{_base64(keys.cookies)}"\n'
        f'record = "{_base64(keys.record)}"\n'
        f"\n[masters]\n{masters}"
    )


def _aside(path: Path, text: str) -> Path:
    """Write `text` beside `path` for the owner's eyes only, down to the disk."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside


def _damaged(path: Path) -> SettingsRefused:
    return SettingsRefused(
        f"密钥文件 {path} 已损坏，请从备份恢复 / {path} is damaged; restore it from the backup"
    )


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
