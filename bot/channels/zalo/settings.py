"""The settings of the Zalo bots; their tokens and secrets come from the environment alone."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from bot.channels.zalo.polling import POLL_SECONDS
from bot.channels.zalo.webhook import THIS_MACHINE

BotName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,20}$")]
_STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ZaloBot(BaseModel):
    """One bot, by a name of our own: it stands in the addresses of people, so it outlives a new token.

    title and link: how people find the bot in Zalo. users and monthly: how many people it takes, and how many messages
    a month leave before only replies and urgent ones do; Zalo's free plan allows 50 and 3,000.
    """

    model_config = _STRICT
    token: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    title: str = ""
    link: str = ""
    users: int = Field(default=50, ge=1)
    monthly: int = Field(default=2900, ge=1)

    @model_validator(mode="after")
    def _check_secret(self) -> Self:
        length = len(self.secret.get_secret_value())
        if length and not 8 <= length <= 256:
            raise ValueError("the secret must have 8 to 256 characters")
        return self


class Zalo(BaseModel):
    """The Zalo bots; without one that has a token the channel is not started."""

    model_config = _STRICT
    mode: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8081, ge=0, le=65535)
    poll_seconds: int = Field(default=POLL_SECONDS, ge=1, le=60)
    file_links: bool = False
    link_minutes: int = Field(default=30, ge=1, le=1440)
    typing: bool = True
    base_url: str = ""
    proxy: str = ""
    bots: dict[BotName, ZaloBot] = Field(default_factory=dict)

    @property
    def started(self) -> dict[str, ZaloBot]:
        """The bots that have a token."""
        return {name: bot for name, bot in self.bots.items() if bot.token.get_secret_value()}

    @model_validator(mode="after")
    def _check_address(self) -> Self:
        if self.host not in THIS_MACHINE:
            raise ValueError(f"host: only this machine ({', '.join(THIS_MACHINE)}); a proxy with HTTPS stands in front")
        if self.mode == "polling" and not self.file_links:
            return self
        if urlsplit(self.public_url).scheme != "https":
            raise ValueError("public_url: webhook and file_links need an address that begins with https://")
        if self.mode == "webhook":
            bare = [name for name, bot in self.started.items() if not bot.secret.get_secret_value()]
            if bare:
                raise ValueError(f"the webhook of bot {bare[0]} needs CHIBO_ZALO__BOTS__{bare[0].upper()}__SECRET")
        return self
