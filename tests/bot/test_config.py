from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load_settings

ROOT = Path(__file__).parent.parent.parent
SECRET = "123456:very-secret"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in ("CHIBO_TELEGRAM__TOKEN", "CHIBO_WEB__PORT", "CHIBO_DATABASE__URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_delivered_file_holds_the_defaults():
    delivered = load_settings(ROOT / "config.toml").model_dump()
    defaults = Settings().model_dump()
    assert delivered.pop("telegram")["limits"]["per_group"] == pytest.approx(20 / 60, abs=0.001)
    del defaults["telegram"]
    assert delivered == defaults


def test_without_any_file_the_defaults_stand():
    assert load_settings().web.port == 8080


def test_a_file_that_was_named_must_be_there():
    with pytest.raises(ConfigError, match=r"no configuration file gone\.toml"):
        load_settings(Path("gone.toml"))


def test_the_environment_comes_before_the_file(tmp_path, monkeypatch):
    path = written(tmp_path, "[web]\nport = 9000\nhost = '::1'\n")
    assert load_settings(path).web.port == 9000
    monkeypatch.setenv("CHIBO_WEB__PORT", "9001")
    assert (load_settings(path).web.port, load_settings(path).web.host) == (9001, "::1")


def test_a_token_in_the_file_is_refused_without_being_shown(tmp_path):
    path = written(tmp_path, f"[telegram]\ntoken = '{SECRET}'\n")
    with pytest.raises(ConfigError, match="CHIBO_TELEGRAM__TOKEN") as error:
        load_settings(path)
    assert SECRET not in str(error.value)


def test_a_token_is_read_from_the_environment_and_never_printed(monkeypatch):
    monkeypatch.setenv("CHIBO_TELEGRAM__TOKEN", SECRET)
    settings = load_settings()
    assert settings.telegram.bot == "123456"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web\n", "my.toml"),
        ("[web]\nprot = 1\n", "web.prot"),
        ("[web]\nport = 99999\n", "web.port"),
        ("[nowhere]\nx = 1\n", "nowhere"),
        ("retention_days = 0\n", "retention_days"),
        ("[backup]\nat = '25:00'\n", "backup.at"),
        ("telegram = 5\n", "telegram"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, text, told):
    with pytest.raises(ConfigError, match=told):
        load_settings(written(tmp_path, text))


def test_a_mistyped_key_beside_the_token_does_not_print_it(tmp_path, monkeypatch):
    monkeypatch.setenv("CHIBO_TELEGRAM__TOKEN", SECRET)
    monkeypatch.setenv("CHIBO_TELEGRAM__TOKNE", SECRET)
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert SECRET not in str(error.value)
    assert "tokne" in str(error.value)
