"""The settings of one installation: read once, checked at start, never changed."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.model.digests import ALGORITHMS
from scheduler.channels.mail import WAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "WENZE_"
FILE_VARIABLE = "WENZE_SETTINGS"
OF_TESTS = "WENZE_TEST_"
"""What tests and measurements are told; no settings of an installation."""

LAST_PORT = 65_535
LONGEST_RETRY = 168
LONGEST_SWEEP = 3_600
LANGUAGES = ("zh", "en")
LEVELS = ("debug", "info", "warning", "error")


class SettingsRefused(ValueError):
    """A setting is unknown or not of its kind; the text names it, in both languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs.

    Attributes:
        home: The folder of database, files and keys.
        database: Its address; empty for SQLite in `home`.
        host: The address to listen on.
        port: The port to listen on, 0 to 65535; 0 takes a free one.
        threads: How many requests are served at once, 1 or more.
        language: The language of a page before anybody has chosen: zh or en.
        session_hours: After how many idle hours a log-in ends, 1 or more.
        upload_megabytes: The largest attachment.
        log_level: debug, info, warning or error.
        secure_cookies: Whether cookies are sent over TLS only.
        worker_threads: How many jobs a worker does at once on PostgreSQL, 1 or more.
        sweep_seconds: How often the clock ticks; above 0, at most an hour.
        fonts: Further folders with fonts for documents, separated by `:`.
        digest: The algorithm of new digests of the record: sha256 or sm3.
        timestamp_server: The https address of an RFC 3161 time-stamping authority that is
            asked for a stamp on each daily anchor; empty for none.
        oidc_issuer: The address of the office's identity provider (OpenID Connect); empty for none.
        oidc_client_id: What the platform is called there.
        oidc_client_secret: Its secret there.
        oidc_claim: Which claim of the provider is the log-in's name here.
        api_calls: Calls of `/api/v1` a minute that one log-in may make, 1 or more.
        metrics_token: Who bears it may read `/metrics`; empty for nobody.
        otel_endpoint: Where traces go by OTLP over HTTP (``http://host:4318/v1/traces``); empty for
            none. It needs the extra ``otel``.
        mail_server, mail_port: The SMTP server that notices are sent by; empty for no mail.
        mail_tls: starttls, tls (from the first byte) or none (a relay on this machine).
        mail_user, mail_password: For its log-in; both empty for none.
        mail_from: The sender's address.
        mail_domains: The domains that mail goes to, separated by commas; none of the others
            gets any.
        notice_hosts: The hosts of robots and webhooks that notices go to, separated by commas;
            one that begins with a dot allows all below it. Empty for none.
        retry_hours: Over how long mail and calls of hosts that fail are tried, at growing
            intervals, before they are shown as given up; 1 to 168, proposed.
        notice_private: Whether those hosts may have private addresses and speak plain http.
    """

    home: Path = Path(".wenze")
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8440
    threads: int = 8
    language: str = "zh"
    session_hours: int = 8
    upload_megabytes: int = 50
    log_level: str = "info"
    secure_cookies: bool = False
    worker_threads: int = 4
    sweep_seconds: float = 1.0
    fonts: str = ""
    digest: str = "sha256"
    timestamp_server: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_claim: str = "preferred_username"
    api_calls: int = 600
    metrics_token: str = field(default="", repr=False)
    otel_endpoint: str = ""
    mail_server: str = ""
    mail_port: int = 587
    mail_tls: str = "starttls"
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_from: str = ""
    mail_domains: str = ""
    notice_hosts: str = ""
    notice_private: bool = False
    retry_hours: int = 24

    def __post_init__(self) -> None:
        _hold(0 <= self.port <= LAST_PORT, "port", "0 … 65535")
        _hold(self.threads >= 1, "threads", "≥ 1")
        _hold(self.worker_threads >= 1, "worker_threads", "≥ 1")
        _hold(self.language in LANGUAGES, "language", " | ".join(LANGUAGES))
        _hold(self.api_calls >= 1, "api_calls", "≥ 1")
        _hold(self.session_hours >= 1, "session_hours", "≥ 1")
        _hold(self.upload_megabytes >= 1, "upload_megabytes", "≥ 1")
        _hold(self.log_level in LEVELS, "log_level", " | ".join(LEVELS))
        _hold(self.digest in ALGORITHMS, "digest", " | ".join(ALGORITHMS))
        _hold(
            not self.timestamp_server or self.timestamp_server.startswith(("https://", "http://")),
            "timestamp_server",
            "https://…",
        )
        _hold(1 <= self.retry_hours <= LONGEST_RETRY, "retry_hours", "1 … 168")
        _hold(
            not self.otel_endpoint or self.otel_endpoint.startswith(("http://", "https://")),
            "otel_endpoint",
            "http://…",
        )
        _hold(0 < self.mail_port <= LAST_PORT, "mail_port", "1 … 65535")
        _hold(self.mail_tls in WAYS, "mail_tls", " | ".join(WAYS))
        _hold(not self.mail_server or "@" in self.mail_from, "mail_from", "name@domain")
        _hold(
            not self.oidc_issuer or bool(self.oidc_client_id and self.oidc_client_secret),
            "oidc_client_id, oidc_client_secret",
            "set, since oidc_issuer is",
        )
        _hold(0 < self.sweep_seconds <= LONGEST_SWEEP, "sweep_seconds", "> 0, ≤ 3600")

    @property
    def database_url(self) -> str:
        """Return the address of the database, the embedded one if none is set."""
        return self.database or f"sqlite:///{self.home.absolute()}/wenze.db"

    @property
    def has_queue(self) -> bool:
        """Whether the database carries a queue, so that several nodes may share the work."""
        return self.database_url.startswith("postgresql")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from a file and from WENZE_* variables, which go first.

    The file is TOML, named by WENZE_SETTINGS or else `wenze.toml` in the working
    folder, where there is one.

    Raises:
        SettingsRefused: A setting is unknown or not of its kind, or the file cannot
            be read.
    """
    variables = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    named = variables.get(FILE_VARIABLE)
    path = Path(named or "wenze.toml")
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsRefused(
                f"设置文件 {path} 无法读取：{error} / {path} cannot be read: {error}"
            ) from error
    elif named:
        raise SettingsRefused(f"没有设置文件 {path} / there is no settings file {path}")
    for name, text in variables.items():
        if name.startswith(PREFIX) and name != FILE_VARIABLE and not name.startswith(OF_TESTS):
            values[name.removeprefix(PREFIX).lower()] = text
    return Settings(**{name: _read(name, value) for name, value in values.items()})


def _read(name: str, value: object) -> Any:
    """Return `value` as the setting's kind."""
    kinds = {field.name: str(field.type) for field in fields(Settings)}
    if name not in kinds:
        raise SettingsRefused(
            f"未知设置 {name}；可用：{'、'.join(kinds)} / "
            f"unknown setting {name}; known: {', '.join(kinds)}"
        )
    kind = kinds[name]
    try:
        if kind == "Path":
            return Path(str(value))
        if kind == "int":
            return int(str(value))
        if kind == "float":
            return float(str(value))
        if kind == "bool":
            return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]
    except (ValueError, KeyError) as error:
        raise SettingsRefused(
            f"设置 {name} 的值 {value!r} 不是 {kind} / {name}: {value!r} is not {kind}"
        ) from error
    return str(value)


def _hold(holds: bool, name: str, allowed: str) -> None:  # noqa: FBT001 -- an assertion
    if not holds:
        raise SettingsRefused(f"设置 {name} 应为 {allowed} / {name} must be {allowed}")
