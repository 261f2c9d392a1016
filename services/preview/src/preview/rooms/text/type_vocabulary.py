"""Room words by the use that they tell, in all languages of `vocabulary.ROOMS`; a test holds that none lacks.

A word that means two things in two languages has the use that is commoner on plans: ``studio`` is an Italian
office, and a living room elsewhere.
"""

from preview.domain.room_type import RoomType

USES = {
    RoomType.BEDROOM: """
        bed bedroom bedrm beds boudoir br guest guestroom mbr nursery dorm dormitory alk alkovi
        makuuh makuuhuone mh vierash vierashuone sovalkov sovrum barnrum gastrum eltern
        elternschlafzimmer schlafen schlafzimmer gast gaste gaeste gastezimmer gaestezimmer kind
        kinder kinderzimmer chambre chbre ch parents alcoba dormitorio recamara cameretta letto
        slaapkamer slaapk ouderslaapkamer logeerkamer sypialnia sovevaerelse gaestevaerelse soverom
        loznice spalna detsky детская спальня спальна yatak cocuk halo haloszoba υπνοδωματιο""",
    RoomType.LIVING_ROOM: """
        den games jeux living lounge media parlor parlour play playroom snug sitting studio tv
        family-room drawing reception oh olo oleskelu oleskelutila olohuone olok olotila tupa
        saunatupa tallitupa takka takkah takkahuone allrum alrum salao sallskapsrum vardagsrum
        wohnen wohnzimmer wohnraum stube salon sejour sej estar estancia soggiorno sogg salotto
        salone tinello woonkamer woonk zitkamer speelkamer stue allrom opholdsstue obyvaci obyvacka
        гостиная вітальня oturma nappali καθιστικο σαλονι""",
    RoomType.KITCHEN: """
        breakfast kit kitch kitchen kitchenette scullery apukeittio k kt keittio keitto keittokomero
        keittotila kk kok kokso ku kuche kueche kochen kochnische cuisine cuis cocina cocineta
        cozinha copa cucina keuken kuchnia kjokken kokken kuchyn kuchyna кухня mutfak konyha κουζινα""",
    RoomType.DINING_ROOM: """
        dining diner dinette nook ruok ruokailu ruokailutila ruokasali rt matplats matrum matsal
        groventre essen essecke esszimmer essplatz speisezimmer repas manger comedor jantar pranzo
        eetkamer jadalnia spisestue jidelna столовая etkezo τραπεζαρια""",
    RoomType.LIVING_KITCHEN: "tupakeittio tupak ruokak wohnkuche keittiotupa кухня-гостиная ldk dk",
    RoomType.BATHROOM: """
        bath bathroom bathrm ensuite en-suite shower washroom wash wet kph kylpy kylpyh kylpyhuone
        pe pesu pesuh pesuhuone peseytymis ph psh saniteetti kh badrum dusch bad badezimmer du
        dusche waschraum bain bains eau douche sanitaires sdb sde bano banos aseo banho banheiro
        casa-de-banho bagno badkamer lazienka badevaerelse baderom koupelna kupelna ванна ванная душ
        душевая санвузол санузел су с/у суз с/узел ub banyo furdo furdoszoba λουτρο μπανιο""",  # noqa: RUF001 - Cyrillic on purpose
    RoomType.TOILET: """
        gents ladies lav lavatory men mens pdr powder pwdr restroom toilet toilets wc w/c women
        womens cloakroom cloak cloaks toalett toilette toilettes lavabo toaleta zachod туалет
        уборная tuvalet""",
    RoomType.HALL: """
        entrance entry foyer hall hallway lobby mud mudroom vest vestibule arkieteinen aula et
        eteinen halli tki porrasaula sisaank tk tuulikaappi tuulik ylaaula kuraet kuraeteinen entre
        forstuga tamb tambur vindfang klk diele eingang empfang halle vorraum windfang accueil
        entree sas vestib entrada recibidor vestibulo zaguan antibagno atrio ingresso hal portaal
        hol przedpokoj przedsionek sien sionka wiatrolap predsin zadveri прихожая тамбур холл хол
        передпокій antre giris eloszoba elszoba χολ""",
    RoomType.CORRIDOR: """
        corridor corr landing passage korridor gang flur couloir coursive degagement degt dgt palier
        pasillo distribuidor corredor corridoio disimpegno dis overloop korytarz komunikacja chodba
        коридор koridor kozlekedo διαδρομος""",
    RoomType.STAIRS: """
        stair staircase stairs stairway stairwell porras porrash porrashuone portaat trappa trapphus
        treppe treppenhaus escalier escaliers escalera escaleras escadas scala scale trap trapp
        schody schodiste лестница""",
    RoomType.ELEVATOR: """
        elevator lift aufzug hissi hiss ascenseur ascensor elevador ascensore winda vytah лифт
        asansor""",
    RoomType.CLOSET: """
        cl clo clos closet kaap cupboard cupbd cpd cab linen dressing robe robes walk-in walkin ward
        wardrobe wic wir pukuh pukuhuone vaate vaateh vaatehuone veh vh garderob kladkammare kladv
        kladvard ankleide garderobe umkleide linge lingerie penderie placard plac armario vestidor
        vestiario guardaroba spogliatoio inloopkast kast garderoba satna гардероб гардеробная
        gardrob vestiaire""",
    RoomType.STORAGE: """
        attic basement cellar locker loft pantry shed stg stor storage store storeroom warehouse
        janitor changing aitta irtaimistovarasto kellari kylmio kylmak pkh pihavarasto siiv siivous sk
        ulkovarasto ullakko var varasto vat vsto jateh jatehuone forrad skafferi stad vind kallare
        abstellkammer abstellraum abst abstell dachboden keller kellerraum lager speis speisekammer
        vorrat vorratsraum cave cellier debarras rangement rangt rgt alacena almacen atico bodega
        despensa sotano trastero arrecadacao arrumos sotao cantina mansarda ripostiglio rip soffitta
        berging bijkeuken kelder voorraad zolder gospodarcze piwnica schowek spizarnia strych bod
        depot kjeller loftstue komora sklep spiz кладовая кладовка комора kiler kamra tarolo αποθηκη""",
    RoomType.LAUNDRY: """
        laundry utility util washing khh kodinh kodinhoito kodinhoitohuone kuivaus kuivaush pyykki
        tvatt tvattstuga hauswirtschaftsraum hwr waschen waschkuche waschkueche buanderie lavadero
        lavanderia lavandaria tendedero wasruimte washok pralnia bryggers vaskerom постирочная""",
    RoomType.GARAGE: """
        carport garage parking at autok autokatos autosuoja autotalli cochera garaje garagem
        autorimessa garaz гараж γκαραζ""",
    RoomType.BALCONY: """
        balcony loggia lasitettu parv parveke balkong balkon balcon balcone sacada marquise erkely
        балкон лоджия μπαλκονι""",
    RoomType.TERRACE: """
        lanai patio porch terrace verandah veranda deck kuisti lasikuisti lasiterassi ter terassi
        katos altan terrass uteplats uterum terrasse terraza azotea porche alpendre varanda terrazza
        terrazzo terras taras терраса веранда teras terasz βεραντα""",
    RoomType.OFFICE: """
        office study workroom workspace library lib tyoh tyohuone tyotila kirjasto th arbetsrum
        arbeiten arbeitszimmer buro buero bureau bibliotheque despacho estudio oficina biblioteca
        escritorio ufficio kantoor studeerkamer werkkamer gabinet kontor кабинет кабінет""",
    RoomType.MEETING_ROOM: """
        boardroom board conference meeting besprechung kerhohuone neuvottelu neuvotteluhuone
        sammantrade konferenz reunion reunions reuniones reunioes riunioni vergader vergaderruimte
        konferencyjna zasedaci konferencni переговорная toplanti targyalo""",
    RoomType.CLASSROOM: """
        classroom lecture seminar luokka luokkahuone klassrum lektionssal klassenzimmer klasse
        aula-magna classe sala-de-aula lokaal klasa ucebna класс derslik sinif tanterem""",
    RoomType.TECHNICAL: """
        boiler elec electrical hvac mech mechanical plant server kattilah kattilahuone lampokeskus
        lto lpk tekn tekninen tekninentila keskus pannrum pannuh haustechnik heizung heizraum
        technik technikraum chaufferie technische meterkast kotlownia котельная бойлерная техн""",
    RoomType.SHAFT: "riser shaft duct schacht kuilu schakt gaine conduit cavedio szacht sachta шахта",
    RoomType.OTHER: """
        alcove bar cafe cafeteria canteen chapel cinema clinic club conservatory court courtyard
        gallery garden gym lab laboratory mezzanine pool rec recreation sauna sunroom shop spa
        theater theatre void waiting workshop yard apuk ash askart askartelu etupiha harrastus hk
        hsto huvimaja leikki loyly loylyh loylyhuone lh parvi piha rh s suihku saunakamari sh lvh
        viherh viherhuone vilvoittelu vs vss bastu hobby aufenthaltsraum wintergarten atelier cour
        jardin verriere servico antresola сауна мастерская tuin technische-ruimte zahrada""",
}  # fmt: skip
"""Words that tell a use by themselves."""

CUSTOMARY_USES = {
    RoomType.BEDROOM: """
        master suite camera stanza cuarto quarto habitacion hab zimmer kammer pokoj kamer""",
    RoomType.LIVING_ROOM: "family fam great open-plan sala salle sal зал зала",
    RoomType.OTHER: """
        room rm h huone huon asuinh yh yhd yh-tila tila rum raum piece pom pomieszczenie ruimte
        vaerelse izba oda odasi szoba cabina local servicio комната комн к""",
}  # fmt: skip
"""Words that only say that it is a room, or which one, and what they mean where no other word tells."""

USE_SIGNS = {
    RoomType.BEDROOM: "寝室 子供室 卧室 臥室 主卧 次卧 침실 안방",
    RoomType.LIVING_ROOM: "居間 リビング 応接 客厅 客廳 起居室 거실",
    RoomType.KITCHEN: "台所 厨房 キッチン 廚房 주방",
    RoomType.DINING_ROOM: "食堂 ダイニング 餐厅 餐廳 식당",
    RoomType.BATHROOM: "浴室 洗面 脱衣 卫生间 衛生間 욕실 화장실",
    RoomType.TOILET: "便所 トイレ 洗手间",
    RoomType.HALL: "玄関 ホール 玄关 门厅 현관",
    RoomType.CORRIDOR: "廊下 走廊 복도",
    RoomType.STAIRS: "階段 楼梯",
    RoomType.CLOSET: "押入 クローゼット クロゼット クローク 衣帽间 衣帽間 드레스룸",
    RoomType.STORAGE: "納戸 収納 物入 物置 パントリー ロフト 储藏 儲藏 창고",
    RoomType.LAUNDRY: "洗濯 家事室 洗衣房 다용도실",
    RoomType.GARAGE: "車庫 ガレージ 车库",
    RoomType.BALCONY: "バルコニー ベランダ 阳台 陽台 발코니 베란다",
    RoomType.TERRACE: "テラス 広縁",
    RoomType.OFFICE: "書斎 书房 書房 서재",
    RoomType.OTHER: "洋室 和室 土間 客間 居室 サンルーム",
}
"""Parts of words in scripts without spaces."""
