"""What single lines of text say, language by language, as they are printed and as they are misread."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.rooms.text.text_kinds import TextKind, kind_of


def texts_of(row: str) -> list[str]:
    return [text.strip() for text in row.split("|")]


ROOMS = {
    "English": """
        MASTERBATH | Master Bedroom | MSTR BEDROOM | BEDR00M | BEDROOM #2 | BEDROOM2 | Becroom | KITCHEM |
        UTLITY | AUNDRY | W.I.C. | WIC | W/C | EN-SUITE | Ensuite | PDR | CL. | Liv. Room | KIT. |
        GREATROOM | LIVINGROOM | Kitchen/Breakfast Room | RECEPTION ROOM/OPEN PLAN KITCHEN |
        Open-plan kitchen | DRAWING ROOM | First Floor Landing | PROJECT ROOM | Laund. | WALK-IN CLOSET |
        Roof Terrace | LIFT | STAIRS | Store | OFFICE 101 | garages | 1/2 BATH
        """,
    "Finnish": """
        MH | OH | KHH | ET | VH | WC | PH | K | S | H | TK | KPH | VAR. | mh 2 | MH1 | OH+KK | KH/KHH |
        SAUNA | Makuuhuone | KEITTIÖ | KEITTIO | olohuone | PARVEKE | Eteinen | PUKUHUONE | Löylyhuone |
        PESUH. | harrastehuone | VAATEH. | RUOK.TILA | MAKUUHUDNE
        """,
    "Swedish": """
        Sovrum | SOVRUM 2 | KÖK | kok | Vardagsrum | Förråd | KLK | Tvätt | badrum | Gillesrum
        """,
    "German": """
        Schlafz. | Kü. | Küche | KUECHE | Kuche | Wohnzimmer | WOHNEN | Wohnen/Essen | Kinderz. | Flur |
        Diele | BAD | Gäste-WC | Abst. | Abstellr. | Herrenzimmer | Waschküche | HWR | Terrasse |
        Treppenhaus | Arb.zimmer | Schlafen Eltern
        """,
    "French": """
        SDB | S.D.B. | Chbre | Chambre 1 | CH. 2 | SÉJOUR | Sejour | Cuisine | Salle de bain | Salle d'eau |
        Dégt | DÉGAGEMENT | Entrée | Rangt | CELLIER | Buanderie | WC | Cuis. | Suite parentale
        """,
    "Spanish": """
        dorm. | Dormitorio 2 | Baño | BANO | Cocina | COMEDOR | Sala | Recámara | Habitación | Lavadero |
        Pasillo | Terraza | Hab. 3 | Aseo | Salón-comedor | Cuarto de servicio
        """,
    "Portuguese": """
        Quarto | Cozinha | Sala de Jantar | Banheiro | Suíte | VARANDA | Área de serviço | Escritório
        """,
    "Italian": """
        Soggiorno | Cucina | Camera | Cameretta | Bagno | Letto 1 | Disimpegno | Rip. | Ingresso |
        Ripostiglio | Angolo cottura e cucina | BALCONE | Lavand.
        """,
    "Dutch": """
        Slaapkamer | woonkamer | Keuken | Badkamer | Berging | kleedkamer | Overloop | Slaapk. 2 |
        Techn. ruimte
        """,
    "Polish": """
        Kuchnia | Łazienka | LAZIENKA | Pokój | Sypialnia | Przedpokój | Garaż | Korytarz | Kotłownia |
        Pok. dzienny i kuchnia
        """,
    "Danish and Norwegian": """
        Køkken | KOKKEN | Stue | Soverom | Værelse | Bryggers | Bod | Kjøkken | Opholdsstue
        """,
    "Czech and Slovak": """
        Kuchyň | Koupelna | Ložnice | Chodba | Obývací pokoj | Šatna
        """,
    "Russian": """
        к. 12 | Кухня | Ванная | СПАЛЬНЯ | С/У | Гостиная | Прихожая | лоджия | детская | коридор |
        санузел
        """,  # noqa: RUF001 - letters of other scripts on purpose
    "Turkish": """
        Yatak Odası | Mutfak | BANYO | Salon
        """,  # noqa: RUF001 - letters of other scripts on purpose
    "Hungarian": """
        Konyha | Fürdő | Hálószoba | Nappali
        """,
    "Greek": """
        Κουζίνα | ΜΠΑΝΙΟ
        """,
    "Japanese": """
        寝室 | 洋室(6帖) | LDK | キッチン | ガレージ | 和室 8畳 | 玄関 | トイレ | 主寝室 | UB
        """,
    "Chinese": """
        客厅 | 主卧 | 卧室 | 厨房 | 卫生间 | 阳台
        """,
    "Korean": """
        거실 | 침실 | 주방 | 욕실
        """,
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in ROOMS for text in texts_of(ROOMS[language])]
)
def test_room_names_are_rooms(language: str, text: str) -> None:
    assert kind_of(text) is TextKind.ROOM, language


@pytest.mark.parametrize("language", ROOMS)
def test_case_and_lost_accents_do_not_matter(language: str) -> None:
    for text in texts_of(ROOMS[language]):
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        kinds = [kind_of(form) for form in (text.upper(), text.lower(), text.title(), bare)]
        assert kinds == [TextKind.ROOM] * 4, text


SHEETS = {
    "English": """
        SCALE 1:100 | Scale: 1/4" = 1'-0" | DATE 12/05/2024 | Drawn by AB | SHEET A-101 | PROJECT |
        GROUND FLOOR PLAN | GROUND FLOOR | MAINFLOORPLAN | FIFTHFLOOR | ELECTRICALPLAN | Bedroom plan |
        ROOM SCHEDULE | Section A-A | Approximate gross internal area | Revision B | Checked
        """,
    "German": """
        Maßstab 1:50 | MASSTAB | Datum | gezeichnet | Geprüft | Bauherr | Blatt 3 | Projekt |
        Grundriss Erdgeschoss | Obergeschoss | Bauvorhaben | Lageplan | M 1:100
        """,
    "French": """
        Échelle 1/50 | ECHELLE | Dessiné par | Façade sud | Rez-de-chaussée | Plan de masse |
        Surface habitable | Projet
        """,
    "Spanish": """
        Escala 1:75 | Fecha | Plano 3 | Dibujado | PLANTA BAJA | Lámina 2 | Proyecto | Propietario
        """,
    "Portuguese": """
        Desenho | Folha 2 | Prancha | Fachada | Planta baixa
        """,
    "Italian": """
        Scala 1:100 | Committente | Progetto | Tavola 3 | Pianta piano terra | Data 12.03.2021
        """,
    "Dutch": """
        Schaal 1:50 | Getekend | Opdrachtgever | Begane grond | Verdieping 1 | Plattegrond
        """,
    "Polish": """
        Skala 1:50 | Rysunek | Rzut parteru | Inwestor | Sprawdził | Data 2020-05-17
        """,
    "Finnish": """
        Mittakaava 1:100 | MITTAKAAVASSA | PÄIVÄYS | Suunnittelija | POHJAPIIRROS | 1. krs | KERROSALA |
        Huoneistoala | Rakennuskohde | 2. KERROS | Leikkaus A-A
        """,
    "Swedish": """
        Skala 1:100 | Ritning | Datum | Granskad | Bottenvåning | Beställare
        """,
    "Russian": """
        Масштаб 1:100 | Лист 2 | Проект | Чертеж | Разраб. | Экспликация | План 1 этажа | Заказчик
        """,
    "Japanese": """
        縮尺 1/100 | 平面図 | 図面 | 設計
        """,
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in SHEETS for text in texts_of(SHEETS[language])]
)
def test_title_blocks_are_of_the_sheet(language: str, text: str) -> None:
    assert kind_of(text) is TextKind.SHEET, language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3H+K+S", TextKind.NOISE),  # a flat of three rooms, in Finland
        ("3LDK", TextKind.NOISE),  # and in Japan; LDK is one room
        ("3 rok", TextKind.NOISE),  # and in Sweden
        ("turvalasi", TextKind.NOISE),  # safety glass
        ("UP", TextKind.NOISE),
        ("DOWN", TextKind.NOISE),
        ("Kitchen cabinets", TextKind.ROOM),
        ("CABINETS", TextKind.NOISE),  # French rooms
        ("Data", TextKind.OTHER),  # a date in Polish, a socket in English
        ("Piano", TextKind.OTHER),  # a storey in Italian
        ("AT THE TOP", TextKind.OTHER),  # Finnish rooms AT and ET
        ("murs et sols", TextKind.OTHER),
        ("closer", TextKind.OTHER),  # a letter from closet
        ("Closed", TextKind.OTHER),
        ("Matter", TextKind.OTHER),  # master
        ("Setting out", TextKind.OTHER),  # sitting
        ("Parent", TextKind.OTHER),  # French parents
        ("display", TextKind.OTHER),  # Italian dis, English play
        ("DO NOT COPY", TextKind.OTHER),
        ("2 BED FLAT TO LET", TextKind.OTHER),
        ("officer", TextKind.OTHER),
        ("LOCATION", TextKind.OTHER),  # French local
        ("planter", TextKind.OTHER),
        ("essential", TextKind.OTHER),  # German essen
        ("deliver deck beams to the garage before the works begin there", TextKind.OTHER),
        ("Orangery", TextKind.OTHER),
        ("3.2 x 4.1 m", TextKind.DIMENSION),
        ("101", TextKind.NUMBER),
        ("E101", TextKind.NUMBER),
        ("S101", TextKind.NUMBER),
        ("K 2", TextKind.ROOM),
        ("|=", TextKind.NOISE),
        ("1:100", TextKind.NOISE),
        ("", TextKind.NOISE),
    ],
)
def test_other_text_and_false_friends_have_their_own_kinds(text: str, kind: TextKind) -> None:
    assert kind_of(text) is kind


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_of_some_kind(text: str) -> None:
    assert kind_of(text) in TextKind
    assert kind_of(text) is kind_of(f" {text} ")
