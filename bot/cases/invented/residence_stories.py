"""The permanent residence cases of the demo that are written by hand, one function each."""

from __future__ import annotations

from datetime import date

from bot.cases.invented.everybody import adaeze
from bot.cases.invented.storyline import Raw, Storyline, person, sections, steps


def residence_cases(today: date) -> list[Raw]:
    story = Storyline(today)
    return [_amara(story), _zoe(story), _priya(story), _child(story), _olena(story), adaeze(story)]


def _amara(story: Storyline) -> Raw:
    """Waiting for a police certificate, due in three weeks."""
    people = [
        person("pa", "principal_applicant", "Diallo, Amara", "1993-04-12", "Conakry",
               uci="0000-0101", email="amara.diallo@example.ca", phone="613-555-0101"),
        person("sponsor", "sponsor", "Tremblay, Luc", "1990-09-30", "Gatineau", uci="0000-0102",
               language="fr", email="luc.tremblay@example.ca", consent_on=story.day(260)),
    ]  # fmt: skip
    course = [
        *steps(received=280, acknowledged=252, review=250),
        *sections(230, "in_progress", "eligibility", "biometrics"),
        *sections(201, "completed", "biometrics"),
        *sections(190, "in_progress", "medical_exam"),
        (190, "document", "medical_exam", "received"),
        *sections(141, "completed", "medical_exam"),
        (141, "document", "medical_exam", "passed"),
        *sections(96, "in_progress", "background_verification"),
        *sections(9, "waiting_on_you", "eligibility"),
    ]
    return story.file(
        "F000000101", "family_spouse", course, people, stream="outside_canada",
        requirements=[story.asked("police_certificate", "pa", 9, 21)],
    )  # fmt: skip


def _zoe(story: Storyline) -> Raw:
    """In Quebec, in progress, with a representative who may act."""
    people = [
        person("pa", "principal_applicant", "Lefebvre-N'Guyen, Zoé", "1995-02-01", "Nantes",
               uci="0000-0103", language="fr", email="zoe@example.ca", phone="613-555-0103"),
        person("sponsor", "sponsor", "Gagnon, Marc-André", "1992-06-17", "Trois-Rivières",
               uci="0000-0104", language="fr", email="marc-andre.gagnon@example.org"),
        person("rep", "representative", "Fournier, Hélène", "1978-11-05", "Montréal",
               party_id="9000-0101", language="fr", email="helene.fournier@example.org"),
    ]  # fmt: skip
    course = [
        *steps(received=400, acknowledged=371, review=370),
        *sections(340, "in_progress", "biometrics", "medical_exam"),
        (340, "document", "medical_exam", "received"),
        *sections(310, "completed", "biometrics"),
        *sections(155, "in_progress", "eligibility"),
    ]
    mandate = {
        "person": "rep", "form": "IMM5476", "scope": "all", "signed_on": story.day(405),
        "valid_until": story.day(-700),
    }  # fmt: skip
    return story.file(
        "F000000103", "family_partner", course, people, stream="inside_canada_quebec",
        mandates=[mandate],
    )  # fmt: skip


def _priya(story: Storyline) -> Raw:
    """Closed; she and three dependants are invited to confirm permanent residence."""
    people = [
        person("pa", "principal_applicant", "Raman, Priya", "1986-05-14", "Chennai",
               uci="0000-0107", email="priya.raman@example.ca", phone="613-555-0107"),
        person("child1", "dependant", "Raman, Arjun", "2007-03-02", "Chennai",
               uci="0000-0109", email="arjun.raman@example.ca"),
        person("child2", "dependant", "Raman, Meena", "2017-08-21", "Chennai",
               uci="0000-0110"),
        person("child3", "dependant", "Raman, Ravi", "2011-11-05", "Chennai",
               uci="0000-0118"),
        person("sponsor", "sponsor", "Chen, Daniel", "1984-01-08", "Ottawa", uci="0000-0108",
               email="daniel.chen@example.org", consent_on=story.day(500)),
        person("rep", "representative", "Okafor, Ngozi", "1977-12-09", "Lagos",
               party_id="9000-0107", email="ngozi.okafor@example.org"),
    ]  # fmt: skip
    codes = ("biometrics", "medical_exam", "eligibility", "background_verification")
    course = [
        *steps(received=520, acknowledged=490, review=489),
        *sections(450, "in_progress", *codes),
        *sections(300, "completed", *codes[:2]),
        (300, "document", "medical_exam", "passed"),
        *sections(60, "completed", *codes[2:]),
        (12, "overall", None, "closed"),
        (12, "document", "confirmation_of_permanent_residence", "issued"),
    ]
    landing = [
        {"person": ref, "stage": "invited", "changed_on": story.day(5)}
        for ref in ("pa", "child1", "child2", "child3")
    ]
    mandate = {
        "person": "rep", "form": "IMM5476", "scope": "all", "signed_on": story.day(525),
    }  # fmt: skip
    return story.file(
        "F000000107", "family_spouse", course, people, stream="inside_canada", landing=landing,
        mandates=[mandate],
    )  # fmt: skip


def _child(story: Storyline) -> Raw:
    """A sponsored daughter whose passport is asked for."""
    people = [
        person("pa", "principal_applicant", "Désir, Marie-Ange", "2006-05-20", "Jacmel",
               uci="0000-0113", language="fr", email="marie-ange.desir@example.ca"),
        person("sponsor", "sponsor", "Désir, Wilner", "1980-10-11", "Jacmel", uci="0000-0114",
               language="fr", email="wilner.desir@example.org"),
    ]  # fmt: skip
    course = [
        *steps(received=210, acknowledged=180, review=178),
        *sections(160, "in_progress", "biometrics", "eligibility"),
        *sections(100, "completed", "biometrics"),
        *sections(14, "waiting_on_you", "eligibility"),
    ]
    asked = [
        story.asked("passport", "pa", 14, 16),
        story.asked("proof_of_relationship", "sponsor", 90, -60, met=70),
    ]
    return story.file(
        "F000000113", "family_child", course, people, stream="outside_canada_quebec",
        requirements=asked,
    )  # fmt: skip


def olena() -> Raw:
    """She stands on two applications."""
    return person("pa", "principal_applicant", "Shevchenko, Olena", "1991-03-27", "Lviv",
                  uci="0000-0115", email="olena.shevchenko@example.ca",
                  phone="613-555-0115")  # fmt: skip


def _olena(story: Storyline) -> Raw:
    """Closed years ago: her card was mailed."""
    sponsor = person("sponsor", "sponsor", "Bondarenko, Taras", "1989-12-02", "Odesa",
                     uci="0000-0116", email="taras.bondarenko@example.org")  # fmt: skip
    codes = ("eligibility", "medical_exam", "background_verification", "biometrics")
    course = [
        *steps(received=2100, acknowledged=2070, review=2069),
        *sections(2000, "in_progress", *codes),
        *sections(1720, "completed", *codes),
        (1720, "document", "medical_exam", "passed"),
        (1700, "overall", None, "closed"),
        (1690, "document", "confirmation_of_permanent_residence", "issued"),
    ]
    landing = [{"person": "pa", "stage": "card_mailed", "changed_on": story.day(1640)}]
    return story.file(
        "F000000115", "family_spouse", course, [olena(), sponsor], stream="inside_canada",
        landing=landing,
    )  # fmt: skip
