"""Addresses as people in Canada write them: what is taken, in which form, what is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.addresses import FIELDS, KINDS, Address, AddressProblems, check_address
from bot.texts import LANGUAGES

# street, unit, city, province, postal code; then the line of the door as it comes out.
TAKEN = [
    # Ontario
    ("111 Wellington St", "", "Ottawa", "ON", "K1A 0A9", "111 Wellington St"),
    ("365 LAURIER AVE W", "", "OTTAWA", "Ontario", "k1a1l1", "365 Laurier Ave W"),
    ("4b - 123 main st w", "", "ottawa", "ont.", "K1P-5M7", "4B-123 Main St W"),
    ("123 Main Street, Apt 4B", "", "Ottawa", "ON", "K1P 5M7", "4B-123 Main Street"),
    ("100 Queen St W", "Suite 200", "Toronto", "ON", "M5H 2N2", "200-100 Queen St W"),
    ("#1204 - 88 Harbour St.", "", "Toronto", "ON", "M5J 0C3", "1204-88 Harbour St"),
    ("55 JOHN ST", "PH 2", "Toronto", "ON", "M5V 3C6", "PH2-55 John St"),
    ("12 Avenue Rd", "", "Toronto", "ON", "M5R 2E7", "12 Avenue Rd"),
    ("12 AVENUE RD", "", "TORONTO", "ON", "M5R 2E7", "12 Avenue Rd"),
    ("1234 Highway 7", "", "Perth", "ON", "K7H 3C5", "1234 Highway 7"),
    ("1234 Line 5 RR 3", "", "Perth", "ON", "K7H 3C5", "1234 Line 5 RR 3"),
    ("1234 CONCESSION 5 RR#3", "", "PERTH", "ON", "K7H 3C5", "1234 Concession 5 RR 3"),
    ("123½ King St E", "", "Kingston", "ON", "K7L 3A1", "123 1/2 King St E"),
    ("10-123 1/2 MAIN ST SE", "", "Hamilton", "ON", "L8N 1A1", "10-123 1/2 Main St SE"),
    ("26 QUEEN ST", "", "NIAGARA-ON-THE-LAKE", "ON", "L0S 1J0", "26 Queen St"),
    ("123 Box Elder Dr", "", "Ottawa", "ON", "K1A 0B1", "123 Box Elder Dr"),
    ("12 Post Office Rd", "", "Ottawa", "ON", "K1A 0B1", "12 Post Office Rd"),
    ("17 Station Rd", "", "Thunder Bay", "ON", "P7B 1A1", "17 Station Rd"),
    ("8 WING BLVD CFB TRENTON", "", "ASTRA", "ON", "K0K 3W0", "8 Wing Blvd CFB Trenton"),
    ("45 MCDONALD CRES", "", "SAULT STE. MARIE", "ON", "P6A 1A1", "45 McDonald Cres"),
    ("9 O'CONNOR ST", "", "Ottawa", "ON", "K1P 5M9", "9 O'Connor St"),
    ("5 Rue Notre-Dame", "", "Hearst", "ON", "P0L 1N0", "5 Rue Notre-Dame"),
    ("12 4TH AVE", "", "Ottawa", "ON", "K1S 2L1", "12 4th Ave"),
    # Québec
    ("123, rue Principale", "", "Gatineau", "Québec", "J8X 2K1", "123 rue Principale"),
    ("123, RUE PRINCIPALE, APP. 4", "", "GATINEAU", "QC", "J8X2K1", "4-123 rue Principale"),
    (
        "88 boul. René-Lévesque Ouest",
        "4",
        "Montréal",
        "PQ",
        "H2Z 1A4",
        "4-88 boul. René-Lévesque Ouest",
    ),
    ("88 BOUL. RENÉ-LÉVESQUE O.", "", "MONTRÉAL", "QUÉBEC", "H2Z 1A4", "88 boul. René-Lévesque O"),
    ("1045 RUE DES PARLEMENTAIRES", "", "QUÉBEC", "Qué.", "G1A 1A3", "1045 rue des Parlementaires"),
    ("275 rue Notre-Dame E", "bureau 10", "Montréal", "QC", "H2Y 1C6", "10-275 rue Notre-Dame E"),
    (
        "12 CH. DE LA CÔTE-DES-NEIGES",
        "",
        "MONTRÉAL",
        "QC",
        "H3H 1X1",
        "12 ch. de la Côte-des-Neiges",
    ),
    ("450 RANG ST-JOSEPH", "", "SAINT-JEAN-SUR-RICHELIEU", "QC", "J3B 1A1", "450 rang St-Joseph"),
    ("77 MONTÉE DE L'ÉGLISE", "", "L'ÎLE-PERROT", "QC", "J7V 1A1", "77 montée de l'Église"),
    ("5 RUE LA FONTAINE", "", "LA TUQUE", "QC", "G9X 1A1", "5 rue La Fontaine"),
    ("123 4E AVENUE", "", "Québec", "QC", "G1J 3A1", "123 4e Avenue"),
    ("950, rue St-Philippe", "", "SAINT-LOUIS-DU-HA! HA!", "QC", "G0L 3S0", "950 rue St-Philippe"),
    ("30 PLACE D'ARMES", "", "ST-JÉRÔME", "QC", "J7Z 1A1", "30 place d'Armes"),
    ("15 rue Eddy sous-sol", "", "Gatineau, QC", "QC", "K1A 0H4", "15 rue Eddy Sous-sol"),
    ("30 Côte de la Fabrique", "", "Québec (Québec)", "QC", "G1R 3V7", "30 Côte de la Fabrique"),
    (
        "3-21 av. du Mont-Royal Est",
        "",
        "Montréal",
        "Quebec",
        "H2T 1N5",
        "3-21 av. du Mont-Royal Est",
    ),
    ("2050 terrasse des Ormes", "", "Trois-Rivières", "QC", "G8Y 1A1", "2050 terrasse des Ormes"),
    # British Columbia
    ("501 Belleville St", "", "Victoria", "B.C.", "V8V 1X4", "501 Belleville St"),
    ("1055 CANADA PL", "", "VANCOUVER", "british columbia", "V6C 0C3", "1055 Canada Pl"),
    ("1204-88 W Pender St", "", "Vancouver", "C.-B.", "V6B 6N9", "1204-88 W Pender St"),
    ("7000 100 MILE HOUSE RD", "", "100 Mile House", "BC", "V0K 2E0", "7000 100 Mile House Rd"),
    # Alberta
    ("10800 97 Ave NW", "", "Edmonton", "AB", "T5K 2B6", "10800 97 Ave NW"),
    ("800 MACLEOD TRAIL SE", "", "CALGARY", "Alta", "T2P 2M5", "800 Macleod Trail SE"),
    (
        "23045 Township Road 521",
        "",
        "Sherwood Park",
        "Alberta",
        "T8B 1A1",
        "23045 Township Road 521",
    ),
    # Saskatchewan, Manitoba
    ("2405 Legislative Dr", "", "Regina", "SK", "S4S 0B3", "2405 Legislative Dr"),
    ("14 Main St", "", "Creighton", "Saskatchewan", "R8A 1A1", "14 Main St"),
    ("450 BROADWAY", "", "WINNIPEG", "Man.", "R3C 0V8", "450 Broadway"),
    ("219 PROVENCHER BLVD", "", "WINNIPEG", "MB", "R2H 0G4", "219 Provencher Blvd"),
    # Atlantic
    ("706 Queen St", "", "Fredericton", "Nouveau-Brunswick", "E3B 1C5", "706 Queen St"),
    ("12 King St W", "5", "Saint John", "NB", "E2L 1G2", "5-12 King St W"),
    ("250 rue St-George", "", "Moncton", "N.-B.", "E1C 1W1", "250 rue St-George"),
    ("1726 Hollis St", "", "Halifax", "Nova Scotia", "B3J 2Y3", "1726 Hollis St"),
    ("12 CABOT TRAIL RR 1", "", "BADDECK", "N.-É.", "B0E 1B0", "12 Cabot Trail RR 1"),
    ("165 Richmond St", "", "Charlottetown", "PEI", "C1A 1J1", "165 Richmond St"),
    ("99 rte 12", "", "Summerside", "Île-du-Prince-Édouard", "C1N 4J8", "99 rte 12"),
    ("100 PRINCE PHILIP DR", "", "ST. JOHN'S", "NFLD", "A1B 3R4", "100 Prince Philip Dr"),
    (
        "21 Hamilton River Rd",
        "",
        "Happy Valley-Goose Bay",
        "T.-N.-L.",
        "A0P 1E0",
        "21 Hamilton River Rd",
    ),
    # The North
    ("2071 2nd Ave", "", "Whitehorse", "YT", "Y1A 1B2", "2071 2nd Ave"),
    ("4570 48 St", "", "Yellowknife", "NWT", "X1A 1N3", "4570 48 St"),
    ("3 Mackenzie Rd", "", "Inuvik", "T.N.-O.", "X0E 0T0", "3 Mackenzie Rd"),
    ("926 Federal Rd", "", "Iqaluit", "NU", "X0A 0H0", "926 Federal Rd"),
    ("20 Tuugaalik St", "", "Rankin Inlet", "Nunavut", "X0C 0G0", "20 Tuugaalik St"),
]
CITIES = {
    "NIAGARA-ON-THE-LAKE": "Niagara-on-the-Lake",
    "SAULT STE. MARIE": "Sault Ste. Marie",
    "SAINT-JEAN-SUR-RICHELIEU": "Saint-Jean-sur-Richelieu",
    "L'ÎLE-PERROT": "L'Île-Perrot",
    "LA TUQUE": "La Tuque",
    "SAINT-LOUIS-DU-HA! HA!": "Saint-Louis-du-Ha! Ha!",
    "ST-JÉRÔME": "St-Jérôme",
    "ST. JOHN'S": "St. John's",
    "MONTRÉAL": "Montréal",
    "Québec (Québec)": "Québec",
    "Gatineau, QC": "Gatineau",
}

GOOD = {
    "street": "123 Main St",
    "unit": "",
    "city": "Ottawa",
    "province": "ON",
    "postal_code": "K1A 0B1",
}
REFUSED = [
    *(
        ("street", street, "po_box")
        for street in (
            "PO Box 12",
            "P.O. Box 12",
            "po box 12 stn main",
            "Post Office Box 9",
            "Box 12",
            "BOX #12",
            "C.P. 100",
            "CP 4000 Succ A",
            "Case postale 12",
            "Casier postal 3",
            "B.P. 12",
            "boîte postale 7",
            "Station A",
            "Stn Main",
            "Succursale Centre-ville",
            "General Delivery",
            "Gen Del",
            "Poste restante",
            "RR 3",
            "R.R. #3",
            "RR 3 Site 5 Comp 10",
            "Site 5 Box 12",
            "Rural Route 2",
            "Route rurale 2",
            "123 Main St PO Box 45",
            "123, rue Principale, C.P. 45",
            "Bag 12",
            "PMB 44 123 Main St",
            "12 P O Box 5",
            "P.0. Box 12",
            "PO-Box 12",
            "100 P.O. Bx 4",
            "123 c/p 45",
            "12 B.P.",
            "1 Box #A",
            "1 Gen. Delivery",
            "123 Postal Station B",
            "123 Poste-Restante",
            "1 Bag 12",
        )
    ),
    *(
        ("street", street, "no_number")
        for street in (
            "Main St",
            "rue Principale",
            "4e Avenue",
            "2e Rue",
            "4th Avenue",
            "123",
            "Lot 12 Concession 3",
            "12-34-5-W4",
            "0 Main St",
        )
    ),
    ("street", "", "missing"),
    ("street", "  ,", "missing"),
    ("city", "", "missing"),
    ("city", "123", "missing"),
    ("province", "", "missing"),
    ("postal_code", " ", "missing"),
    ("street", "1 " + "a" * 200, "too_long"),
    ("city", "a" * 61, "too_long"),
    ("postal_code", "K1A 0B1" * 9, "too_long"),
    ("unit", "9" * 17, "too_long"),
    ("unit", "Box 12", "po_box"),
    ("city", "PO Box 3, Ottawa", "po_box"),
    ("street", "123 Main\u202e St", "characters"),
    ("street", "123\x00 Main St", "characters"),
    ("city", "Ott\u200bawa", "characters"),
    ("city", "Оttawa", "characters"),
    ("city", "أوتاوا", "characters"),
    ("street", "١٢٣ Main St", "characters"),
    ("postal_code", "K1A 0B1\u2028", "characters"),
    ("province", "Atlantis", "no_such_province"),
    ("province", "XX", "no_such_province"),
    ("province", "New York", "not_canadian"),
    ("province", "CA ", "not_canadian"),
    ("province", "France", "not_canadian"),
    ("province", "États-Unis", "not_canadian"),
    ("city", "London, United Kingdom", "not_canadian"),
    ("city", "Delhi, Inde", "not_canadian"),
    ("postal_code", "90210", "not_canadian"),
    ("postal_code", "10001-1234", "not_canadian"),
    ("postal_code", "SW1A 1AA", "not_canadian"),
    ("postal_code", "75008", "not_canadian"),
    *(
        ("postal_code", code, "postal_shape")
        for code in (
            "D1A 0B1",
            "F1A 0B1",
            "I1A 0B1",
            "O1A 0B1",
            "Q1A 0B1",
            "U1A 0B1",
            "W1A 0B1",
            "Z1A 0B1",
            "K1D 0B1",
            "K1A 0O1",
            "K1A OB1",
            "K1A 0B",
            "K1A 0B11",
            "1K1 A0B",
            "hello",
        )
    ),
    *(
        ("postal_code", code, "postal_other_province")
        for code in (
            "H2Z 1A4",
            "V6B 6N9",
            "X1A 1N3",
            "A1B 3R4",
            "R3C 0V8",
        )
    ),
]


def checked(values: tuple[str, ...]) -> Any:
    return check_address(dict(zip(FIELDS, values, strict=True)))


@pytest.mark.parametrize("row", TAKEN, ids=lambda row: row[0])
def test_an_address_people_have_is_taken_and_comes_out_in_order(row: tuple[str, ...]) -> None:
    found = checked(row[:5])
    assert isinstance(found, Address), found
    assert found.lines("en")[0] == row[5]
    assert found.city == CITIES.get(row[2], found.city)
    again = check_address(found.to_json())
    assert isinstance(again, Address) and again.to_json() == found.to_json()
    assert Address.from_json(found.to_json()) == found


def test_all_provinces_and_territories_are_among_them() -> None:
    assert len(TAKEN) >= 60
    assert len({checked(row[:5]).province for row in TAKEN}) == 13


@pytest.mark.parametrize(("field", "value", "kind"), REFUSED)
def test_what_cannot_be_right_is_refused_with_its_reason(field: str, value: str, kind: str) -> None:
    found = check_address({**GOOD, field: value})
    assert isinstance(found, AddressProblems)
    assert found.problems == {field: kind}


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    problems = AddressProblems({kind: kind for kind in KINDS})
    texts = [problems.sentences(language) for language in LANGUAGES]
    assert all(len(set(text.values())) == len(KINDS) for text in texts)
    assert {kind for _, _, kind in REFUSED} | {"two_units"} == set(KINDS)


def test_another_country_is_refused_and_canada_is_not() -> None:
    assert isinstance(check_address({**GOOD, "country": "Canada"}), Address)
    found = check_address({**GOOD, "country": "France"})
    assert isinstance(found, AddressProblems) and found.problems == {"country": "not_canadian"}


def test_two_different_units_are_asked_about_and_the_same_one_twice_is_one() -> None:
    twice = check_address({**GOOD, "street": "4-123 Main St", "unit": "Apt. 4"})
    assert isinstance(twice, Address) and (twice.unit, twice.street) == ("4", "123 Main St")
    two = check_address({**GOOD, "street": "5-123 Main St", "unit": "4"})
    assert isinstance(two, AddressProblems) and two.problems == {"street": "two_units"}


def test_every_wrong_field_is_named_at_once() -> None:
    found = check_address({})
    assert isinstance(found, AddressProblems)
    assert found.problems == dict.fromkeys(("street", "city", "province", "postal_code"), "missing")


# Pieces that tempt the reader of streets, mixed with anything at all.
_PIECES = """123 4B 4e 12-34 # Apt unit PH 2 - , . rue RUE de la l' d'Armes MAIN St ST. Ste W O RR
 #3 Box Hwy 7 ½ Ha! (Québec) ,ON app. bureau sous-sol Mc McDonald É ß İ ŉ no No. étage X1A 0B1"""
PIECES = st.sampled_from(_PIECES.split())
ANYTHING = st.one_of(
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(PIECES, max_size=6).map("".join),
    st.text(max_size=30),
)
PROVINCES = st.sampled_from(["ON", "qc", "Québec", "T.-N.-L.", "Nunavut", "XX", ""])
CODES = st.sampled_from(["K1A0B1", "k1a-0b1", "H2Z 1A4", "A1A 1A1", "X0A 0H0", "90210", ""])


@settings(max_examples=400, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "street": ANYTHING,
            "unit": ANYTHING,
            "city": ANYTHING,
            "province": st.one_of(PROVINCES, ANYTHING),
            "postal_code": st.one_of(CODES, ANYTHING),
        }
    )
)
def test_whatever_is_typed_nothing_breaks_and_what_is_taken_stays(fields: dict[str, str]) -> None:
    assert_settled(check_address(fields))


@settings(max_examples=600, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from(["Ottawa", "ST-JÉRÔME", "L'ÎLE, ON"]))
def test_a_strange_street_that_is_taken_stays(street: str, unit: str, city: str) -> None:
    values = {**GOOD, "street": f"12 {street}", "unit": unit, "city": city}
    assert_settled(check_address(values))


def assert_settled(found: Address | AddressProblems) -> None:
    if isinstance(found, AddressProblems):
        assert found.problems and set(found.problems.values()) <= set(KINDS)
        return
    again = check_address(found.to_json())
    assert isinstance(again, Address) and again.to_json() == found.to_json()
    for line in (*found.lines("en"), *found.lines("fr")):
        assert not [char for char in line if unicodedata.category(char)[0] == "C"]
        assert line == unicodedata.normalize("NFC", line)
