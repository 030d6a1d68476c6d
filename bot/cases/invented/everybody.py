"""One case with somebody in nearly every role, and something asked of most of them."""

from __future__ import annotations

from bot.cases.invented.storyline import Raw, Storyline, person, sections, steps


def adaeze(story: Storyline) -> Raw:
    """Something is asked of her, of her young son, of her grown one and of her sponsor, who has no
    consent; her representative may be told the status only."""
    people = [
        person("pa", "principal_applicant", "Eze, Adaeze", "1984-09-17", "Enugu",
               uci="0000-0119", email="adaeze.eze@example.ca", phone="613-555-0119"),
        person("child1", "dependant", "Eze, Emeka", "2006-11-30", "Enugu", uci="0000-0120",
               email="emeka.eze@example.ca"),
        person("child2", "dependant", "Eze, Chidi", "2016-04-08", "Lagos", uci="0000-0121"),
        person("sponsor", "sponsor", "Balogun, Tunde", "1981-02-25", "Ibadan", uci="0000-0122",
               email="tunde.balogun@example.org"),
        person("rep", "representative", "Fall, Khady", "1983-07-14", "Dakar",
               party_id="9000-0105", language="fr", email="khady.fall@example.org"),
    ]  # fmt: skip
    course = [
        *steps(received=190, acknowledged=165, review=164),
        *sections(150, "in_progress", "biometrics", "medical_exam"),
        *sections(12, "waiting_on_you", "eligibility", "background_verification"),
    ]
    asked = [
        story.asked("passport", "pa", 12, 18),
        story.asked("police_certificate", "child1", 12, 48),
        story.asked("medical_exam", "child2", 12, 25),
        story.asked("proof_of_relationship", "sponsor", 12, 30),
    ]
    mandate = {
        "person": "rep", "form": "IMM5476", "scope": "status_only", "signed_on": story.day(192),
    }  # fmt: skip
    return story.file(
        "F000000119", "family_spouse", course, people, stream="outside_canada",
        requirements=asked, mandates=[mandate],
    )  # fmt: skip
