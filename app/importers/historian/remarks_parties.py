"""States, peoples and bodies, past and present, as remarks call them.

Only how they are called: which party of the record a label means on a day is the importer's
business. A label is found by its longest form, in tokens.
"""

from collections.abc import Sequence

from app.importers.historian.remarks_tokens import Token, cut

_STATES = """
Afghanistan|Albania|Algeria|Andorra|Angola|Antigua and Barbuda|Argentina|Argentine Republic
|Armenia|Australia|Austria|Austria-Hungary|Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados
|Belarus|Belgium|Belize|Benin|Bermuda|Bhutan|Bolivia|Bosnia|Bosnia and Herzegovina
|Bosnia-Herzegovina|Botswana|Brazil|Britain|British Guiana|British Columbia|Brunei|Bulgaria
|Burkina Faso|Burma|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Cabo Verde
|Central African Republic|Ceylon|Chad|Chile|China|Colombia|Comoros|Congo|Congo-Brazzaville
|Cook Islands|Costa Rica|Cote d'Ivoire|Côte d’Ivoire|Croatia|Cuba|Cyprus|Czech Republic
|Czechia|Czechoslovakia|Dahomey|Danzig|Democratic Republic of the Congo|Denmark|Djibouti
|Dominica|Dominican Republic|East Germany|East Timor|Ecuador|Egypt|El Salvador|England
|Equatorial Guinea|Eritrea|Estonia|Eswatini|Ethiopia|Federal Republic of Germany|Fiji|Finland
|France|French Polynesia|Gabon|Gambia|Georgia|German Democratic Republic|Germany|Ghana
|Great Britain|Greece|Greenland|Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|Hawaii
|Hawaiian Islands|Herzegovina|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq
|Ireland|Irish Free State|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya
|Khmer Republic|Kiribati|Korea|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia
|Libya|Liechtenstein|Lithuania|Luxembourg|Macau|Macedonia|Madagascar|Malawi|Malaya|Malaysia
|Maldives|Mali|Malta|Marshall Islands|Mauritania|Mauritius|Mexico|Micronesia|Moldova|Monaco
|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands|Holland
|New Caledonia|New Zealand|Newfoundland|Nicaragua|Niger|Nigeria|Niue|North Korea
|North Macedonia|North Vietnam|Northern Ireland|Norway|Oman|Orange Free State|Pakistan|Palau
|Palestine|Panama|Papua New Guinea|Paraguay|People’s Republic of China|Peru|Philippines|Poland
|Portugal|Prussia|Qatar|Republic of China|Republic of Korea|Republic of the Congo|Rhodesia
|Romania|Roumania|Rumania|Russia|Russian Federation|Rwanda|Saint Lucia|St. Lucia|Samoa
|San Marino|Sao Tome and Principe|Saudi Arabia|Scotland|Senegal|Serbia|Serbia and Montenegro
|Seychelles|Siam|Sierra Leone|Singapore|Slovakia|Slovenia|Solomon Islands|Somalia|South Africa
|South Korea|South Sudan|South Vietnam|Southern Rhodesia|Soviet Union|Spain|Sri Lanka
|St. Kitts and Nevis|St. Vincent|Sudan|Suriname|Swaziland|Sweden|Switzerland|Syria|Taiwan
|Tajikistan|Tanganyika|Tanzania|Thailand|Tibet|Timor-Leste|Togo|Tonga|Transjordan|Trinidad
|Trinidad and Tobago|Tunisia|Turkey|Türkiye|Turkmenistan|Tuvalu|U.A.E.|UAE|U.A.R.|U.S.S.R.
|USSR|Uganda|Ukraine|Union of South Africa|United Arab Emirates|United Arab Republic
|United Kingdom|Great Britain and Northern Ireland|UK|U.K.|United States
|United States of America|U.S.|US|Upper Volta|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam
|Viet-Nam|Viet Nam|Wales|West Bank|West Germany|West Indies|Western Samoa|Yemen
|Yemen Arab Republic|Yugoslavia|Zaire|Zambia|Zanzibar|Zimbabwe|Abu Dhabi|Dubai|Sharjah|Gaza
|Berlin|West Berlin|Bavaria|Saxony|Catalonia|Crimea|Kurdistan|Quebec|Ontario|Alberta|Manitoba
|Nova Scotia|New Brunswick|Puerto Rico|Zhejiang|Guangdong|Jerusalem|Paris|London|Rome|Moscow
|Tokyo|Vienna|Ankara|Cairo|Shanghai|Hamburg|Bethlehem|Republika Srpska|Vatican|Vatican City
|Holy See|DRC|PRC|ROC|ROK|DPRK|FRG|GDR|Kingdom of Saudi Arabia
"""

_PEOPLES = """
Afghan|Albanian|Algerian|Andorran|Angolan|Antiguan|Argentine|Argentinian|Argentinean|Armenian
|Australian|Austrian|Austro-Hungarian|Azerbaijani|Azeri|Bahamian|Bahraini|Bangladeshi
|Barbadian|Belarusian|Byelorussian|Belgian|Belizean|Beninese|Bhutanese|Bolivian|Bosnian
|Bosnian Serb|Bosnian Croat|Botswanan|Brazilian|British|Bruneian|Bulgarian|Burkinabe|Burmese
|Burundian|Cambodian|Cameroonian|Canadian|Cape Verdean|Ceylonese|Chadian|Chilean|Chinese
|Chinese Nationalist|Nationalist Chinese|Chinese Communist|Colombian|Comoran|Congolese
|Costa Rican|Croatian|Croat|Cuban|Cypriot|Greek Cypriot|Turkish Cypriot|Czech|Czechoslovak
|Danish|Djiboutian|Dominican|Dutch|East German|East Timorese|Ecuadorean|Ecuadorian|Egyptian
|Emirati|English|Equatorial Guinean|Eritrean|Estonian|Ethiopian|Fijian|Finnish|French|Gabonese
|Gambian|Georgian|German|Ghanaian|Greek|Grenadian|Guatemalan|Guinean|Guyanese|Haitian|Hawaiian
|Honduran|Hungarian|Icelandic|Indian|Indonesian|Iranian|Iraqi|Irish|Israeli|Italian|Ivorian
|Ivoirian|Jamaican|Japanese|Jordanian|Kazakh|Kazakhstani|Kenyan|Korean|Kosovar|Kosovo|Kurdish
|Kuwaiti|Kyrgyz|Lao|Laotian|Latvian|Lebanese|Liberian|Libyan|Lithuanian|Luxembourg
|Luxembourger|Macedonian|Malagasy|Malawian|Malayan|Malaysian|Malian|Maltese|Mauritanian
|Mauritian|Mexican|Micronesian|Moldovan|Mongolian|Montenegrin|Moroccan|Mozambican|Namibian
|Nepalese|Nepali|New Zealand|Nicaraguan|Nigerian|Nigerien|North Korean|North Vietnamese
|Norwegian|Omani|Pakistani|Palauan|Palestinian|Panamanian|Papua New Guinean|Paraguayan|Persian
|Peruvian|Philippine|Filipino|Polish|Portuguese|Prussian|Puerto Rican|Qatari|Rhodesian
|Romanian|Rumanian|Roumanian|Russian|Rwandan|Salvadoran|Samoan|Saudi|Saudi Arabian|Scottish
|Senegalese|Serbian|Serb|Siamese|Sierra Leonean|Singaporean|Singapore|Slovak|Slovakian|Slovene
|Slovenian|Somali|South African|South Korean|South Sudanese|South Vietnamese|Soviet|Spanish
|Sri Lankan|Sudanese|Surinamese|Swazi|Swedish|Swiss|Syrian|Taiwanese|Tajik|Tajikistani
|Tanzanian|Thai|Tibetan|Timorese|Togolese|Tongan|Tunisian|Turkish|Turkmen|Ugandan|Ukrainian
|Uruguayan|Uzbek|Uzbekistani|Venezuelan|Vietnamese|West German|Yemeni|North Yemeni
|South Yemeni|Yugoslav|Yugoslavian|Zairian|Zairean|Zambian|Zimbabwean|Vatican|American|U.S.
|European|Czarist|Ottoman|Basque|Catalan|Bavarian|Quebec|Welsh|Kashmiri|Afghani|Iraqi Kurdish
|Central American|Hong Kong|Northern Irish|Allied
"""

_BODIES = """
African Union|African Union Commission|AU|Andean Community|Arab League|ASEAN
|Association of Southeast Asian Nations|CARICOM|Caribbean Community
|Central Treaty Organization|CENTO|Council of Europe|European Commission
|Commission of the European Communities|European Communities|European Community
|European Council|European Economic Community|European Parliament|European Union|EU|E.U.|EC
|EEC|Euratom|European Coal and Steel Community|Food and Agriculture Organization
|Gulf Cooperation Council|GCC|IAEA|International Atomic Energy Agency|IMF
|International Monetary Fund|International Committee of the Red Cross|ICRC
|League of Arab States|League of Nations|NATO|North Atlantic Council
|North Atlantic Treaty Organization|OAS|OAU|OECD|OPEC|OSCE
|Organization for Economic Cooperation and Development
|Organization for Security and Cooperation in Europe|Organization of African Unity
|Organization of American States|Palestine Liberation Organization|Palestinian Authority
|Palestinian National Authority|Palestinian Legislative Council|PLO|Pacific Islands Forum
|SEATO|UN|U.N.|UNESCO|UN General Assembly|U.N. General Assembly|UN High Commission
|UN Educational, Scientific, and Cultural Organization|United Nations
|United Nations General Assembly|UN Security Council|WTO|World Trade Organization|World Bank
|World Health Organization|World Food Program|Syrian Opposition Council
|Syrian Opposition Coalition|Transitional National Council|National Transitional Council
"""


def _forms(text: str) -> dict[tuple[str, ...], None]:
    names = (" ".join(name.split()) for name in " ".join(text.split("\n")).split("|"))
    return {tuple(token.low for token in cut(name)): None for name in names if name}


STATES = frozenset(_forms(_STATES))
PEOPLES = frozenset(_forms(_PEOPLES))
BODIES = frozenset(_forms(_BODIES))
PARTIES = STATES | PEOPLES | BODIES


def _lengths() -> dict[str, tuple[int, ...]]:
    """How long the labels are that begin with a word, the longest first."""
    found: dict[str, set[int]] = {}
    for label in PARTIES:
        found.setdefault(label[0], set()).add(len(label))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}


_LENGTHS = _lengths()


def party_at(tokens: Sequence[Token], index: int) -> int:
    """Where the longest party's label that begins at a token ends; the token itself if none."""
    if index >= len(tokens) or not (tokens[index].capital or tokens[index].possessive):
        return index
    for length in _LENGTHS.get(tokens[index].low, ()):
        after = index + length
        if tuple(token.low for token in tokens[index:after]) in PARTIES and after <= len(tokens):
            return after
    return index
