"""Settings of the agents' provider: whole or not there, and what each sentence says to set."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings
from tests.conftest import SECRET_KEY

WHOLE = {
    "PASSAGE_OIDC_ISSUER": "https://login.example.ca/v2",
    "PASSAGE_OIDC_CLIENT_ID": "desk",
    "PASSAGE_OIDC_CLIENT_SECRET": "hidden-from-all",
    "PASSAGE_OIDC_FACTORS": "amr=mfa hwk",
}


def load(home: Path, demo: bool = False, language: str = "en", **env: str) -> Settings:
    usual = {
        "PASSAGE_HOME": str(home),
        "PASSAGE_SECRET_KEY": SECRET_KEY,
        "PASSAGE_PUBLIC_URL": "https://passage.example.ca",
        "PASSAGE_DESK_URL": "https://desk.example.ca",
        "PASSAGE_DEMO": "1" if demo else "",
        "PASSAGE_LANG": language,
    }
    return load_settings({**usual, **env})


def test_without_any_agents_sign_in_with_a_password(tmp_path: Path) -> None:
    assert load(tmp_path).oidc is None


def test_the_whole_is_taken(tmp_path: Path) -> None:
    found = load(tmp_path, **WHOLE).oidc
    assert found is not None
    assert (found.issuer, found.factors, found.factor_values) == (
        "https://login.example.ca/v2", "amr", ("mfa", "hwk"),
    )  # fmt: skip
    assert (found.claim, found.break_glass) == ("sub", False)


def test_the_secret_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden-from-all\n")
    path = str(tmp_path / "secret")
    env = {**WHOLE, "PASSAGE_OIDC_CLIENT_SECRET": "", "PASSAGE_OIDC_CLIENT_SECRET_FILE": path}
    settings = load(tmp_path, **env)
    assert settings.oidc is not None and settings.oidc.client_secret == "hidden-from-all"
    assert "hidden-from-all" not in repr(settings)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("missing", WHOLE)
def test_half_of_it_says_what_is_missing(tmp_path: Path, missing: str, language: str) -> None:
    with pytest.raises(SettingsError, match=missing) as refused:
        load(tmp_path, language=language, **{**WHOLE, missing: ""})
    assert "hidden-from-all" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"PASSAGE_OIDC_ISSUER": "http://login.example.ca"}, "PASSAGE_OIDC_ISSUER"),
        ({"PASSAGE_OIDC_ISSUER": "login.example.ca"}, "PASSAGE_OIDC_ISSUER"),
        ({"PASSAGE_OIDC_ISSUER": "https://login.example.ca/?tenant=1"}, "PASSAGE_OIDC_ISSUER"),
        ({"PASSAGE_OIDC_ISSUER": "https://me:pass@login.example.ca"}, "PASSAGE_OIDC_ISSUER"),
        ({"PASSAGE_OIDC_FACTORS": "amr="}, "PASSAGE_OIDC_FACTORS"),
        ({"PASSAGE_OIDC_FACTORS": "mfa"}, "PASSAGE_OIDC_FACTORS"),
        ({"PASSAGE_OIDC_FACTORS": "provider=yes"}, "PASSAGE_OIDC_FACTORS"),
        ({"PASSAGE_OIDC_BREAK_GLASS": "everybody"}, "PASSAGE_OIDC_BREAK_GLASS"),
        ({"PASSAGE_DESK_URL": ""}, "PASSAGE_DESK_URL"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused(tmp_path: Path, change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(tmp_path, **{**WHOLE, **change})


@pytest.mark.parametrize("alone", ["PASSAGE_OIDC_CLAIM", "PASSAGE_OIDC_BREAK_GLASS"])
def test_what_belongs_to_it_means_nothing_alone(tmp_path: Path, alone: str) -> None:
    with pytest.raises(SettingsError, match="PASSAGE_OIDC_ISSUER"):
        load(tmp_path, **{alone: "administrators"})


def test_only_the_demo_takes_a_provider_without_tls(tmp_path: Path) -> None:
    env = {**WHOLE, "PASSAGE_OIDC_ISSUER": "http://127.0.0.1:9000"}
    settings = load(tmp_path, demo=True, **env)
    assert settings.oidc is not None and settings.oidc.issuer == "http://127.0.0.1:9000"
