"""Settings of text messages: whole or not there, and the demo's own stand-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings
from tests.conftest import SECRET_KEY

ACCOUNT, SERVICE, TOKEN = "AC" + "1" * 32, "MG" + "2" * 32, "3" * 32
WHOLE = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
         "TWILIO_MESSAGING_SERVICE_SID": SERVICE}  # fmt: skip


def load(home: Path, demo: bool = False, **env: str) -> Settings:
    usual = {
        "PASSAGE_HOME": str(home),
        "PASSAGE_SECRET_KEY": SECRET_KEY,
        "PASSAGE_PUBLIC_URL": "https://passage.example.ca",
        "PASSAGE_DEMO": "1" if demo else "",
    }
    return load_settings({**usual, **env})


def test_without_an_account_there_are_no_text_messages(tmp_path: Path) -> None:
    assert not load(tmp_path).texts


def test_an_account_with_a_service_is_whole(tmp_path: Path) -> None:
    found = load(tmp_path, **WHOLE)
    assert (found.texts, found.twilio_messaging_service_sid) == (True, SERVICE)
    assert found.twilio_api_base == "https://api.twilio.com"


def test_tokens_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    env = {**WHOLE, "TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")}
    assert load(tmp_path, **env).twilio_auth_token == TOKEN


def test_no_token_is_shown(tmp_path: Path) -> None:
    shown = repr(load(tmp_path, **WHOLE, TWILIO_AUTH_TOKEN_NEXT="4" * 32))
    assert TOKEN not in shown
    assert "4" * 32 not in shown


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_ACCOUNT_SID": "AC123"}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_MESSAGING_SERVICE_SID": "MG1"}, "TWILIO_MESSAGING_SERVICE_SID"),
        ({"TWILIO_MESSAGING_SERVICE_SID": ""}, "PASSAGE_SMS_FROM"),
        (
            {"TWILIO_MESSAGING_SERVICE_SID": "", "PASSAGE_SMS_FROM": "call me"},
            "PASSAGE_SMS_FROM",
        ),
        ({"TWILIO_API_BASE": "http://api.twilio.com"}, "TWILIO_API_BASE"),
        ({"TWILIO_API_BASE": "https://user:word@api.twilio.com"}, "TWILIO_API_BASE"),
        ({"PASSAGE_SMS_COUNTRIES": "Canada"}, "PASSAGE_SMS_COUNTRIES"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_half_an_account_is_refused_by_name(
    tmp_path: Path, change: dict[str, str], named: str, language: str
) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        load(tmp_path, **{**WHOLE, **change}, PASSAGE_LANG=language)
    assert TOKEN not in str(refused.value)


def test_the_demo_texts_by_its_own_stand_in(tmp_path: Path) -> None:
    found = load(tmp_path, demo=True, PASSAGE_PORT="9000")
    assert found.texts
    assert found.twilio_api_base == "http://127.0.0.1:9000/demo/twilio"


def test_a_demo_with_an_account_uses_that(tmp_path: Path) -> None:
    assert load(tmp_path, demo=True, **WHOLE).twilio_account_sid == ACCOUNT
