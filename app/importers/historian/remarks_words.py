"""The words by which remarks are read: offices, ranks, particles, and what is nobody's name.

Vocabulary only, folded, by part of speech. What is named here is the language of diplomacy,
never a person of the data set.
"""


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


HEADS = listed(
    """min. president vice-president co-president minister premier chancellor king queen prince
    princess emperor empress shah sultan amir emir pope secretary chairman chairwoman
    chairperson chair general governor taoiseach tanaiste director commissioner ambassador
    representative envoy speaker leader mayor marshal generalissimo colonel admiral captain
    major lieutenant brigadier commander commandant regent duke duchess archduke archbishop
    bishop cardinal patriarch catholicos sheikh shaikh shaykh sheik sherif imam ayatollah
    senator congressman congresswoman coordinator advisor adviser negotiator spokesman
    counselor counsellor councillor consul dictator delegate administrator viceroy khedive
    maharaja nizam chief head lord lady negus rais mufti rabbi metropolitan protector
    resident custodian member stadtholder under-secretary undersecretary attorney prosecutor
    justice judge co-chair co-chairman mediator comptroller treasurer baron baroness count
    countess marquis earl viscount field-marshal secretary-general attorney-general
    governor-general director-general inspector-general captain-general president-elect
    premier-elect minister-designate premier- president-designate chancellor-designate gen.
    col. adm. lt. maj. brig. capt. gov. sen. amb. pres. sec. taoiseach-designate caudillo
    comandante secretary-designate secretary-elect plenipotentiary dame captains-regent aga
    marechal tunku sardar sirdar"""
)
"""Words that are an office or a rank by themselves."""

PLURAL_HEADS = {
    **{
        f"{word}s": word
        for word in HEADS
        if not word.endswith((".", "s", "y")) and word not in ("chief", "head", "member")
    },
    "secretaries": "secretary",
    "premiers": "premier",
    "attorneys": "attorney",
    "chairmen": "chairman",
    "spokesmen": "spokesman",
    "chiefs": "chief",
    "heads": "head",
    "empresses": "empress",
    "emperors": "emperor",
    "majesties": "king",
}

LOWER_HEADS = listed(
    """negotiator leader chairman chairwoman president premier minister chancellor secretary
    envoy mediator ambassador representative spokesman coordinator director adviser advisor
    strongman ruler dictator politician activist dissident president-elect sultan king
    general foreign-minister governor commissioner opposition-leader speaker dean"""
)
"""Offices that also stand in small letters, if a name follows."""

ADJECTIVES = listed(
    """prime foreign vice deputy first second acting interim provisional transitional alternate
    crown under assistant chief permanent special personal principal national security
    defense defence finance interior external affairs war trade state attorney senior grand
    queen home colonial commonwealth dominions council caretaker federal union deputy-prime
    co-prime high executive cabinet political presidential house opposition majority
    minority party economic economy commerce energy health education agriculture justice
    labor labour planning oil petroleum information army navy air naval military supreme
    commanding field major lieutenant brigadier rear staff joint intelligence managing
    governing royal apostolic papal international cooperation relations prosecution public
    civil interim-prime outgoing incoming former then late elected designate elect communist
    central committee politburo junta vice- minister-delegate overseas environment climate
    transport treasury exchequer reis maritime privy religious women's youth tourism culture
    parliamentary titular honorary emeritus dowager hereditary charge ecumenical
    self-declared extraordinary legislative peoples people's"""
)
"""Words that stand before an office and belong to it."""

PORTFOLIO = listed(
    """common foreign external affairs relations defense defense. defence state finance
    finances treasury exchequer commerce trade industry industrial interior justice war navy
    army air aviation marine expatriates cooperation co-operation international national
    security policy economic economy economics development planning energy mines petroleum
    oil mineral resources natural agriculture fisheries food health education labor labour
    culture tourism information environment climate change transport transportation
    communications public works worship religion religious european integration integrations
    union regional federal home colonies commonwealth dominions government mission staff
    station parliamentary political strategic homeland veterans housing urban indian african
    arab islamic americas immigration refugees human rights peace reconstruction
    rehabilitation nation interagency science technology emigration diaspora abroad citizens
    states investment francophonie francophone worldwide senegalese nationals presidential
    cabinet without portfolio privy seal"""
)
"""What a minister or a secretary is of or for."""

HONORIFICS = listed(
    """dr. dr mr. mr mrs. mrs ms. ms mme. mme sir lord lady dame dato datuk datin sri seri
    tengku tunku hojatoleslam honorable hon. rev. reverend msgr. monsignor prof. prof
    professor sayyid sayed seyyid sidi senor senora madame madam herr count baron baroness
    viscount princess prince sheikh shaikh shaykh sheik cardinal archbishop ambassador
    general gen. colonel col. admiral adm. marshal captain major brigadier lieutenant lt.
    maj. senator sen. imam ayatollah archduke bishop patriarch rabbi field-marshal ratu"""
)
"""What may stand between an office and a name and belongs to neither."""

BEHIND = listed("dowager designate elect executive emeritus consort mother plenipotentiary")
"""Words behind an office that belong to it."""

MET_BODIES = listed(
    """council cabinet commission committee parliament board junta assembly congress senate
    knesset diet bundestag directorate presidium politburo secretariat"""
)
"""What a body is that is met with as such."""

WIVES = listed("mrs. mrs mme. mme madame lady begum")

SMALL = listed(
    """of to in on for and with at by from as the a an his their its or who that while during
    also was were is are had has led met"""
)
"""Words that no noun phrase runs over."""

OFFICE_BEFORE_GENERAL = listed(
    """secretary director governor attorney inspector consul brigadier lieutenant major captain
    solicitor auditor comptroller surgeon postmaster adjutant prosecutor vicar lt. maj.
    brig. commissioner administrator colonel advocate superior minister-"""
)
"""After these `General` is part of the office, not a rank."""

PEERS = listed("duke duchess earl marquis viscount count countess baron baroness archduke")
"""With `of` and a place they are a name: the Duke of a town."""

SURNAME_HEADS = listed(
    "king major bishop judge prince shah sultan speaker pope duke justice marshal baron lord count "
    "sheikh emir amir imam general lady resident dean chair chief head earl"
)
"""Ranks that are also surnames or parts of names."""

DEPUTIES = listed("deputy vice alternate assistant crown acting")

PARTICLES = listed(
    """de da do dos das del della dello dell di du la las le les los van von vom zu zum zur der
    den het ten ter te bin ibn bint binti ben al el as ash an ar ad af ap bt. of-the al- el-
    ould abu abd t' 't op und"""
)
JOINTS = listed("e y i und")
"""Particles that only stand between two names."""

SUFFIXES = listed(
    "jr. jr sr. sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv "
    "xvi xvii xviii xix xx xxi xxii xxiii 2nd 3rd"
)
NUMERALS = listed(
    "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv "
    "xvi xvii xviii xix xx xxi xxii xxiii i. ii. iii. iv. v. vi. x."
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan. jan",
            "february feb. feb",
            "march mar.",
            "april apr. apr",
            "may",
            "june",
            "july",
            "august aug. aug",
            "september sept. sept sep.",
            "october oct. oct",
            "november nov. nov",
            "december dec. dec",
        ),
        1,
    )
    for name in names.split()
}

DETERMINERS = listed("the a an his her their its our both all then again")
EXALTED = listed(
    "majesty majesties highness highnesses holiness eminence excellency excellencies beatitude"
)
"""With `His` or `Her` before them, a form of address."""
MODIFIERS = listed(
    """interim acting former then new newly elected outgoing incoming caretaker opposition
    provisional transitional late self-declared retired exiled deposed ousted designate de
    facto visiting fellow"""
)
"""Small words before an office that stay with it."""

STARTERS = listed(
    """the a an in at on also afterward afterwards after and as by during en for from had held
    he his her it led left met part private official state informal working unofficial then
    they this to was were while with spoke took made gave saw paid began stopped overnight
    audience addressed attended visited received returned departed arrived discussed signed
    accompanied toured dedicated delivered participated announced conferred guest vacation
    secretary's later before first both she who subsequently earlier upon under we no other
    others see visit following additional meetings including via us"""
)
"""Words that begin a sentence; never part of a name after a full stop."""

EVENTS = listed(
    """conference conferences summit summits meeting meetings ministerial ministerials assembly
    forum forums fora dialogue dialogues session sessions consultations symposium convention
    congress roundtable week talks colloquium seminar workshop gathering jubilee ceremony
    ceremonies signing inauguration celebration celebrations funeral wedding anniversary"""
)
BODIES = listed(
    """council cabinet committee commission parliament senate union organization organisation
    agency authority association academy bank board bureau bundestag chamber coalition opposition
    community congress court delegation department embassy federation foundation government
    guard house institute knesset league legislature ministry mission movement nations
    office parliament party politburo press secretariat society university assembly
    conference alliance junta command corps contingent troops forces force team group
    confederation duma diet church front brigade garrison corporation fund club republic
    republics states kingdom pact treaty agreement accord accords declaration charter
    protocol plan doctrine system staff programme program"""
)
FACILITIES = listed(
    """hotel bridge dam airport library memorial center centre base field hospital square
    palace street award prize medal statue museum highway canal stadium monument school
    college building cemetery ranch villa castle cathedral mosque room hall plaza park
    battlefield camp lake mausoleum house lectures lecture administration island bay city
    day fellowship tomb"""
)
"""A name before one of these is the name of a thing."""

GROUPS = listed(
    """officials leaders counterparts ministers allies partners representatives delegation
    delegations members negotiators ambassadors diplomats authorities dignitaries heads
    chiefs presidents kings senators businessmen students journalists activists dissidents
    politicians legislators parliamentarians leadership officers commanders envoys
    secretaries premiers personnel troops soldiers staff citizens survivors veterans
    families women executives governors mayors"""
)
"""What a meeting may have been with, when nobody is named."""

NOBODY = listed(
    """congress parliament ambassadors embassy president's city town government u.s. us u.n. un
    eu nato seato cento anzus oas oecd eec plo asean apec osce opec arab jewish muslim
    christian european african american asian latin central eastern western northern
    southern north south east west middle allied pacific atlantic caribbean gulf balkan
    nordic baltic communist congressional democratic republican senior leading several
    various other key top local business civil peace world economic white house hamas fatah
    hezbollah taliban contras fifa holocaust"""
)
"""Capitalised words that do not begin a name without an office."""
