"""What each of Zalo's errors means: a table, as Zalo means it and not as Telegram does."""

from datetime import datetime

import pytest

from bot.channels.zalo.api import NO_ANSWER, NOT_SENT, UNREADABLE, ZaloError
from bot.channels.zalo.errors import meaning, next_month, send_error

NOW = datetime.fromisoformat("2026-03-24T20:05:00+07:00")


@pytest.mark.parametrize(
    ("code", "description", "kind", "reason"),
    [
        (NOT_SENT, "", "unsent", "network"),
        (NO_ANSWER, "", "uncertain", "network"),
        (UNREADABLE, "", "uncertain", "unreadable"),
        (400, "chat not found", "refused", "no_chat"),
        (400, "User not found", "refused", "no_chat"),
        (400, "text is too long", "refused", "too_large"),
        (400, "Bad Request", "refused", "content"),
        (401, "Unauthorized", "unsent", "token"),
        (403, "Internal server error", "uncertain", "server"),
        (404, "Not Found", "unsent", "not_found"),
        (404, "chat not found", "refused", "no_chat"),
        (408, "Request timeout", "uncertain", "timeout"),
        (413, "", "refused", "too_large"),
        (429, "Quota exceeded", "quota", "quota"),
        (429, "Too many requests", "unsent", "flood"),
        (418, "?", "refused", "content"),
        (500, "", "uncertain", "server"),
        (502, "", "uncertain", "server"),
    ],
)
def test_an_error_means_what_zalo_means_by_it(code, description, kind, reason):
    assert meaning(ZaloError(code, description)) == (kind, reason)


def test_a_server_error_is_no_blocked_bot():
    assert send_error(ZaloError(403, "Internal server error"), NOW).kind != "refused"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-24T20:05:00+07:00", "2026-03-24T21:05:00+07:00"),
        ("2026-03-31T23:30:00+07:00", "2026-04-01T00:00:00+07:00"),
    ],
)
def test_a_spent_quota_is_asked_about_again_each_hour_and_when_the_month_begins(now, until):
    error = send_error(ZaloError(429, "Quota exceeded"), datetime.fromisoformat(now))
    assert error.retry_at == datetime.fromisoformat(until)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-12-31T16:59:59+00:00", "2027-01-01T00:00:00+07:00"),
        ("2026-12-31T17:00:00+00:00", "2027-02-01T00:00:00+07:00"),
        ("2026-02-28T10:00:00+07:00", "2026-03-01T00:00:00+07:00"),
    ],
)
def test_the_month_is_that_of_viet_nam(now, begins):
    assert next_month(datetime.fromisoformat(now)) == datetime.fromisoformat(begins)


def test_a_bad_token_and_a_flood_name_a_deadline_and_a_lost_connection_none():
    assert (send_error(ZaloError(401), NOW).retry_at - NOW).total_seconds() == 60
    assert (send_error(ZaloError(429, "Too many requests"), NOW).retry_at - NOW).total_seconds() == 30
    assert send_error(ZaloError(NOT_SENT), NOW).retry_at is None


def test_an_error_says_nothing_but_its_code():
    assert str(ZaloError(400, "chat 6ede9a bot4123:secret")) == "Zalo error 400"
