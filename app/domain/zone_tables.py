"""What the zone database and CLDR do not say about zones and countries, in tables.

Facts of everyday speech: the city people name, the country as they type it, the days they do not work.
"""

# CLDR also files zones under another place or under a bare rule when clocks agree (South Pole → Auckland,
# EST → Panama). That is a link, not a renaming: whoever chose it would find himself somewhere else.
_OTHER_PLACES = "Antarctica/South_Pole Atlantic/Jan_Mayen Pacific/Johnston Pacific/Yap Factory"
_BARE_RULES = "CET MET EET WET EST MST HST CST6CDT EST5EDT MST7MDT PST8PDT"
NOT_A_RENAMING = frozenset(_OTHER_PLACES.split() + _BARE_RULES.split())

# The city people say, where the zone is named after an island or written without its accents.
CITIES = {
    "Etc/UTC": "UTC",
    "America/Araguaina": "Araguaína",
    "America/Argentina/Cordoba": "Córdoba",
    "America/Argentina/Rio_Gallegos": "Río Gallegos",
    "America/Argentina/Tucuman": "Tucumán",
    "America/Belem": "Belém",
    "America/Bogota": "Bogotá",
    "America/Cuiaba": "Cuiabá",
    "America/Eirunepe": "Eirunepé",
    "America/Maceio": "Maceió",
    "America/Mazatlan": "Mazatlán",
    "America/Port-au-Prince": "Port-au-Prince",
    "America/Santarem": "Santarém",
    "America/Sao_Paulo": "São Paulo",
    "Africa/Lome": "Lomé",
    "Africa/Ndjamena": "N’Djamena",
    "Africa/El_Aaiun": "El Aaiún",
    "Europe/Chisinau": "Chișinău",
    "Indian/Mahe": "Victoria, Mahé",
    "Indian/Mauritius": "Port Louis",
    "Indian/Maldives": "Malé",
    "Indian/Comoro": "Moroni",
    "Indian/Antananarivo": "Antananarivo",
    "Indian/Mayotte": "Mamoudzou",
    "Pacific/Efate": "Port Vila",
    "Pacific/Fiji": "Suva",
    "Pacific/Guadalcanal": "Honiara",
    "Pacific/Tongatapu": "Nuku’alofa",
    "Pacific/Palau": "Ngerulmud",
    "Pacific/Tahiti": "Papeete",
    "America/Barbados": "Bridgetown",
    "America/Jamaica": "Kingston",
    "America/Puerto_Rico": "San Juan",
    "America/Martinique": "Fort-de-France",
    "America/Guadeloupe": "Basse-Terre",
    "America/Grenada": "St. George’s",
    "America/Antigua": "St. John’s, Antigua",
    "America/Dominica": "Roseau",
    "America/El_Salvador": "San Salvador",
    "America/Costa_Rica": "San José",
    "Atlantic/Bermuda": "Hamilton",
    "Atlantic/Cape_Verde": "Praia",
    "Atlantic/Faroe": "Tórshavn",
    "Atlantic/Canary": "Canary Islands",
    "Atlantic/Azores": "Azores",
}

# The zone most people of a country live in, where the database's table begins with another one.
PRIMARY = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
    "FM": "Pacific/Pohnpei",
    "XK": "Europe/Belgrade",
}

# Weekends other than Saturday and Sunday: CLDR's week data as Babel has it, written out because Babel keeps
# it with the locales, of which one for each country would have to be read. For BD, BN, DJ, MV, NP and PS CLDR
# has no entry, so that Babel says Saturday and Sunday; what holds there is added. A test compares.
_FRIDAY_AND_SATURDAY = "BD BH DJ DZ EG IL IQ JO KW LY MV OM PS QA SA SD SY YE"
WEEKENDS = {
    **dict.fromkeys(_FRIDAY_AND_SATURDAY.split(), frozenset({"fri", "sat"})),
    "AF": frozenset({"thu", "fri"}),
    "BN": frozenset({"fri", "sun"}),
    "IN": frozenset({"sun"}),
    "IR": frozenset({"fri"}),
    "NP": frozenset({"sat"}),
    "UG": frozenset({"sun"}),
}

# What people type for a country besides its name, set apart by bars.
ALSO_COUNTRY = {
    "GB": "UK|Great Britain|England|Scotland|Wales",
    "US": "USA|United States of America|America",
    "AE": "UAE|Emirates",
    "CD": "DRC|DR Congo|Democratic Republic of the Congo|Zaire",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic",
    "KR": "Korea",
    "LA": "Lao PDR",
    "MK": "Macedonia",
    "MM": "Burma",
    "NL": "Holland",
    "PS": "Palestine",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TZ": "Tanzania",
    "VN": "Viet Nam",
}

# Large cities and capitals that live by the clock of a zone named after another city, set apart by bars.
ALSO_CITY = {
    "Africa/Lagos": "Abuja|Kano|Ibadan",
    "Africa/Johannesburg": "Pretoria|Cape Town|Durban",
    "Africa/Casablanca": "Rabat",
    "Africa/Dar_es_Salaam": "Dodoma|Arusha",
    "Africa/Douala": "Yaoundé",
    "Africa/Blantyre": "Lilongwe",
    "Africa/Abidjan": "Yamoussoukro",
    "Africa/Accra": "Kumasi",
    "Africa/Nairobi": "Mombasa|Kisumu",
    "Africa/Bujumbura": "Gitega",
    "Africa/Lubumbashi": "Goma|Bukavu",
    "Africa/Cairo": "Alexandria",
    "America/Chicago": "Houston|Dallas",
    "America/Edmonton": "Calgary",
    "America/Guayaquil": "Quito",
    "America/La_Paz": "Sucre|Santa Cruz",
    "America/Los_Angeles": "San Francisco|Oakland|Seattle|San Diego",
    "America/New_York": "Washington|Boston|Atlanta|Miami|Philadelphia",
    "America/Sao_Paulo": "Brasília|Rio de Janeiro",
    "America/Toronto": "Ottawa|Montréal",
    "America/Bogota": "Medellín|Cali",
    "Asia/Almaty": "Astana",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Dhaka": "Chittagong|Chattogram",
    "Asia/Ho_Chi_Minh": "Hanoi|Hà Nội|Đà Nẵng",
    "Asia/Karachi": "Islamabad|Lahore",
    "Asia/Kolkata": "Delhi|New Delhi|Mumbai|Bombay|Bengaluru|Bangalore|Chennai|Hyderabad",
    "Asia/Manila": "Quezon City|Cebu",
    "Asia/Riyadh": "Jeddah|Mecca",
    "Asia/Shanghai": "Beijing|Peking|Guangzhou|Shenzhen",
    "Asia/Jerusalem": "Tel Aviv",
    "Asia/Yangon": "Naypyidaw|Mandalay",
    "Australia/Sydney": "Canberra",
    "Europe/Istanbul": "Ankara",
    "Europe/London": "Edinburgh|Manchester|Liverpool|Oxford|Brighton|Cardiff|Belfast",
    "Europe/Zurich": "Geneva|Bern|Basel",
    "Europe/Berlin": "Bonn|Hamburg|Munich|Frankfurt",
    "Europe/Madrid": "Barcelona",
    "Europe/Rome": "Milan|Naples",
    "Pacific/Auckland": "Wellington",
    "Indian/Mauritius": "Mauritius",
    "Pacific/Efate": "Efate",
    "Pacific/Fiji": "Fiji",
}
