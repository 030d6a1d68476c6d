"""The table is complete: every table of the database has its period, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answers.help import help_answer
from bot.identity.budgets import BUDGETS, DEMO_BUDGETS
from bot.identity.budgets import WRONG_CODES as COUNTED_AS
from bot.identity.not_me import GOOD_FOR
from bot.retention.own_data import KEPT, OF_A_PERSON
from bot.retention.removing import IN_A_CONVERSATION
from bot.retention.sweeps import SWEEPS, WRONG_CODES
from bot.retention.table import RetentionError, read_rule, rules
from bot.store import Base
from bot.texts import LANGUAGES, say
from bot.vault.keeping import LIFETIME

DOCS = Path(__file__).parents[3] / "docs"
ENTRY = {
    "kind": "x", "tables": [], "keep": "2 days", "source": "K",
    "what": {"en": "a", "fr": "b"}, "since": {"en": "a", "fr": "b"}, "why": {"en": "a", "fr": "b"},
}  # fmt: skip


def tables_with(column: str) -> set[str]:
    """The tables whose rows do not stay without what `column` (table.column) refers to."""
    return {
        table.name
        for table in Base.metadata.sorted_tables
        # A row that only forgets what it referred to stays.
        if any(k.target_fullname == column and not k.ondelete for k in table.foreign_keys)
    }


def test_every_table_of_the_database_has_a_period() -> None:
    named = {table for rule in rules().values() for table in rule.tables}
    assert named == set(Base.metadata.tables)


def test_whatever_has_a_period_of_its_own_is_removed_by_a_sweep() -> None:
    assert [s.kind for s in SWEEPS] == [rule.kind for rule in rules().values() if rule.is_purged]


def test_a_sweep_removes_from_a_table_of_its_kind() -> None:
    for sweep in SWEEPS:
        assert sweep.key[0].class_.__tablename__ in rules()[sweep.kind].tables


def test_everything_that_hangs_on_a_conversation_goes_with_it() -> None:
    assert {t.__tablename__ for t in IN_A_CONVERSATION} == tables_with("conversation.id")


def test_everything_about_a_person_is_deleted_at_their_wish_or_belongs_to_the_case() -> None:
    own = {table.__tablename__ for table in (*OF_A_PERSON, *IN_A_CONVERSATION)}
    own |= {"conversation", "outbound"}
    kept = {table for kind in KEPT for table in rules()[kind].tables}
    assert tables_with("person.id") <= own | kept
    assert set(KEPT) <= set(rules())


def test_the_periods_fit_what_they_are_for() -> None:
    periods = {kind: rule.keep for kind, rule in rules().items()}
    assert periods["vault"] == LIFETIME
    assert periods["codes"] >= GOOD_FOR
    windows = [
        budget.window
        for budgets in (BUDGETS, DEMO_BUDGETS)
        for budget in (budgets.by_conversation, budgets.by_network, budgets.by_person,
                       *budgets.codes)
    ]  # fmt: skip
    assert periods["tries"] >= 2 * max(windows)
    assert periods["wrong_codes"] > periods["tries"]
    assert periods["audit"] == periods["people"] == timedelta(days=732)
    assert WRONG_CODES == COUNTED_AS


@pytest.mark.parametrize(
    "change",
    [
        {"keep": "2 fortnights"},
        {"keep": "some days"},
        {"keep": 2},
        {"keep": {"en": "long"}},
        {"what": {"en": "a"}},
        {"why": {"en": "a", "fr": ""}},
        {"sauce": "K"},
    ],
)
def test_an_incomplete_entry_is_refused_by_its_kind(change: dict[str, Any]) -> None:
    with pytest.raises(RetentionError, match="x: "):
        read_rule({**ENTRY, **change})


def test_an_entry_says_how_long_in_both_languages() -> None:
    assert read_rule(ENTRY).how_long == {"en": "2 days", "fr": "2 jours"}
    assert read_rule({**ENTRY, "keep": "nothing"}).keep == timedelta(0)
    elsewhere = read_rule(
        {**ENTRY, "keep": {"en": "as they say", "fr": "selon eux"}, "tables": ["y"]}
    )
    assert (elsewhere.keep, elsewhere.is_purged) == (None, False)


@pytest.mark.parametrize(("language", "file"), [("en", "retention.md"), ("fr", "retention.fr.md")])
def test_the_documents_show_this_very_table(language: str, file: str) -> None:
    tables = re.split(r"\n\n", (DOCS / file).read_text("utf-8"))
    first = next(part for part in tables if part.startswith("| "))
    shown = [[cell.strip() for cell in row.strip("|").split("|")] for row in first.splitlines()[2:]]
    assert shown == [
        [rule.what[language], rule.how_long[language], rule.since[language], rule.why[language],
         rule.source]
        for rule in rules().values()
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_are_told_agrees_with_the_table(language: str) -> None:
    told = help_answer("ask_privacy", language).text
    for kind in ("vault", "sessions", "conversations", "messages", "audit"):
        assert rules()[kind].how_long[language] in told, kind
    stays = say(language, "privacy.stays")
    for kind in ("codes", "wrong_codes", "audit"):
        assert rules()[kind].how_long[language] in stays, kind


def test_french_typography_in_the_table() -> None:
    french = [words for rule in rules().values() for words in (rule.what, rule.since, rule.why)]
    assert not [w["fr"] for w in french if re.search(r"\w [:;?!»]|« \w", w["fr"])]
