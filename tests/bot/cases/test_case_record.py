"""A record is accepted whole or refused with a reason that names the field, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cases.generating import generate
from bot.cases.reasons import BadRecord
from bot.cases.record import parse_record
from tests.bot.cases.case_files import BASE, pa, record

SPONSOR = BASE["people"][1]
MANDATE = {"person": "pa", "form": "IMM5476", "scope": "all", "signed_on": "2025-01-01"}


def reason_of(raw: Any) -> dict[str, str]:
    """Why the record is refused."""
    with pytest.raises(BadRecord) as bad:
        parse_record(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return bad.value.reason


def asked(**changes: Any) -> list[dict[str, Any]]:
    return [{"code": "passport", "person": "pa", "asked_on": "2025-02-15", **changes}]


def happened(event: str, on: str = "2025-01-10", **more: str) -> dict[str, str]:
    return {"on": on, "event": event, **more}


def test_identifiers_are_taken_in_their_normal_form() -> None:
    raw = record(application_number=" f 000 000 777 ")
    found = parse_record(json.dumps(raw).encode())
    assert found.number == "F000000777"
    assert [person.uci for person in found.people] == ["00000777", "0000000778"]


def test_optional_fields_may_be_null_or_absent() -> None:
    raw = {**record(acknowledged_on=None, stream=None), "acknowledged_on": None, "stream": None}
    found = parse_record(json.dumps(raw).encode())
    assert found.stream is None and found.acknowledged_on is None


def test_a_person_with_a_single_name_has_empty_given_names() -> None:
    raw = record(people=[pa(given_names=""), SPONSOR])
    assert parse_record(json.dumps(raw).encode()).people[0].given_names == ""


def test_the_fingerprint_leaves_the_version_and_the_first_history_out() -> None:
    raw = record()
    other = record(
        as_of="2025-03-05T00:00:00-05:00", history=[{"on": "2025-01-10", "event": "received"}]
    )
    changed = record(overall="closed")
    prints = [parse_record(json.dumps(r).encode()).fingerprint for r in (raw, other, changed)]
    assert prints[0] == prints[1] != prints[2]


# (the change, what the English reason names)
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"line": None}, "“line” is missing"),
    ({"line": "express_entry"}, "family_spouse"),
    ({"color": "red"}, "“color” is not known"),
    ({"application_number": "12345"}, "“application_number”"),
    ({"received_on": "2025-13-01"}, "“received_on”"),
    ({"received_on": "2025-02-30"}, "“received_on”"),
    ({"received_on": "10/01/2025"}, "2026-03-31"),
    ({"as_of": "2025-03-01T12:00:00"}, "time zone"),
    ({"as_of": "2025-02-30T12:00:00Z"}, "“as_of”"),
    ({"as_of": "2199-01-01T00:00:00Z"}, "future"),
    ({"updated_on": "2025-01-01"}, "“updated_on” (2025-01-01) must not be before “received_on”"),
    ({"updated_on": "2025-03-03"}, "“as_of” (2025-03-01) must not be before “updated_on”"),
    ({"acknowledged_on": "2025-01-09"}, "“acknowledged_on” (2025-01-09)"),
    ({"stream": "on_the_moon"}, "outside_canada"),
    ({"line": "citizenship_adult", "stream": "outside_canada"}, "“stream” does not fit"),
    ({"sections": {"citizenship_test": {"status": "completed", "changed_on": "2025-02-10"}}},
     "“sections › citizenship_test” does not fit"),
    ({"sections": {"eligibility": {"status": "passed", "changed_on": "2025-02-10"}}},
     "“sections › eligibility › status” must be one of: not_started"),
    ({"sections": {"eligibility": {"status": "completed", "changed_on": "2024-02-10"}}},
     "“sections › eligibility › changed_on” (2024-02-10)"),
    ({"sections": {"eligibility": {"status": "completed"}}},
     "“sections › eligibility › changed_on” is missing"),
    ({"documents": {"visa": {"status": "issued", "changed_on": "2025-02-10"}}},
     "“documents › visa”"),
    ({"people": []}, "“people” must be a list of 1 to 40"),
    ({"people": [SPONSOR]}, "exactly one person with the role principal_applicant; it holds 0"),
    ({"people": [pa(), pa(ref="b", uci="0000-0001")]}, "it holds 2"),
    ({"people": [pa(uci="123")]}, "“people #1 › uci” must be a UCI"),
    ({"people": [pa(party_id="?")]}, "“people #1 › party_id” must be a party ID"),
    ({"people": [pa(), pa(ref="b", roles=["dependant"])]}, "“people #1” and “people #2”"),
    ({"people": [pa(uci=None), pa(ref="b", uci=None, roles=["dependant"])]}, "“people #2”"),
    ({"people": [pa(), SPONSOR | {"ref": "pa"}]}, "“people #2 › ref”"),
    ({"people": [pa(language="de")]}, "“people #1 › language” must be one of: en, fr"),
    ({"people": [pa(family_name=" ")]}, "“people #1 › family_name”"),
    ({"people": [pa(family_name="A\u0000B")]}, "“people #1 › family_name”"),
    ({"people": [pa(family_name="A\ud800B")]}, "“people #1 › family_name”"),
    ({"people": [pa(family_name="x" * 121)]}, "“people #1 › family_name”"),
    ({"people": [pa(email="a@b\r\nBcc: c@d.ca")]}, "“people #1 › email” must be an e-mail"),
    ({"people": [pa(roles=["uncle"])]}, "“people #1 › roles #1”"),
    ({"people": [pa(roles=[])]}, "“people #1 › roles”"),
    ({"people": [pa(consent_on="2025-01-01")]}, "“people #1 › consent_on” needs a person"),
    ({"line": "citizenship_adult", "stream": None, "sections": {}},
     "“people #2 › roles” is only for"),
    ({"requirements": asked(person="nobody")}, "“requirements #1 › person” names the person"),
    ({"requirements": asked(code="shoes")}, "“requirements #1 › code” must be one of: police"),
    ({"requirements": asked(due_on="2025-02-14")}, "“requirements #1 › due_on” (2025-02-14)"),
    ({"requirements": asked(met_on="2025-02-14")}, "“requirements #1 › met_on” (2025-02-14)"),
    ({"requirements": asked(asked_on="2024-02-14")}, "“requirements #1 › asked_on” (2024-02-14)"),
    ({"requirements": asked() * 2}, "“requirements #1” and “requirements #2”"),
    ({"mandates": [MANDATE]}, "“mandates #1 › person” needs a person with one of the roles"),
    ({"mandates": [{**MANDATE, "scope": "some"}]}, "“mandates #1 › scope” must be one of: all"),
    ({"people": [pa(roles=["principal_applicant", "representative"])],
      "mandates": [{**MANDATE, "valid_until": "2024-12-31"}]}, "“mandates #1 › valid_until”"),
    ({"landing": [{"person": "sponsor", "stage": "invited", "changed_on": "2025-03-01"}]},
     "“landing #1 › person” needs a person with one of the roles principal_applicant"),
    ({"landing": [{"person": "pa", "stage": "landed", "changed_on": "2025-03-01"}]}, "not_invited"),
    ({"landing": [{"person": "pa", "stage": "invited", "changed_on": "2024-03-01"}]},
     "“landing #1 › changed_on” (2024-03-01)"),
    ({"history": [{"on": "2025-01-10", "event": "born"}]}, "“history #1 › event” must be one of"),
    ({"history": [happened("section", subject="moon", after="completed")]},
     "“history #1 › subject” must be one of: eligibility"),
    ({"history": [happened("overall", after="approved")]}, "“history #1 › after”"),
    ({"history": [happened("received", after="closed")]}, "left out"),
    ({"history": [happened("received", on="2025-01-11"), happened("updated")]},
     "“history #2 › on”"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "named"), BROKEN, ids=[named[:60] for _, named in BROKEN])
def test_a_broken_record_is_refused_with_the_field_and_what_is_expected(
    change: dict[str, Any], named: str
) -> None:
    changed = {"requirements": None, **change} if "people" in change else change
    reason = reason_of(record(**changed))
    assert named in reason["en"]
    assert reason["fr"] and reason["fr"] != reason["en"]


def test_a_landing_in_a_citizenship_application_is_refused() -> None:
    raw = record(
        line="citizenship_adult", stream=None, sections={}, people=[pa()], requirements=None,
        landing=[{"person": "pa", "stage": "invited", "changed_on": "2025-03-01"}],
    )  # fmt: skip
    assert "“landing” is only for permanent residence" in reason_of(raw)["en"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"\xff\xfe{}", "not UTF-8"),
        (b"{", "not one JSON object"),
        (b"[]", "not one JSON object"),
        (b"null", "not one JSON object"),
        (b'{"a":' * 100_000, "not one JSON object"),
        (json.dumps(record()).encode() + b"{}", "not one JSON object"),
    ],
)
def test_a_line_that_is_no_record_is_refused(line: bytes, said: str) -> None:
    assert said in reason_of(line)["en"]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_generated_case_is_a_valid_record(seed: int) -> None:
    for raw in generate(5, seed):
        assert parse_record(json.dumps(raw).encode()).number == raw["application_number"]


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(sorted(BASE)),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
def test_whatever_stands_in_a_field_is_accepted_or_refused_with_a_reason(
    key: str, value: Any
) -> None:
    try:
        parse_record(json.dumps({**record(), key: value}).encode())
    except BadRecord as bad:
        assert bad.reason["en"] and bad.reason["fr"]
