"""Words on plans by language: rooms, sheets, and things in rooms.

Compiled by hand from common usage, in lower case; accents do not matter, nor dots inside abbreviations.
Left out because they are something else in another language: English "tank", "niche" and "drawing",
French "cabinet" (furniture in English), Italian "piano" (a storey, and an instrument), "data" (a date
in four languages, and a socket in English; a date's own form tells), Portuguese "area".
"""

ROOMS = {
    "English": """
        alcove attic bar basement bath bathroom bathrm bed bedroom bedrm boardroom boiler boudoir
        breakfast br cafe cafeteria canteen carport cellar changing chapel cinema cl classroom
        clinic cloak cloaks cloakroom clo clos closet club conference conservatory corridor corr
        court courtyard cupboard cupbd cpd deck den dining diner dinette dorm dressing electrical elec
        elevator ensuite en-suite entrance entry family fam foyer gallery games garage garden gents
        great guest guestroom gym hall hallway hvac janitor kit kitch kitchen kitchenette lab
        laboratory ladies landing lanai laundry lav lavatory lib library lift linen living lobby
        locker loft loggia lounge master mbr mechanical mech media meeting men mens mezzanine mud
        mudroom nook nursery office open-plan pantry parking parlor parlour passage patio pdr
        plant play playroom pool porch powder pwdr reception rec recreation restroom riser
        robe robes room rm sauna scullery server shed shop shower sitting snug spa stair staircase
        stairs stairway stairwell stg stor storage store storeroom studio study suite sunroom
        terrace theater theatre toilet toilets utility util verandah veranda vest vestibule void
        waiting walk-in walkin ward wardrobe warehouse wash washing washroom wc w/c wet wic wir
        women womens workroom workshop workspace yard""",
    "Finnish": """
        aitta alkovi alk apuk apukeittio arkieteinen asuinh ash askart askartelu aula autok autokatos
        autosuoja autotalli at etupiha et eteinen h hall halli harrastus hk hsto huone huvimaja
        irtaimistovarasto jateh jatehuone k kaap katos kattilah kattilahuone kellari keittio keitto
        keittokomero keittotila kerhohuone keskus kh khh kirjasto kk kodinh kodinhoito kodinhoitohuone
        kph kt kuisti kuivaus kuivaush kuraet kuraeteinen kylmio kylmak kylpy kylpyh kylpyhuone
        lampokeskus lasikuisti lasiterassi lasitettu leikki lh lto loyly loylyh loylyhuone lpk lvh
        makuuh makuuhuone mh oh olo oleskelu oleskelutila olohuone olok olotila parv parveke parvi
        pannuh pe pesu peseytymis pesuh pesuhuone ph piha pihavarasto pkh porras porrasaula porrash
        porrashuone portaat psh pukuh pukuhuone pyykki rh rt ruok ruokailu ruokailutila ruokak
        ruokasali s saniteetti sauna saunakamari saunatupa siiv siivous sisaank sk suihku takka takkah
        takkahuone tallitupa tekn tekninen tekninentila ter terassi th tk tki tila tuulikaappi tuulik
        tupa tupakeittio tupak tyoh tyohuone tyotila ullakko ulkovarasto vaate vaateh vaatehuone var
        varasto vat veh vh viherh viherhuone vierash vierashuone vilvoittelu vs vss vsto yh yhd
        ylaaula yh-tila""",
    "Swedish": """
        allrum altan arbetsrum badrum balkong barnrum bastu dusch entre forrad forstuga gang garderob
        gastrum groventre hobby kallare klk kladkammare kladv kladvard kok kokso korridor matplats
        matrum matsal pannrum rum sal sallskapsrum skafferi sovalkov sovrum stad tamb tambur terrass
        toalett trappa trapphus tvatt tvattstuga uteplats uterum vardagsrum vind vindfang""",
    "German": """
        abstellkammer abstellraum abst abstell ankleide arbeiten arbeitszimmer aufenthaltsraum aufzug
        bad badezimmer balkon besprechung buro buero dachboden diele du dusche eingang
        elternschlafzimmer eltern empfang essen essecke esszimmer essplatz flur garderobe gaste gaeste
        gastezimmer gaestezimmer gast gang halle hauswirtschaftsraum haustechnik heizung heizraum hwr
        kammer keller kellerraum kind kinder kinderzimmer kochen kochnische ku kuche kueche lager
        loggia raum schlafen schlafzimmer speis speisekammer speisezimmer stube technik technikraum
        terrasse toilette treppe treppenhaus umkleide vorraum vorrat vorratsraum waschen waschkuche
        waschkueche waschraum windfang wintergarten wohnen wohnkuche wohnzimmer wohnraum zimmer""",
    "French": """
        accueil alcove atelier balcon bain bains bibliotheque buanderie bureau cave cellier chambre
        chbre chaufferie ch couloir coursive cour cuisine cuis debarras degagement degt dgt dressing
        douche entree escalier escaliers garage hall jardin linge lingerie local loggia mezzanine
        palier parents penderie piece placard plac porche rangement rangt rgt salle salon sanitaires
        sas sdb sde sejour sej suite terrasse toilette toilettes veranda verriere vestiaire vestibule
        vestib wc repas""",
    "Spanish": """
        alacena alcoba almacen armario aseo atico azotea balcon bano banos biblioteca bodega closet
        cochera cocina cocineta comedor cuarto despacho despensa distribuidor dormitorio dorm entrada
        escalera escaleras estancia estar estudio garaje habitacion hab jardin lavadero lavanderia
        oficina pasillo patio porche recamara recibidor sala salon servicio sotano tendedero terraza
        trastero vestidor vestibulo zaguan""",
    "Portuguese": """
        alpendre arrecadacao arrumos banheiro casa-de-banho closet copa corredor cozinha despensa
        dormitorio dorm entrada escadas escritorio garagem hall jantar lavabo lavandaria lavanderia
        marquise quarto sacada sala salao servico sotao suite varanda vestiario""",
    "Italian": """
        antibagno atrio autorimessa bagno balcone cabina camera cameretta cantina corridoio corr cucina
        disimpegno dis guardaroba ingresso lavanderia letto mansarda pranzo ripostiglio rip salotto
        sala salone scala scale soggiorno sogg soffitta spogliatoio studio terrazza terrazzo tinello
        ufficio veranda""",
    "Dutch": """
        badkamer bad berging bijkeuken douche eetkamer entree gang garage hal inloopkast kantoor kast
        keuken kamer kelder logeerkamer meterkast ouderslaapkamer overloop portaal slaapkamer slaapk
        speelkamer studeerkamer technische terras toilet trap tuin voorraad wasruimte washok
        werkkamer woonkamer woonk zitkamer zolder""",
    "Polish": """
        antresola balkon gabinet garaz garderoba gospodarcze hall hol jadalnia kotlownia kuchnia
        komunikacja korytarz lazienka piwnica pokoj pom pomieszczenie pralnia przedpokoj przedsionek
        salon schowek schody sien sionka sypialnia spizarnia strych taras toaleta wiatrolap""",
    "Danish and Norwegian": """
        alrum altan bad badevaerelse bod bryggers depot entre gaestevaerelse gang kjeller kjokken
        kontor kokken loftstue opholdsstue sovevaerelse soverom baderom
        allrom spisestue stue terrasse toilet trapp vaerelse vaskerom vindfang""",
    "Czech and Slovak": """
        chodba detsky jidelna komora koupelna kuchyn kuchyna kupelna loznice obyvaci obyvacka pokoj
        predsin satna schodiste sklep spalna spiz zadveri zachod izba""",
    "Russian and Ukrainian": """
        балкон бойлерная ванна ванная веранда вітальня гардероб гардеробная гараж гостиная детская
        душ душевая зал зала к кабинет кабінет кладовая кладовка коридор комн комната комора
        котельная кухня кухня-гостиная лестница лоджия мастерская передпокій постирочная прихожая
        санвузол санузел сауна спальня спальна столовая су с/у суз с/узел тамбур терраса техн туалет
        уборная холл хол""",  # noqa: RUF001 - Cyrillic on purpose
    "Japanese": "ldk dk ub",
    "Turkish": """
        antre balkon banyo cocuk giris hol kiler koridor mutfak oda odasi oturma salon teras tuvalet
        yatak""",
    "Hungarian": """
        elszoba eloszoba erkely etkezo furdo furdoszoba gardrob halo haloszoba kamra konyha kozlekedo
        nappali szoba terasz tarolo""",
    "Greek": """
        αποθηκη βεραντα διαδρομος καθιστικο κουζινα λουτρο μπαλκονι μπανιο σαλονι τραπεζαρια
        υπνοδωματιο χολ""",
}  # fmt: skip

ROOM_SIGNS = """
    居間 寝室 洋室 和室 台所 厨房 玄関 廊下 浴室 洗面 脱衣
    便所 押入 納戸 収納 物入 物置 書斎 子供室 階段 車庫 土間
    広縁 食堂 応接 客間 洗濯 家事室 キッチン
    リビング ダイニング トイレ ホール バルコニー ベランダ テラス ガレージ
    クローゼット クロゼット クローク パントリー サンルーム ロフト 居室
    客厅 客廳 卧室 臥室 主卧 次卧 廚房 卫生间 衛生間 餐厅
    餐廳 阳台 陽台 书房 書房 走廊 玄关 储藏 儲藏 衣帽间
    衣帽間 洗手间 洗衣房 楼梯 车库 起居室 门厅
    거실 침실 주방 욕실 현관 발코니 드레스룸 화장실 안방 다용도실 복도 창고 서재 식당 베란다
    """
"""Room words of scripts without spaces: any of them anywhere in a text names a room."""

ROOM_ENDINGS = """
    room bath bathroom zimmer raum kuche kueche keller kammer huone tila tupa rum kok stue ruimte
    kamer keuken szoba vaerelse
    """
"""Words that end compounds: ``Herrenzimmer``, ``harrastehuone``, ``kleedkamer``."""

SHEETS = """
    address approved architect architects area-schedule checked client contractor copyright date
    description detail details drawing drawings drawn dwg elevation elevations engineer floorplan
    issued issue job key legend north note notes number plan plans project projects revision
    revisions rev scale schedule section sections sheet specification specifications symbols symbol
    title approx approximate gross internal illustration purposes only measurements total sqft owner

    massstab masstab datum gezeichnet gez gepruft geprueft zeichnung blatt bauherr bauvorhaben projekt
    architekt entwurf lageplan schnitt ansicht legende planinhalt plannummer auftraggeber grundriss
    bauantrag

    echelle dessin dessine coupe facade projet dossier feuille indice habitable totale permis

    escala fecha plano planos proyecto dibujo dibujado revisado hoja lamina propietario arquitecto
    alzado leyenda desenho projeto folha prancha revisao fachada legenda arquiteto
    proprietario pianta tavola disegno disegnato progetto committente prospetto sezione

    schaal getekend tekening blad opdrachtgever gewijzigd plattegrond doorsnede gevel
    skala rysunek inwestor rzut przekroj arkusz projektant sprawdzil branza obiekt investor
    meritko vykres pudorys olcek tarih cizen leptek

    piirustus mittakaava paivays pvm suunnittelija pohjapiirros pohjakuva pohja piirtaja piirt
    hyvaksytty rakennuskohde kohde asemapiirros leikkaus julkisivu ohjeellinen suuntaa-antava
    huoneistoala kerrosala tilavuus rakennuttaja tilaaja mitoitus
    ritning ritad granskad andring handlaggare bestallare fasad sektion skiss
    tegning tegnet dato bygherre snit malestok malestokk tiltakshaver

    масштаб дата лист листов план проект чертеж чертил разраб разработал проверил заказчик стадия
    разрез фасад экспликация гип утвердил изм подпись обозначения помещений площадь архитектор
    аркуш креслення замовник κλιμακα σχεδιο ημερομηνια
    """
"""Words of title blocks, legends and captions."""

STOREYS = """
    floor level storey ground first second third kerros krs kerroksen
    erdgeschoss obergeschoss untergeschoss dachgeschoss kellergeschoss geschoss etage
    rez-de-chaussee rdc niveau planta planta-baja nivel verdieping begane parter pietro etaj
    vaning bottenvaning etasje этаж поверх kat
    """
"""Captions of storeys; before a room's name they say where it is: ``First floor landing``."""

SHEET_SIGNS = """
    縮尺 図面 図名 日付 作成日 平面図 設計 承認 工事名 面積
    間取図 方位 比例 图号 圖號 日期 设计 審核 审核 图名 工程
    축척 도면 날짜 평면도 설계
    """
"""Sheet words of scripts without spaces."""

FIXTURES = """
    up down dn fridge freezer refrigerator ref oven stove cooker microwave sink hob dishwasher dryer
    washer fireplace skylight shelf shelves hatch window door bench beam column duct chimney tv sofa
    tub bathtub vanity cabinet cabinets island counter w/d d/w f/f a/c ac opening overhang eaves detector

    palovaroitin turvalasi turvalasit lasi kaide mse vpt apk jk pk ppk kvv jkp lvv liesi uuni hormi
    kattoikkuna palkki seina seinalinja valiseina ikkuna ovi luukku luiska yos ylos alas avoin katto
    leivinuuni takka-uuni pok lattialammitys lampopumppu
    diskmaskin kyl frys ugn spis tm tt dm hs fs kf
    kuhlschrank herd spule schrank kamin fenster tur ofen
    cheminee four frigo fenetre porte evier lave-linge lave-vaisselle
    nevera horno ventana puerta chimenea lavadora geladeira fogao porta janela finestra forno frigo
    koelkast oven raam deur vaatwasser okno drzwi kominek lodowka szafa
    окно дверь шкаф плита
    """
"""Fixtures, furniture, parts of the building and arrows of stairs: they name no room."""

REMARKS = """
    typ typical nic uno tbc tbd tba sim similar nts eq clr aff exist exst demo
    bestand vorh existant existente esistente bef nykyinen
    """
"""What is said about a thing that is drawn: typical, not in contract, unless noted otherwise."""

HEIGHTS = """
    clg ceiling ht hgt hsp hsfp hff ffl sfl ssl fcl rcl aff rl el elev okff okrf okfb ukd brh lh rh npt nft
    nsl alt korkeus takhojd rumshojd wys hoogte vrije niv niveau nivel kote cota quota height отм
    """
"""Words before heights of ceilings and levels of floors; ``CH`` and ``H`` are also rooms."""

UNMISTAKABLE = """
    balcony bathrm bedroom garage hallway kitchen laundry library lounge office pantry reception storage
    studio terrace toilet utility wardrobe
    keittio eteinen parveke terassi varasto sovrum balkon kuchnia zimmer cuisine chambre
    cozinha quarto cocina cucina camera bagno keuken soverom
    спальня кухня ванная
    """
"""Room words shorter than eight letters with no other word a letter away."""

NO_ROOMS = """
    spectrum quorum mushroom receptor officer gardener display ingress hanging halfway
    cursive mastering
    """
"""Words that end or begin as a room's do."""
