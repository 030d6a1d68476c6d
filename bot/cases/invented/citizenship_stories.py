"""The citizenship cases of the demo that are written by hand, one function each."""

from __future__ import annotations

from datetime import date

from bot.cases.invented.residence_stories import olena
from bot.cases.invented.storyline import Raw, Storyline, person, sections, steps

_LPP = ("language_skills", "physical_presence", "prohibitions")


def citizenship_cases(today: date) -> list[Raw]:
    story = Storyline(today)
    return [_mateo(story), _fatou(story), _minor(story), _olena(story), _siobhan(story)]


def _mateo(story: Storyline) -> Raw:
    """The test is behind him and a ceremony is set; his representative's form has expired."""
    people = [
        person("pa", "principal_applicant", "García, Mateo", "1988-07-19", "Medellín",
               uci="0000-0105", email="mateo.garcia@example.ca", phone="613-555-0105"),
        person("rep", "representative", "Al-Khoury, Karim", "1970-03-22", "Beirut",
               party_id="9000-0102", email="karim.alkhoury@example.org"),
    ]  # fmt: skip
    course = [
        *steps(received=330, acknowledged=301, review=300),
        *sections(288, "in_progress", "background_verification"),
        *sections(160, "in_progress", "citizenship_test"),
        *sections(150, "completed", "citizenship_test"),
        *sections(120, "in_progress", *_LPP),
        *sections(70, "completed", "background_verification", *_LPP),
        *sections(6, "in_progress", "citizenship_ceremony"),
    ]
    mandate = {
        "person": "rep", "form": "IMM5476", "scope": "all", "signed_on": story.day(395),
        "valid_until": story.day(30),
    }  # fmt: skip
    return story.file("C000000105", "citizenship_adult", course, people, mandates=[mandate])


def _fatou(story: Storyline) -> Raw:
    """Just received, not acknowledged yet."""
    people = [
        person("pa", "principal_applicant", "Ndiaye, Fatou", "1985-12-24", "Thiès",
               uci="0000-0106", language="fr", email="fatou.ndiaye@example.ca"),
    ]  # fmt: skip
    return story.file("C000000106", "citizenship_adult", steps(received=18), people)


def _minor(story: Storyline) -> Raw:
    """A child of eleven, with a parent who acts for him."""
    people = [
        person("pa", "principal_applicant", "Haddad, Noah", "2015-06-09", "Amman",
               uci="0000-0111"),
        person("parent", "representative", "Haddad, Layla", "1987-08-03", "Amman",
               party_id="9000-0104", email="layla.haddad@example.ca", phone="613-555-0112"),
    ]  # fmt: skip
    course = [
        *steps(received=150, acknowledged=121, review=120),
        *sections(119, "exempted", "citizenship_test", "language_skills"),
        *sections(80, "in_progress", "background_verification", "physical_presence"),
    ]
    mandate = {
        "person": "parent", "form": "IMM5476", "scope": "all", "signed_on": story.day(152),
    }  # fmt: skip
    return story.file("C000000111", "citizenship_minor", course, people, mandates=[mandate])


def _olena(story: Storyline) -> Raw:
    """The same person, now for citizenship; a friend may be told how it stands."""
    friend = person("friend", "designated_person", "Tkachuk, Andriy", "1990-01-15", "Kyiv",
                    party_id="9000-0106", email="andriy.tkachuk@example.org")  # fmt: skip
    course = [
        *steps(received=240, acknowledged=205, review=204),
        *sections(190, "in_progress", "background_verification"),
        *sections(40, "in_progress", "citizenship_test"),
    ]
    mandate = {
        "person": "friend", "form": "IMM5475", "scope": "status_only", "signed_on": story.day(200),
    }  # fmt: skip
    return story.file(
        "C000000116", "citizenship_adult", course, [olena(), friend], mandates=[mandate]
    )


def _siobhan(story: Storyline) -> Raw:
    """No e-mail on the file, and past the published time; she took her representative off."""
    people = [
        person("pa", "principal_applicant", "O'Connor, Siobhán", "1979-02-17", "Galway",
               uci="0000-0117", phone="613-555-0117"),
        person("rep", "representative", "Otieno, Grace", "1975-05-09", "Nairobi",
               party_id="9000-0103", email="grace.otieno@example.org"),
    ]  # fmt: skip
    course = [
        *steps(received=470, acknowledged=440, review=439),
        *sections(438, "exempted", "language_skills"),
        *sections(400, "in_progress", "background_verification", "physical_presence"),
        *sections(200, "completed", "background_verification"),
    ]
    mandate = {
        "person": "rep", "form": "IMM5476", "scope": "all", "signed_on": story.day(475),
        "cancelled_on": story.day(90),
    }  # fmt: skip
    return story.file("C000000117", "citizenship_adult", course, people, mandates=[mandate])
