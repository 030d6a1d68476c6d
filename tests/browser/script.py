"""What the stand-in assistant says: one answer for each thing that the page can show."""

from __future__ import annotations

from typing import Any

from bot import texts
from tests.connectors.serving import Answer

# What to type, or press, for which answer.
ASK = {
    "en": {
        "case": "show my case", "form": "Where is my application?", "time": "how long?",
        "phone": "text me",
    },
    "fr": {
        "case": "mon dossier", "form": "Où en est ma demande ?", "time": "combien de temps ?",
        "phone": "écrivez-moi par texto",
    },
}  # fmt: skip
ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


def reply(text: str, language: str) -> list[Answer]:
    """The answer to `text`, in `language`."""
    ask = ASK[language]
    if text == "EXTERNAL_opened":
        return [_greeting(language)]
    if text == ask["case"] or text == "EXTERNAL_verified":
        return [{"text": _case_text(language), "card": case_card(language)}]
    if text == ask["form"]:
        words = pick(language, "Who are you?", "Qui êtes-vous ?")
        return [{"text": words, "card": {"kind": "identify", "product": "permanent_residence"}}]
    if text == ask["time"]:
        return [_links(language)]
    if text == ask["phone"]:
        return [_phone_form(language)]
    return [{"text": f"{language}: {text}"}]


def pick(language: str, english: str, french: str) -> str:
    return french if language == "fr" else english


def _greeting(language: str) -> Answer:
    words = pick(
        language,
        "Hello. I am an automated assistant.\n\nYou may:\n- ask in your own words\n- choose below",
        "Bonjour.\n\nVous pouvez :\n- poser une question\n- choisir",
    )
    labels = (ASK[language]["form"], ASK[language]["time"])
    choices = [{"label": label, "intent": "check_status", "entities": {}} for label in labels]
    return {"text": words, "choices": choices}


def _links(language: str) -> Answer:
    label = pick(language, "Check processing times", "Vérifier les délais de traitement")
    url = f"https://www.canada.ca/{language}/times.html"
    words = pick(language, "Times are published.", "Les délais sont publiés.")
    links = [{"label": label, "url": url}, {"label": "bad", "url": "javascript:window.hacked=1"}]
    return {"text": words, "links": links, "card": {"kind": "not known yet"}}


def _phone_form(language: str) -> Answer:
    words = texts.say(language, "cards.phone.ask")
    return {"text": words, "card": {"kind": "phone", "linked": []}}


def _case_text(language: str) -> str:
    return pick(
        language,
        "Sponsored spouse: in progress.\n- Medical exam: waiting on you",
        "Époux parrainé : en cours.\n- Examen médical : en attente d’une action de votre part",
    )


def case_card(language: str) -> dict[str, Any]:
    def say(english: str, french: str) -> str:
        return pick(language, english, french)

    meaning = say("Nothing has been decided yet.", "Rien n’est encore décidé.")
    statuses = {
        "completed": say("Completed", "Terminée"),
        "waiting_on_you": say("Waiting on you", "En attente d’une action de votre part"),
        "in_progress": say("In progress", "En cours"),
        "not_started": say("Not started", "Pas commencée"),
        "exempted": say("Exempted", "Exemptée"),
    }
    parts = (
        say("Eligibility", "Admissibilité"), say("Medical exam", "Examen médical"),
        say("Background verification", "Vérification des antécédents"),
        say("Biometrics", "Données biométriques"),
        say("Language skills", "Compétences linguistiques"),
    )  # fmt: skip
    day = say("March 3, 2026", "3 mars 2026")
    sections = [
        {"code": code, "label": part, "status": code, "status_label": label, "changed_on": day,
         "meaning": meaning}
        for part, (code, label) in zip(parts, statuses.items(), strict=True)
    ]  # fmt: skip
    steps = [("done", parts[0]), ("done", parts[2]), ("now", statuses["in_progress"])]
    timeline = [
        {"on": "2026-03-03", "on_label": day, "label": label, "state": state}
        for state, label in [*steps, ("next", parts[1])]
    ]
    due = say("by July 2, 2026", "au plus tard le 2 juillet 2026")
    return {
        "kind": "case",
        "case": {
            "title": say("Sponsored spouse", "Époux parrainé"),
            "number": "F000000101",
            "overall": {
                "code": "in_progress",
                "label": statuses["in_progress"],
                "meaning": meaning,
            },
            "sections": sections,
            "timeline": timeline,
            "waiting": [
                {"label": parts[1], "due_label": due, "days_left": 5, "urgent": True},
                {"label": parts[3], "due_label": due, "days_left": 50, "urgent": False},
            ],
            "updated_label": say(
                "Last update: March 3, 2026", "Dernière mise à jour : 3 mars 2026"
            ),
            "received_label": say("Received on March 3, 2026", "Reçue le 3 mars 2026"),
            "published_label": say("Published time: 12 months", "Délai publié : 12 mois"),
            "published_url": f"https://www.canada.ca/{language}/times.html",
            "next_step": say("Book your exam.", "Prenez rendez-vous pour l’examen."),
        },
    }
