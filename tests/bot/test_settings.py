"""What cannot work or is not safe refuses to start, and says which variable to set to what."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings, SettingsError, desk_always_open, load_settings
from bot.settings.keys import MIN_KEY_LENGTH, PLACEHOLDERS
from tests.conftest import SECRET_KEY

Load = Callable[..., Settings]
OTHER_KEY = "vT5mJ8xY2rL9eW4nH7kQ1zB6cF3dG0sPuAiN"
FRENCH = re.compile(r"\b(donnez|doit|gardez|vérifiez|indiquez|définissez|utilisez|se compose)\b")
SECRETS = {
    "PASSAGE_SECRET_KEY": ("secret_key", SECRET_KEY),
    "PASSAGE_SECRET_KEY_PREVIOUS": ("previous_secret_key", OTHER_KEY),
    "PASSAGE_DATABASE_URL": ("database_url", "postgresql://u:hidden@db/passage"),
    "SMTP_URL": ("smtp_url", "smtps://u:hidden@mail.example.ca:465"),
    "NOTIFY_API_KEY": ("notify_api_key", "hidden-notify-key"),
}


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a good installation outside the demo, changed by what is given; None: not set."""

    def loaded(**changes: str | None) -> Settings:
        environ = {
            "PASSAGE_HOME": str(tmp_path),
            "PASSAGE_SECRET_KEY": SECRET_KEY,
            "PASSAGE_PUBLIC_URL": "https://passage.example.ca",
            **changes,
        }
        return load_settings({name: value for name, value in environ.items() if value is not None})

    return loaded


def refusal(load: Load, name: str, **changes: str | None) -> str:
    """The English sentence; both languages name `name` and quote nothing that was set."""
    sentences = []
    for language in ("en", "fr"):
        with pytest.raises(SettingsError) as refused:
            load(**changes, PASSAGE_LANG=language)
        sentences.append(str(refused.value))
        assert re.search(rf"\b{name}\b", sentences[-1])
        values = [value for key, value in changes.items() if value and not key.endswith("_FILE")]
        assert not [value for value in values if len(value) > 20 and value in sentences[-1]]
        assert "hid" not in sentences[-1], "no part of a password either"
    assert [bool(FRENCH.search(sentence)) for sentence in sentences] == [False, True]
    return sentences[0]


def test_a_good_installation_starts(load: Load) -> None:
    settings = load()
    assert settings.secure
    assert (settings.secret_key, settings.previous_secret_key) == (SECRET_KEY, "")


def test_the_demo_starts_with_nothing_set_and_keeps_its_own_key(tmp_path: Path) -> None:
    environ = {"PASSAGE_HOME": str(tmp_path), "PASSAGE_DEMO": "1"}
    settings = load_settings(environ)
    assert settings.secret_key == load_settings(environ).secret_key
    assert len(settings.secret_key) >= MIN_KEY_LENGTH
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_the_language_of_a_sentence_is_the_operator_s(load: Load) -> None:
    with pytest.raises(SettingsError, match="n’est pas définie"):
        load(PASSAGE_SECRET_KEY=None, LANG="fr_CA.UTF-8")


def test_outside_the_demo_a_key_must_be_set(load: Load) -> None:
    assert "not set" in refusal(load, "PASSAGE_SECRET_KEY", PASSAGE_SECRET_KEY=None)
    assert "not set" in refusal(load, "PASSAGE_SECRET_KEY", PASSAGE_SECRET_KEY="")


WEAK = [
    *(f"{word}-X7q!zR2w#Lk9@vB4$nM1" + "&uYpTfHj" for word in PLACEHOLDERS),
    "MySECRET-X7q!zR2w#Lk9@vB4$nM1&uYpTfHj",
    "abcabcabc" * 4,
    "abbacddceffeabdcfeacbdfebadcfaebcdfa",
    "aB3dE6gH9jK" * 3,
    "aB3dE6gH9jKmN2pQ" * 2,
    "aB3dE6gH9jKmN" * 2 + "aB3dE6gH9j",
]


@pytest.mark.parametrize("name", ["PASSAGE_SECRET_KEY", "PASSAGE_SECRET_KEY_PREVIOUS"])
@pytest.mark.parametrize("key", WEAK)
def test_a_key_that_can_be_guessed_is_refused(load: Load, name: str, key: str) -> None:
    assert len(key) >= MIN_KEY_LENGTH
    assert "easy to guess" in refusal(load, name, **{name: key})


@pytest.mark.parametrize("name", ["PASSAGE_SECRET_KEY", "PASSAGE_SECRET_KEY_PREVIOUS"])
def test_a_short_key_is_refused(load: Load, name: str) -> None:
    assert "too short" in refusal(load, name, **{name: OTHER_KEY[: MIN_KEY_LENGTH - 1]})
    assert load(**{name: OTHER_KEY[:MIN_KEY_LENGTH]})


def test_keys_that_were_drawn_at_random_are_taken(load: Load) -> None:
    for _ in range(200):
        assert load(PASSAGE_SECRET_KEY=secrets.token_urlsafe(48))
        assert load(PASSAGE_SECRET_KEY=secrets.token_hex(32))


def test_the_demo_takes_no_weak_key_either(load: Load) -> None:
    refusal(load, "PASSAGE_SECRET_KEY", PASSAGE_SECRET_KEY="changeme" * 5, PASSAGE_DEMO="1")


def test_the_previous_key_must_be_another_one(load: Load) -> None:
    name = "PASSAGE_SECRET_KEY_PREVIOUS"
    assert "present key" in refusal(load, name, **{name: SECRET_KEY})


def test_the_key_of_the_demo_is_refused_outside_it(load: Load, tmp_path: Path) -> None:
    own = load(PASSAGE_DEMO="1", PASSAGE_SECRET_KEY=None).secret_key
    assert "demo" in refusal(load, "PASSAGE_SECRET_KEY", PASSAGE_SECRET_KEY=own)
    assert load(PASSAGE_DEMO="1", PASSAGE_SECRET_KEY=own).secret_key == own
    refusal(load, "PASSAGE_SECRET_KEY", PASSAGE_SECRET_KEY=None)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_can_come_from_a_file(load: Load, tmp_path: Path, name: str) -> None:
    field, value = SECRETS[name]
    path = tmp_path / "mounted"
    path.write_text(f"{value}\n")
    others = {"PASSAGE_SECRET_KEY": None} if field == "secret_key" else {}
    assert getattr(load(**others, **{f"{name}_FILE": str(path)}), field) == value


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_both_places_is_refused(load: Load, tmp_path: Path, name: str) -> None:
    _, value = SECRETS[name]
    path = tmp_path / "mounted"
    path.write_text(value)
    sentence = refusal(load, f"{name}_FILE", **{name: value, f"{name}_FILE": str(path)})
    assert "both" in sentence


def unreadable(kind: str, folder: Path) -> Path:
    path = folder / kind
    if kind == "empty":
        path.write_text("\n")
    if kind == "binary":
        path.write_bytes(b"\xff\xfe\x80")
    return folder if kind == "folder" else path


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "binary"])
@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_cannot_be_read_is_refused_by_variable_and_path(
    load: Load, tmp_path: Path, name: str, kind: str
) -> None:
    path = str(unreadable(kind, tmp_path))
    sentence = refusal(load, f"{name}_FILE", **{name: None, f"{name}_FILE": path})
    assert path in sentence


def test_a_secret_that_was_put_where_its_path_belongs_is_not_quoted(load: Load) -> None:
    changes = {"PASSAGE_SECRET_KEY": None, "PASSAGE_SECRET_KEY_FILE": OTHER_KEY}
    assert OTHER_KEY not in refusal(load, "PASSAGE_SECRET_KEY_FILE", **changes)


@pytest.mark.parametrize("url", [None, "http://passage.example.ca", "http://localhost:8080"])
def test_outside_the_demo_people_come_by_https(load: Load, url: str | None) -> None:
    sentence = refusal(load, "PASSAGE_PUBLIC_URL", PASSAGE_PUBLIC_URL=url)
    assert "https://" in sentence
    assert load(PASSAGE_PUBLIC_URL=url, PASSAGE_DEMO="1")


@pytest.mark.parametrize(
    "url",
    [
        "passage.example.ca",
        "ftp://passage.example.ca",
        "https://",
        "https://:443",
        "https://passage.example.ca/chat",
        "https://passage.example.ca?lang=fr",
        "https://passage.example.ca#top",
        "https://user:hidden@passage.example.ca",
        "https://passage.example.ca:99999",
        "https://passage.example.ca:0",
        "https://passage example.ca",
        "https://passage.example.ca\n",
        "https://[::1",
    ],
)
@pytest.mark.parametrize("demo", ["", "1"])
def test_a_public_url_is_an_origin_and_nothing_else(load: Load, url: str, demo: str) -> None:
    refusal(load, "PASSAGE_PUBLIC_URL", PASSAGE_PUBLIC_URL=url, PASSAGE_DEMO=demo)


@pytest.mark.parametrize("url", ["https://a.example.ca:8443", "https://[::1]:443", "https://a-b/"])
def test_hosts_ports_and_a_last_slash_are_taken(load: Load, url: str) -> None:
    assert load(PASSAGE_PUBLIC_URL=url).public_url == url.rstrip("/")


@pytest.mark.parametrize("value", ["", "-1", "11", "two", "1.5", "²", "1" * 5000])
def test_proxies_are_a_number_from_0_to_10(load: Load, value: str) -> None:
    assert "0 to 10" in refusal(load, "PASSAGE_PROXIES", PASSAGE_PROXIES=value)
    assert [load(PASSAGE_PROXIES=n).proxies for n in ("0", "10")] == [0, 10]


@pytest.mark.parametrize("value", ["0", "65536", "http", "²"])
def test_a_port_is_a_number_of_a_port(load: Load, value: str) -> None:
    refusal(load, "PASSAGE_PORT", PASSAGE_PORT=value)


def test_a_brand_is_one_that_exists(load: Load) -> None:
    assert "neutral, gc" in refusal(load, "PASSAGE_BRAND", PASSAGE_BRAND="department")


@pytest.mark.parametrize("home", ["/proc", "/proc/passage", "{file}", "{file}/below"])
def test_a_home_where_nothing_can_be_written_is_refused(
    load: Load, tmp_path: Path, home: str
) -> None:
    (tmp_path / "file").touch()
    for language in ("en", "fr"):
        path = home.format(file=tmp_path / "file")
        with pytest.raises(SettingsError, match="PASSAGE_HOME") as refused:
            load(PASSAGE_HOME=path, PASSAGE_LANG=language)
        assert path in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "postgres://u:hidden@db/passage",
        "mysql://u:hidden@db/passage",
        "postgresql://",
        "postgresql://u:hid/den@db/passage",
        "passage.db",
    ],
)
def test_a_database_is_sqlite_or_postgresql(load: Load, url: str) -> None:
    refusal(load, "PASSAGE_DATABASE_URL", PASSAGE_DATABASE_URL=url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/passage.db",
        "postgresql://u:p@db:5432/passage",
        "postgresql+psycopg2://u:p@/passage?host=/run/postgresql",
    ],
)
def test_addresses_of_both_databases_are_taken(load: Load, url: str) -> None:
    assert load(PASSAGE_DATABASE_URL=url).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.ca",
        "http://mail.example.ca",
        "smtps://",
        "smtps://mail.example.ca:port",
        "smtps://u:hid#den@mail.example.ca",
        "smtp://mail.example.ca?starttls=required",
        "smtps://mail.example.ca/path",
        "smtps://mail.example.ca#top",
    ],
)
@pytest.mark.parametrize("demo", ["", "1"])
def test_a_mail_server_is_a_scheme_a_host_and_a_port(load: Load, url: str, demo: str) -> None:
    refusal(load, "SMTP_URL", SMTP_URL=url, PASSAGE_DEMO=demo)


def test_codes_leave_in_the_clear_only_to_this_machine_or_in_the_demo(load: Load) -> None:
    for host in ("mail.example.ca", "127.0.0.1.example.ca", "192.0.2.1", "localhost.example.ca"):
        sentence = refusal(load, "SMTP_URL", SMTP_URL=f"smtp://u:hidden@{host}:25")
        assert "in the clear" in sentence
        assert load(SMTP_URL=f"smtp://{host}:25", PASSAGE_DEMO="1")
        assert load(SMTP_URL=f"smtps://{host}")
        assert load(SMTP_URL=f"smtp+starttls://{host}:587")
    for host in ("localhost", "127.0.0.1", "127.8.9.1", "[::1]"):
        assert load(SMTP_URL=f"smtp://{host}:25")


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@", "@example.ca", "a@b@c", "a b@example.ca", "a@example.ca\nBcc: b"],
)
def test_the_sender_of_mail_is_an_address(load: Load, address: str) -> None:
    refusal(load, "PASSAGE_MAIL_FROM", PASSAGE_MAIL_FROM=address)
    assert load(PASSAGE_MAIL_FROM="no-reply@example.ca")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "SMTP_URL"), ({"NOTIFY_API_KEY": "hidden"}, "NOTIFY_TEMPLATE_ID")],
)
def test_nothing_is_served_when_nobody_would_get_their_code(
    tmp_path: Path, changes: dict[str, str], name: str, language: str
) -> None:
    environ = {
        "PASSAGE_HOME": str(tmp_path),
        "PASSAGE_SECRET_KEY": SECRET_KEY,
        "PASSAGE_PUBLIC_URL": "https://passage.example.ca",
        "PASSAGE_LANG": language,
        "PASSAGE_DEMO": "",
        **changes,
    }
    result = CliRunner().invoke(app, ["serve"], env=environ)
    assert (result.exit_code, name in result.output) == (2, True)
    assert bool(FRENCH.search(result.output)) == (language == "fr")
    assert list(tmp_path.iterdir()) == [], "before anything is started"


def test_a_path_with_brackets_is_no_mark_up(tmp_path: Path) -> None:
    environ = {"PASSAGE_HOME": "/proc/[/red]", "PASSAGE_DEMO": "1"}
    result = CliRunner().invoke(app, ["migrate"], env=environ)
    assert (result.exit_code, "/proc/[/red]" in result.output) == (2, True)


def test_settings_show_no_secret_when_they_are_printed(load: Load) -> None:
    settings = load(**{name: value for name, (_, value) in SECRETS.items()})
    for field, value in SECRETS.values():
        assert getattr(settings, field) == value
        assert value not in f"{settings} {settings!r}"
    assert "hidden" not in repr(settings)


def test_the_desk_has_a_host_name_of_its_own(load: Load) -> None:
    """Cookies know no ports: on one host name the desk's would travel to the applicants' pages."""
    name = "PASSAGE_DESK_URL"
    assert load().desk_url == "", "outside the demo no address is guessed"
    assert load(**{name: "https://desk.example.ca/"}).desk_url == "https://desk.example.ca"
    shared = refusal(load, name, **{name: "https://passage.example.ca:8081"})
    assert "another host name" in shared
    assert "https" in refusal(load, name, **{name: "http://desk.example.ca"})
    refusal(load, name, **{name: "https://desk.example.ca/path"})
    demo = load(PASSAGE_DEMO="1", PASSAGE_DESK_PORT="9000")
    assert demo.desk_url == "http://localhost:9000"
    refusal(load, "PASSAGE_DESK_PORT", PASSAGE_DEMO="1", PASSAGE_DESK_PORT="8080")


@pytest.mark.parametrize(
    ("environ", "always"),
    [
        ({}, False),
        ({"PASSAGE_DEMO": "1"}, True),
        ({"PASSAGE_DEMO": "1", "PASSAGE_DESK_HOURS": "office"}, False),
        ({"PASSAGE_DESK_HOURS": "always"}, True),
    ],
)
def test_the_desk_keeps_office_hours_except_in_the_demo(
    environ: dict[str, str], always: bool
) -> None:
    assert desk_always_open(environ) is always


def test_hours_that_do_not_exist_are_refused() -> None:
    with pytest.raises(SettingsError, match="PASSAGE_DESK_HOURS"):
        desk_always_open({"PASSAGE_DESK_HOURS": "nine to five"})
