from __future__ import annotations

from pathlib import Path

import pytest

from web.settings import Settings, SettingsRefused, read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestReading:
    """Settings come from WENZE_* variables and a file; variables go first."""

    def test_without_any_the_defaults_hold(self) -> None:
        settings = read_settings({"PATH": "/bin"})
        assert settings == Settings()
        assert settings.database_url == f"sqlite:///{Path.cwd()}/.wenze/wenze.db"

    def test_variables_are_read_as_their_kind(self) -> None:
        settings = read_settings(
            {
                "WENZE_PORT": "9000",
                "WENZE_SECURE_COOKIES": "true",
                "WENZE_HOME": "/srv/wenze",
                "WENZE_SWEEP_SECONDS": "0.5",
                "WENZE_DATABASE": "postgresql+psycopg://localhost/wenze",
            }
        )
        assert (settings.port, settings.secure_cookies, settings.home) == (
            9000,
            True,
            Path("/srv/wenze"),
        )
        assert settings.sweep_seconds == 0.5
        assert settings.database_url == "postgresql+psycopg://localhost/wenze"

    def test_a_file_is_read_and_a_variable_goes_before_it(self, tmp_path: Path) -> None:
        (tmp_path / "wenze.toml").write_text('port = 1\nlanguage = "en"\n')
        assert read_settings({}).port == 1
        settings = read_settings({"WENZE_PORT": "2"})
        assert (settings.port, settings.language) == (2, "en")

    def test_a_file_may_be_named(self, tmp_path: Path) -> None:
        (tmp_path / "office.toml").write_text("threads = 2\n")
        assert read_settings({"WENZE_SETTINGS": "office.toml"}).threads == 2


class TestRefusing:
    """Unknown settings and wrong values are refused at start, in both languages."""

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("WENZE_PROT", "1", "unknown setting prot"),
            ("WENZE_PORT", "many", "port: 'many' is not int"),
            ("WENZE_PORT", "70000", "port must be 0 … 65535"),
            ("WENZE_SECURE_COOKIES", "maybe", "is not bool"),
            ("WENZE_LANGUAGE", "fr", "language must be zh | en"),
            ("WENZE_LOG_LEVEL", "loud", "log_level must be"),
            ("WENZE_THREADS", "0", "threads must be ≥ 1"),
            ("WENZE_SESSION_HOURS", "0", "session_hours must be ≥ 1"),
            ("WENZE_UPLOAD_MEGABYTES", "0", "upload_megabytes must be ≥ 1"),
            ("WENZE_SWEEP_SECONDS", "0", "sweep_seconds must be > 0"),
        ],
    )
    def test_it_is_named(self, name: str, value: str, said: str) -> None:
        with pytest.raises(SettingsRefused, match=said.replace("|", r"\|")):
            read_settings({name: value})

    def test_a_file_that_is_no_toml(self, tmp_path: Path) -> None:
        (tmp_path / "wenze.toml").write_text("port = = 1")
        with pytest.raises(SettingsRefused, match="cannot be read"):
            read_settings({})

    def test_a_named_file_that_is_not_there(self) -> None:
        with pytest.raises(SettingsRefused, match="no settings file"):
            read_settings({"WENZE_SETTINGS": "nowhere.toml"})
