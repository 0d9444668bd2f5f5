"""Settings: from config.toml and the environment, secrets from the environment alone."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from bot.channels.base import Limits
from bot.channels.telegram import LIMITS
from bot.channels.zalo import Zalo

DEFAULT = Path("config.toml")
_SECRETS = (("telegram", "token"),)


class ConfigError(Exception):
    """A configuration that cannot be used: what is wrong and where, never a value."""


class Section(BaseModel):
    """A table of the file; a mistyped key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Database(Section):
    """Where everything is stored."""

    url: str = "sqlite:///var/chibo.db"


class SendingLimits(Section):
    """Messages a second: in all, to one chat, to one group."""

    per_second: float = Field(default=LIMITS.per_second, gt=0)
    per_chat: float = Field(default=LIMITS.per_chat, gt=0)
    per_group: float = Field(default=LIMITS.per_group, gt=0)

    def limits(self) -> Limits:
        """Return the limits as a channel holds them."""
        return Limits(self.per_second, self.per_chat, self.per_group)


class Telegram(Section):
    """The bot on Telegram; without a token the channel is not started."""

    token: SecretStr = SecretStr("")
    base_url: str = ""
    proxy: str = ""
    username: str = ""
    limits: SendingLimits = SendingLimits()

    @property
    def bot(self) -> str:
        """The name of the bot in our tables: the public part of the token."""
        return self.token.get_secret_value().partition(":")[0]


class Web(Section):
    """The phone page; host must be this machine."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class Invitations(Section):
    """How long a code is good for, and how many wrong ones lock an address out for how long."""

    days: int = Field(default=14, ge=1)
    wrong_codes: int = Field(default=5, ge=1)
    lockout_minutes: int = Field(default=30, ge=1)


class Backup(Section):
    """The nightly copy of an SQLite database; times are those of Viet Nam."""

    folder: Path = Path("var/backups")
    keep: int = Field(default=14, ge=1)
    at: str = Field(default="02:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class Settings(BaseSettings):
    """Everything that can be set. The environment (CHIBO_WEB__PORT=9000) comes before the file."""

    model_config = SettingsConfigDict(
        env_prefix="CHIBO_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )
    database: Database = Database()
    telegram: Telegram = Telegram()
    web: Web = Web()
    zalo: Zalo = Zalo()
    invitations: Invitations = Invitations()
    backup: Backup = Backup()
    retention_days: int = Field(default=30, ge=1)
    live_hours: int = Field(default=24, ge=1)
    addition_hours: int = Field(default=24, ge=1)
    pause_hours: int = Field(default=4, ge=1)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file and the environment.

    Without a path config.toml is read where there is one. Raises ConfigError for a file that is missing or
    unreadable, an unknown key, a value that does not fit, and a secret in the file.
    """
    content = _read(path or DEFAULT, required=path is not None)
    for section, key in _SECRETS:
        if isinstance(content.get(section), dict) and key in content[section]:
            variable = f"CHIBO_{section}__{key}".upper()
            raise ConfigError(f"{path or DEFAULT}: [{section}] {key} is a secret: set {variable} in the environment")
    _refuse_bot_secrets(content, path or DEFAULT)
    try:
        return _reading(path or DEFAULT)()
    except ValidationError as error:
        raise ConfigError("; ".join(_told(one) for one in error.errors(include_input=False))) from None


def _refuse_bot_secrets(content: dict[str, Any], path: Path) -> None:
    zalo = content.get("zalo")
    bots = zalo.get("bots") if isinstance(zalo, dict) else None
    for name, bot in bots.items() if isinstance(bots, dict) else ():
        for key in ("token", "secret"):
            if isinstance(bot, dict) and key in bot:
                variable = f"CHIBO_ZALO__BOTS__{name}__{key}".upper()
                raise ConfigError(f"{path}: [zalo.bots.{name}] {key} is a secret: set {variable} in the environment")


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    # pydantic-settings passes over a file that is missing without a word.
    if not path.is_file():
        if required:
            raise ConfigError(f"there is no configuration file {path}")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None


def _reading(path: Path) -> type[Settings]:
    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is pydantic's
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    return FromFile


def _told(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"
