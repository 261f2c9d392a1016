"""Words that name rooms, and words that belong to a sheet rather than to a room.

The lists only raise or lower a score: an unknown word inside a room still names it. Compiled by hand from
common usage on plans in each language; spelling without accents, lower case.
"""

import re
import unicodedata

_BY_LANGUAGE = {
    "English": """
        alcove attic bar basement bath bathroom bathrm bed bedroom bedrm boardroom boiler boudoir
        breakfast br cafe cafeteria canteen carport cellar changing chapel cinema cl classroom
        clinic cloak cloaks cloakroom clo closet club conference conservatory copy corridor court
        courtyard cupboard deck den dining dinette dorm dressing drawing dryer electrical elec
        elevator ensuite en-suite entrance entry exam family foyer gallery games garage garden gents
        great guest guestroom gym hall hallway hob hvac janitor kit kitch kitchen kitchenette lab
        laboratory ladies landing lanai laundry lav lavatory lib library lift linen living lobby
        locker loft loggia lounge master mbr mechanical mech media meeting men mens mezzanine mud
        mudroom niche nook nursery office open-plan pantry parking parlor parlour passage patio pdr
        plant play playroom pool porch powder print pwdr reception rec recreation restroom riser
        robe robes room rm sauna scullery server shed shop shower sitting snug spa stair staircase
        stairs stairwell stg stor storage store storeroom storm studio study suite sunroom tank
        terrace theater theatre toilet toilets utility verandah veranda vestibule waiting walk-in
        walkin ward wardrobe warehouse wash washing washroom wc w.c w.c. wet wic w.i.c w.i.c. wir
        women womens workroom workshop workspace yard void""",
    "Finnish": """
        asp ash psh vsto katos piha kirjasto suihku kylpy lampokeskus loyly loylyhuone oleskelu oleskelutila
        tupakeittio tekninentila ter aula keskus tila lasikuisti
        aitta alkovi apuk at asuinh askartelu aula autokatos autotalli et eteinen h hall halli
        harrastus hk huone ilmastointi jateh k kaap kattilah kellari keittio keittokomero keittotila
        kh khh kk kodinhoito kodinh kph kt kuisti kuivaus kuraet kylmio kylpyh kylpyhuone
        lasiterassi lasitettu leikki lh lto makuuh makuuhuone mh oh olohuone olo parveke parvi
        pannuh parv pe peseytymis pesuh pesuhuone ph pihavarasto pkh porras porrash porrasaula pukuh
        pukuhuone rt ruok ruokailu ruokailutila ruokak rh s sauna saunatupa sk siivous siiv sisaank
        takka takkah takkahuone tekn tekninen terassi th tk tki tuulikaappi tupa tyoh tyohuone var
        varasto vaatehuone vaateh vat vh viherhuone vierash vierashuone vs vss wc yh ylatasanne""",
    "Swedish": """
        allrum arbetsrum badrum balkong barnrum bastu dusch entre forrad forstuga gang garderob
        gastrum groventre hobby kallare klk kladkammare kok korridor matplats matsal rum sal
        skafferi sovrum stad tamb tambur terrass toalett trappa tvatt tvattstuga uteplats vardagsrum
        vind""",
    "German": """
        abstellraum abst abstell ankleide arbeiten arbeitszimmer aufzug bad badezimmer balkon buro
        dachboden diele du dusche eingang elternschlafzimmer empfang essen esszimmer essplatz flur
        garderobe gaste gastezimmer gast gang halle hauswirtschaftsraum haustechnik heizung heizraum
        hwr keller kind kinderzimmer kochen kuche lager loggia raum schlafen schlafzimmer speis
        speisekammer technik terrasse toilette treppe treppenhaus umkleide vorraum vorratsraum
        waschkuche wfl windfang wintergarten wohnen wohnzimmer wohnraum zimmer""",
    "French": """
        accueil atelier balcon bain bains bibliotheque buanderie bureau cabinet cave cellier chambre
        chaufferie ch couloir cour cuisine debarras degagement dgt dressing douche eau entree
        escalier garage hall jardin linge lingerie local loggia mezzanine palier parents penderie
        piece placard plac porche rangement rgt salle salon sanitaires sas sdb sde sejour suite
        terrasse toilettes veranda vestiaire vestibule wc""",
    "Spanish": """
        alcoba almacen aseo azotea balcon bano banos bodega closet cochera cocina cocineta comedor
        cuarto despacho despensa distribuidor dormitorio dorm entrada escalera escaleras estancia
        estar estudio garaje habitacion jardin lavadero lavanderia oficina pasillo patio porche
        recamara recibidor sala salon servicio sotano terraza vestidor vestibulo zaguan""",
    "Portuguese": """
        area banheiro corredor cozinha despensa dormitorio escritorio garagem hall jantar lavabo
        lavanderia quarto sacada sala suite varanda""",
    "Italian": """
        antibagno autorimessa bagno balcone cabina camera cameretta cantina corridoio cucina
        disimpegno dis ingresso lavanderia letto pranzo ripostiglio rip salotto scala scale
        soggiorno studio terrazza terrazzo ufficio veranda""",
    "Dutch": """
        badkamer berging bijkeuken douche eetkamer gang garage hal keuken kamer kantoor kelder
        overloop slaapkamer studeerkamer terras toilet trap tuin wasruimte woonkamer zolder""",
    "Polish": """
        balkon garaz garderoba hol jadalnia kuchnia korytarz lazienka pokoj przedpokoj salon schody
        sypialnia spizarnia taras wiatrolap""",
    "Danish and Norwegian": """
        alrum bad bod bryggers entre gang kjokken kokken sovevaerelse soverom spisestue stue
        terrasse toilet vaerelse vaskerom""",
    "Russian": """
        ванная балкон веранда гардероб гараж гостиная детская зал кабинет кладовая комната коридор
        котельная кухня лестница лоджия прихожая спальня столовая санузел тамбур терраса туалет холл""",
}  # fmt: skip

ROOM_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())

SHEET_WORDS = frozenset(
    [
        "address",
        "approved",
        "architect",
        "architects",
        "area-schedule",
        "checked",
        "client",
        "contractor",
        "copyright",
        "date",
        "description",
        "detail",
        "drawing",
        "drawings",
        "drawn",
        "dwg",
        "elevation",
        "elevations",
        "engineer",
        "floorplan",
        "issued",
        "job",
        "key",
        "legend",
        "north",
        "note",
        "notes",
        "number",
        "plan",
        "plans",
        "project",
        "projects",
        "revision",
        "revisions",
        "rev",
        "scale",
        "schedule",
        "section",
        "sections",
        "sheet",
        "specification",
        "symbols",
        "symbol",
        "title",
        "approx",
        "approximate",
        "gross",
        "internal",
        "illustration",
        "purposes",
        "only",
        "measurements",
        "maßstab",
        "massstab",
        "masstab",
        "datum",
        "gezeichnet",
        "geprueft",
        "echelle",
        "dessin",
        "escala",
        "fecha",
        "plano",
        "proyecto",
        "piirustus",
        "mittakaava",
        "paivays",
        "suunnittelija",
        "skala",
        "ritning",
        "floor",
        "level",
        "ground",
        "basement-level",
        "first",
        "second",
        "third",
        "pohjapiirros",
        "pohja",
        "kerros",
        "krs",
        "grundriss",
        "erdgeschoss",
        "obergeschoss",
        "etage",
        "rez-de-chaussee",
        "planta",
        "total",
        "sqft",
    ]
)

_STEMS = tuple(sorted(word for word in ROOM_WORDS if len(word) >= 4 and word.isalpha()))
_LONG = frozenset(word for word in ROOM_WORDS if len(word) >= 6)


def plain(word: str) -> str:
    """``word`` in lower case without accents, punctuation at its ends and digits at its end."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\d+$", "", letters.strip(" .,:;()[]'\"*-_/")).strip(" .-_")


def is_room_word(word: str) -> bool:
    """Whether ``word`` names a room, alone, run together with another (``MASTERBATH``) or one letter misread.

    A single letter with digits (``S101``) is a room number, not a sauna.
    """
    bare = plain(word)
    if bare in ROOM_WORDS:
        return len(bare) > 1 or not any(c.isdigit() for c in word)
    if len(bare) < 6:
        return False
    return (
        bare.startswith(_STEMS) or bare.endswith(_STEMS) or not _LONG_SPELLINGS.isdisjoint(_spellings(bare))
    )


def is_sheet_word(word: str) -> bool:
    """Whether ``word`` belongs to a title block, a legend or a storey's caption."""
    return plain(word) in SHEET_WORDS


def _spellings(word: str) -> set[str]:
    """``word`` with each letter in turn left open; two words one letter apart share a spelling."""
    return {f"{word[:i]}?{word[i + 1 :]}" for i in range(len(word))}


_LONG_SPELLINGS = frozenset(spelling for word in _LONG for spelling in _spellings(word))
