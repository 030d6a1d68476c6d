"""The figures in the words of a language: one table each, which a chart, a page and a file show."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.figures.closed import OTHER
from bot.figures.records import ALL, Figures, Satisfaction, Share, Times, Understood
from bot.figures.rules import rules
from bot.texts import has_text, say


@dataclass(frozen=True)
class Row:
    """`parts` are the lengths of the bar's parts, in hundredths of the chart; empty when too few
    conversations stand behind the row. `shown` is what stands beside the bar."""

    label: str
    cells: tuple[str, ...]
    parts: tuple[float, ...] = ()
    shown: str = ""


@dataclass(frozen=True)
class Table:
    """`key` names it (figures.<key>.title, .lead); `legend` says what the bar's parts are."""

    key: str
    title: str
    lead: str
    head: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    legend: tuple[str, ...] = ()


# A key of our texts is no language.
_NAMES = {"en": "english", "fr": "french"}


class _Words:
    """What a language calls things."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **values: object) -> str:
        return say(self.language, f"figures.{key}", **values)

    def named(self, key: str, code: str) -> str:
        wanted = f"{key}.{code}"
        return say(self.language, wanted if has_text(wanted) else "figures.other")

    def percent(self, part: float, whole: float) -> str:
        return self.say("percent", share=round(100 * part / whole) if whole else 0)

    def number(self, value: float) -> str:
        text = f"{value:.1f}"
        return text.replace(".", ",") if self.language == "fr" else text

    def length(self, seconds: float) -> str:
        if seconds < 90:
            return self.say("seconds", count=round(seconds))
        return self.say("minutes", count=round(seconds / 60))

    def few(self) -> str:
        return self.say("few", count=rules().few)

    def group(self, code: str) -> str:
        """ "en.web", "person.sms", "all" in words."""
        if code == ALL:
            return self.say("all")
        parts = (_NAMES.get(part, part) for part in code.split("."))
        return ", ".join(self.named("figures.of", part) for part in parts)

    def heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.say(f"head.{key}") for key in keys)


def tables(found: Figures, language: str) -> list[Table]:
    words = _Words(language)
    return [
        _days(words, found.days),
        _shares(words, "subjects", found.subjects),
        _shares(words, "languages", found.languages),
        _shares(words, "channels", found.channels),
        _reasons(words, found),
        _times(words, "waiting", found.waiting),
        _times(words, "handling", found.handling),
        _understood(words, found.understood),
        _satisfaction(words, found.satisfaction),
    ]


def _table(words: _Words, key: str, heads: tuple[str, ...], *legend: str) -> Table:
    title, lead = words.say(f"{key}.title"), words.say(f"{key}.lead")
    parts = tuple(words.say(f"end.{part}") for part in legend)
    return Table(key, title, lead, heads, [], parts)


def _shares(words: _Words, key: str, shares: list[Share]) -> Table:
    heads = words.heads(key, "conversations", "solved", "agent", "unsolved")
    table = _table(words, key, heads, "solved", "agent", "unsolved")
    for share in shares:
        label = words.say("other_subjects") if key == "subjects" else words.group(share.of)
        if key == "subjects" and share.of != OTHER:
            label = words.named("intents", share.of)
        table.rows.append(_share(words, label, share))
    return table


def _share(words: _Words, label: str, share: Share) -> Row:
    if share.total < rules().few:
        return Row(label, (words.few(), "–", "–", "–"), (), words.few())
    ends = (share.solved, share.agent, share.unsolved)
    cells = tuple(words.percent(end, share.total) for end in ends)
    parts = tuple(100 * end / share.total for end in ends)
    shown = words.say("shown", share=cells[0], count=share.total)
    return Row(label, (str(share.total), *cells), parts, shown)


def _days(words: _Words, days: list[Share]) -> Table:
    heads = words.heads("day", "conversations", "solved", "agent", "unsolved")
    table = _table(words, "days", heads, "solved", "agent", "unsolved")
    most = max([day.total for day in days] + [1])
    for day in days:
        row = _share(words, day.of, day)
        ends = (day.solved, day.agent, day.unsolved)
        parts = tuple(100 * end / most for end in ends) if row.parts else ()
        table.rows.append(Row(row.label, row.cells, parts, row.shown))
    return table


def _reasons(words: _Words, found: Figures) -> Table:
    table = _table(words, "reasons", words.heads("reason", "handoffs", "share"))
    most = max([*found.reasons.values(), 1])
    for reason, count in found.reasons.items():
        label = words.named("desk.reason", reason)
        if count < rules().few:
            table.rows.append(Row(label, (words.few(), "–"), (), words.few()))
            continue
        share = words.percent(count, found.handoffs)
        table.rows.append(Row(label, (str(count), share), (100 * count / most,), str(count)))
    return table


def _times(words: _Words, key: str, times: list[Times]) -> Table:
    table = _table(words, key, words.heads("language", "handoffs", "half", "most"), "half", "most")
    longest = max([one.most for one in times if one.count >= rules().few] + [1.0])
    for one in times:
        label = words.group(one.of)
        if one.count < rules().few:
            table.rows.append(Row(label, (words.few(), "–", "–"), (), words.few()))
            continue
        half, most = words.length(one.half), words.length(one.most)
        parts = (100 * one.half / longest, 100 * (one.most - one.half) / longest)
        shown = words.say("between", half=half, most=most)
        table.rows.append(Row(label, (str(one.count), half, most), parts, shown))
    return table


def _understood(words: _Words, found: list[Understood]) -> Table:
    table = _table(words, "understood", words.heads("where", "messages", "lost", "share"))
    for one in found:
        label = words.group(one.of)
        if one.total < rules().few:
            table.rows.append(Row(label, (words.few(), "–", "–"), (), words.few()))
            continue
        share = words.percent(one.lost, one.total)
        cells = (str(one.total), str(one.lost), share)
        table.rows.append(Row(label, cells, (100 * one.lost / one.total,), share))
    return table


def _satisfaction(words: _Words, found: list[Satisfaction]) -> Table:
    heads = words.heads("where", "asked", "answered", "mean", "s1", "s2", "s3", "s4", "s5")
    table = _table(words, "satisfaction", heads)
    for one in found:
        label = words.group(one.of)
        if one.answered < rules().few:
            empty = ("–",) * 6
            table.rows.append(
                Row(label, (_asked(one, words), words.few(), *empty), (), words.few())
            )
            continue
        mean = words.number(one.mean)
        given = tuple(str(one.scores.get(score, 0)) for score in range(1, 6))
        cells = (str(one.asked), str(one.answered), mean, *given)
        shown = words.say("of_five", mean=mean, count=one.answered)
        table.rows.append(Row(label, cells, (20 * one.mean,), shown))
    return table


def _asked(one: Satisfaction, words: _Words) -> str:
    return words.few() if one.asked < rules().few else str(one.asked)
