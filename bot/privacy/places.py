"""Names of places that follow a street in an address, as patterns over plain text."""

from __future__ import annotations

PROVINCES = (
    "ontario|ont|quebec|que|alberta|british columbia|colombie[- ]britannique|manitoba|saskatchewan"
    "|nova scotia|nouvelle[- ]ecosse|new brunswick|nouveau[- ]brunswick"
    "|newfoundland(?: and labrador)?|terre[- ]neuve(?:[- ]et[- ]labrador)?"
    "|prince edward island|ile[- ]du[- ]prince[- ]edouard|yukon|nunavut"
    "|northwest territories|territoires du nord[- ]ouest"
)
PROVINCE_CODES = "on|qc|bc|ab|mb|sk|ns|nb|pe|pei|nl|yt|nt|nu"

# Towns that people write after a street without a comma.
CITIES = (
    "abbotsford|ajax|barrie|bathurst|brampton|brossard|burlington|burnaby|calgary|charlottetown"
    "|coquitlam|dieppe|drummondville|edmonton|etobicoke|fredericton|gatineau|granby|guelph|halifax"
    "|hamilton|kelowna|kingston|kitchener|laval|lethbridge|levis|london|longueuil|markham"
    "|mississauga|moncton|montreal|north york|oakville|oshawa|ottawa|quebec|red deer|regina"
    "|repentigny|richmond hill|richmond|rimouski|saguenay|saint john|saskatoon|scarborough"
    "|sherbrooke|st[. ]? ?john'?s|sudbury|surrey|terrebonne|thunder bay|toronto"
    "|trois[- ]rivieres|vancouver|vaughan|victoria|waterloo|whitby|windsor|winnipeg"
)
