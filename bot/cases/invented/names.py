"""Invented people have names and birth places of many origins. Nobody real is meant."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple


class Name(NamedTuple):
    """`slug` is the name as it stands in an e-mail address: ASCII letters only."""

    text: str
    slug: str


class Origin(NamedTuple):
    """`french` is the share of people of this origin who write to us in French, 0 to 1."""

    french: float
    places: tuple[str, ...]
    family: tuple[Name, ...]
    given: tuple[Name, ...]


# french | places | family names | given names
# ruff: noqa: E501
_ORIGINS = """
0.9 | Dakar; Thiès; Saint-Louis | Ndiaye; Diop; Fall; Sow; Ba; Guèye; N'Diaye | Aïssatou; Mamadou; Fatou; Ousmane; Khady; Cheikh
0.8 | Casablanca; Rabat; Fès | El Amrani; Benjelloun; Aït-Ahmed; Bennani; Chraïbi | Youssef; Salma; Mehdi; Imane; Hicham; Zineb
1.0 | Lyon; Nantes; Orléans | Lefèvre; Côté-Martin; D'Aubigné; Moreau; Fournier; L'Écuyer | Zoé; Étienne; Anne-Sophie; Loïc; Hélène; François-Xavier
0.9 | Port-au-Prince; Jacmel; Cap-Haïtien | Jean-Baptiste; Pierre-Louis; Désir; Toussaint; Saint-Fleur | Marie-Ange; Wilner; Ketsia; Jean-Robert; Rose-Laure
0.7 | Yaoundé; Douala; Bafoussam | Mbarga; Nguemo; Tchoumi; N'Guessan; Essomba | Clarisse; Armand; Solange; Thierry; Blandine
0.0 | Mumbai; Chennai; Ludhiana; Kochi | Sharma; Patel; D'Souza; Raman; Krishnamurthy; Singh; Kaur | Priya; Arjun; Ananya; Harpreet; Rahul; Meenakshi
0.0 | Manila; Cebu City; Davao | Dela Cruz; Santos; Reyes; Peñaflor; Bautista | Maria Luisa; José Antonio; Angelica; Ramón; Kristine
0.0 | Lagos; Ibadan; Enugu | Okafor; Adébáyò; Eze; Olúwolé; Balogun | Chidi; Ngozi; Tunde; Adaeze; Emeka; Folákẹ́
0.0 | Beijing; Chengdu; Guangzhou | Wang; Li; Zhang; Ouyang; Lü; Chen | Wei; Xiu Ying; Jia Hao; Min; Yu Xuan
0.1 | Hanoi; Huế; Đà Nẵng | Nguyễn; Trần; Phạm; Lê; Đặng | Thị Hoa; Văn Minh; Quang; Thùy Linh; Đức
0.0 | Bogotá; Medellín; Cali | García; Muñoz; Rodríguez-Peña; Ibáñez; Zúñiga | Mateo; Lucía; Andrés; Ximena; Joaquín; Sofía
0.0 | São Paulo; Recife; Brasília | Gonçalves; da Conceição; Araújo; Magalhães | João; Conceição; Luís Felipe; Antônia; Thaís
0.0 | Kyiv; Lviv; Odesa | Shevchenko; Kovalenko; Bondarenko; Tkachuk | Olena; Andriy; Solomiia; Taras; Kateryna
0.0 | Kraków; Gdańsk; Łódź | Wójcik; Kowalczyk; Żak; Nowak-Zieliński | Łukasz; Małgorzata; Paweł; Świętosława
0.2 | Beirut; Damascus; Amman | Abdul-Rahman; Al-Khoury; Haddad; El-Sayed; Mansour | Layla; Omar; Nour; Karim; Rana; Samir
0.0 | Tehran; Shiraz; Isfahan | Hosseini; Karimi; Ahmadzadeh; Moradi | Parisa; Reza; Niloufar; Dariush; Shirin
0.0 | Dublin; Cork; Galway | O'Connor; Ní Bhriain; Mac Giolla; Byrne; O'Shaughnessy | Siobhán; Ciarán; Aoife; Pádraig
0.0 | Seoul; Busan; Incheon | Kim; Park; Choi; Seo-Lee | Min-jun; Seo-yeon; Ji-ho; Hae-won
0.0 | Istanbul; İzmir; Ankara | Yıldız; Öztürk; Güneş; Şahin; Çelik | Ayşe; Mehmet; Zeynep; Göksu
0.0 | Kingston; Montego Bay; Nairobi; Addis Ababa | Campbell; Wright; Otieno; Wanjiku; Tesfaye; Bekele | Shanice; Brian; Grace; Dwayne; Hanna; Abebe
"""


@lru_cache(maxsize=1)
def origins() -> tuple[Origin, ...]:
    return tuple(_origin(line) for line in _ORIGINS.strip().splitlines())


def slug(text: str) -> str:
    """ASCII letters of a name, in lower case."""
    plain = unicodedata.normalize("NFKD", text.replace("Ł", "L").replace("Đ", "D"))
    return "".join(c for c in plain.lower() if "a" <= c <= "z")


def _origin(line: str) -> Origin:
    french, places, family, given = line.split("|")
    return Origin(float(french), tuple(_split(places)), _names(family), _names(given))


def _names(text: str) -> tuple[Name, ...]:
    return tuple(Name(name, slug(name)) for name in _split(text))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]
