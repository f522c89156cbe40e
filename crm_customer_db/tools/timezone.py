# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customer's clock: which zone an address lies in, and who may be called now.

One table of rules, :func:`zone_rules`, serves both Python (:func:`customer_timezone`)
and set-based SQL: a zip prefix wins over a state, a state over a country.

Sources: the IANA time zone database through ``pytz.country_timezones``; ISO 3166-2
codes as Odoo's ``res.country.state.csv`` writes them (it differs: CL-MA, BCN, 20).

States lying in two zones count with the zone most of their people live in:
US – Alaska, Florida, Idaho, Indiana, Kansas, Kentucky, Michigan, Nebraska, Nevada,
North and South Dakota, Oregon, Tennessee, Texas, and Arizona (the Navajo Nation keeps
summer time); CA – British Columbia, Newfoundland and Labrador, Nunavut, Ontario,
Quebec, Saskatchewan; MX – Chihuahua (Ciudad Juárez, Ojinaga), Coahuila, Nuevo León and
Tamaulipas (towns on the border keep summer time), Nayarit (Bahía de Banderas); BR –
Amazonas (south-west), Pernambuco (Fernando de Noronha); AU – New South Wales (Broken
Hill, Lord Howe), Western Australia (Eucla); RU – Sakha. Who lives on the other side
needs a zone of their own, typed.
"""

from functools import lru_cache

import pytz

# Countries with several zones whose people (nearly) all live in one.
_MAIN = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
_ZIPS = {
    "ES": {
        "35": "Atlantic/Canary",
        "38": "Atlantic/Canary",
        "51": "Africa/Ceuta",
        "52": "Africa/Ceuta",
        **{f"{n:02}": "Europe/Madrid" for n in range(1, 51) if n not in (35, 38)},
    },
    "PT": {
        **{str(n): "Atlantic/Madeira" for n in range(90, 95)},
        **{str(n): "Atlantic/Azores" for n in range(95, 100)},
        **{str(n): "Europe/Lisbon" for n in range(10, 90)},
    },
}
# country -> zone -> codes of its states
_STATES = {
    "ES": {"Atlantic/Canary": "GC TF", "Africa/Ceuta": "CE ME"},
    "PT": {"Atlantic/Azores": "20", "Atlantic/Madeira": "30"},
    "CL": {"America/Punta_Arenas": "CL-MA MA", "America/Coyhaique": "CL-AI AI"},
    "EC": {"Pacific/Galapagos": "20 W"},
    "US": {
        "America/New_York": ("CT DC DE FL GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV"),
        "America/Detroit": "MI",
        "America/Indiana/Indianapolis": "IN",
        "America/Kentucky/Louisville": "KY",
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Boise": "ID",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR",
        "America/St_Thomas": "VI",
        "Pacific/Guam": "GU",
        "Pacific/Saipan": "MP",
        "Pacific/Pago_Pago": "AS",
        "Pacific/Palau": "PW",
        "Pacific/Majuro": "MH",
    },
    "CA": {
        "America/St_Johns": "NL",
        "America/Halifax": "NS PE",
        "America/Moncton": "NB",
        "America/Toronto": "ON QC",
        "America/Winnipeg": "MB",
        "America/Regina": "SK",
        "America/Edmonton": "AB NT",
        "America/Vancouver": "BC",
        "America/Whitehorse": "YT",
        "America/Iqaluit": "NU",
    },
    "MX": {
        "America/Tijuana": "BCN BC",
        "America/Hermosillo": "SON",
        "America/Mazatlan": "BCS SIN NAY",
        "America/Chihuahua": "CHH",
        "America/Cancun": "ROO",
        "America/Merida": "CAM YUC",
        "America/Monterrey": "COA NLE TAM DUR",
        "America/Mexico_City": ("AGU CHP CMX DIF COL GRO GUA HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC"),
    },
    "BR": {
        "America/Rio_Branco": "AC",
        "America/Manaus": "AM",
        "America/Boa_Vista": "RR",
        "America/Porto_Velho": "RO",
        "America/Cuiaba": "MT",
        "America/Campo_Grande": "MS",
        "America/Belem": "PA AP",
        "America/Fortaleza": "MA PI CE RN PB",
        "America/Recife": "PE",
        "America/Maceio": "AL SE",
        "America/Bahia": "BA",
        "America/Araguaina": "TO",
        "America/Sao_Paulo": "DF ES GO MG PR RJ RS SC SP",
    },
    "AU": {
        "Australia/Sydney": "ACT NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
        "Australia/Hobart": "TAS",
    },
    "RU": {
        "Europe/Kaliningrad": "KGD",
        "Europe/Moscow": (
            "AD ARK BEL BRY CE CU DA IN IVA KB KL KLU KC KR KO KOS KDA KRS LEN LIP ME"
            " MO MOS MOW MUR NEN NIZ NGR ORL PNZ PSK ROS RYA SE SMO SPE STA TA TAM TUL"
            " TVE VLA VLG VOR YAR"
        ),
        "Europe/Kirov": "KIR",
        "Europe/Volgograd": "VGG",
        "Europe/Astrakhan": "AST",
        "Europe/Saratov": "SAR",
        "Europe/Ulyanovsk": "ULY",
        "Europe/Samara": "SAM UD",
        "Asia/Yekaterinburg": "BA CHE KGN KHM ORE PER SVE TYU YAN",
        "Asia/Omsk": "OMS",
        "Asia/Novosibirsk": "NVS",
        "Asia/Barnaul": "AL ALT",
        "Asia/Tomsk": "TOM",
        "Asia/Novokuznetsk": "KEM",
        "Asia/Krasnoyarsk": "KK KYA TY",
        "Asia/Irkutsk": "BU IRK",
        "Asia/Chita": "ZAB",
        "Asia/Yakutsk": "AMU SA",
        "Asia/Vladivostok": "KHA PRI YEV",
        "Asia/Magadan": "MAG",
        "Asia/Sakhalin": "SAK",
        "Asia/Kamchatka": "KAM",
        "Asia/Anadyr": "CHU",
    },
}


@lru_cache(maxsize=1)
def zone_rules():
    """All rules as ``(country_code, state_code, zip_prefix, tz)``, for a join in SQL.

    Exactly one of state and prefix is set, or neither (the country's only or main
    zone). Compare prefixes with :func:`plain_zip`. The most special rule wins:
    prefix, then state, then country; no rule means that the zone is not known.

    >>> ("ES", "GC", None, "Atlantic/Canary") in zone_rules()
    True
    """
    rules = []
    for country, prefixes in _ZIPS.items():
        rules += [(country, None, prefix, tz) for prefix, tz in prefixes.items()]
    for country, zones in _STATES.items():
        rules += [(country, code, None, tz) for tz, codes in zones.items() for code in codes.split()]
    for country, zones in pytz.country_timezones.items():
        tz = _MAIN.get(country) or (zones[0] if len(zones) == 1 else None)
        if tz:
            rules.append((country, None, None, tz))
    return tuple(rules)


@lru_cache(maxsize=1)
def _rule_index():
    return {(country, state, prefix): tz for country, state, prefix, tz in zone_rules()}


def plain_zip(country_code, zip_code):
    """Zip as rules compare it: digits and letters only; a Spanish one with the leading
    zero that spreadsheets drop.

    >>> plain_zip("ES", "E-8001"), plain_zip("PT", "9500-123"), plain_zip("ES", " 35 001 ")
    ('08001', '9500123', '35001')
    """
    text = "".join(char for char in str(zip_code or "").upper() if char.isalnum())
    if country_code:
        text = text.removeprefix(country_code)
    if country_code == "ES":
        text = text.removeprefix("E")
        if text.isdigit():
            text = text.zfill(5)
    return text


def customer_timezone(country_code, state_code=None, zip_code=None):
    """Name of the time zone an address lies in.

    :param country_code: ISO 3166 alpha-2, or None
    :param state_code: code of the state as in Odoo, or None
    :param zip_code: as typed, or None
    :return: IANA name, or None when the address does not decide it (no country, an
        unknown state of a country with several zones): the caller then falls back to
        the company's zone

    >>> customer_timezone("ES", "M", "28001"), customer_timezone("ES", None, "35001")
    ('Europe/Madrid', 'Atlantic/Canary')
    >>> customer_timezone("US", "CA"), customer_timezone("US")
    ('America/Los_Angeles', None)
    """
    country = (country_code or "").upper()
    if not country:
        return None
    rules = _rule_index()
    prefix = plain_zip(country, zip_code)[:2]
    return (
        rules.get((country, None, prefix))
        or rules.get((country, (state_code or "").upper(), None))
        or rules.get((country, None, None))
    )


def _local(moment_utc, tz):
    """A UTC moment (naive, as Odoo keeps it, or aware) on the clock of a zone."""
    if moment_utc.tzinfo is None:
        moment_utc = moment_utc.replace(tzinfo=pytz.utc)
    return moment_utc.astimezone(pytz.timezone(tz))


def minute_of_day(hour):
    """Whole minute of an hour kept as a float: 9.33 and 9.3333333 are both 9:20.

    >>> minute_of_day(9.33), minute_of_day(24.0)
    (560, 1440)
    """
    return round(hour * 60)


def local_slot(moment_utc, tz):
    """``(weekday, hour)`` on the clock of a zone.

    :param moment_utc: datetime, naive in UTC or aware
    :param tz: IANA name
    :return: weekday ``'0'`` (Monday) to ``'6'``, hour as a float of whole minutes
    :raise pytz.UnknownTimeZoneError: no such zone
    """
    local = _local(moment_utc, tz)
    return str(local.weekday()), (local.hour * 60 + local.minute) / 60


def weekday_runs(weekdays):
    """Days of the week as runs, for "Monday–Thursday" instead of four names.

    :param weekdays: iterable of ``'0'`` (Monday) to ``'6'``
    :return: list of ``(first, last)``; two days in a row are two runs of one day

    >>> weekday_runs("0123")
    [('0', '3')]
    >>> weekday_runs(["4", "0", "1"])
    [('0', '0'), ('1', '1'), ('4', '4')]
    """
    runs = []
    for day in sorted(set(weekdays), key=int):
        if runs and int(runs[-1][-1]) == int(day) - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [pair for run in runs for pair in ([(run[0], run[-1])] if len(run) > 2 else [(day, day) for day in run])]


def in_call_window(windows, moment_utc, tz):
    """Is it one of the customer's hours now?

    The wall clock of the zone decides, so windows stay where they are when summer time
    begins or ends; the hour that comes twice in autumn counts twice, the one skipped
    in spring not at all.

    :param windows: iterable of ``(weekday, hour_from, hour_to)``: weekday ``'0'``–``'6'``
        (Monday first; int allowed), hours as floats 0.0–24.0, from included, to
        excluded; one that ends before it begins is empty (write two for a night)
    :param moment_utc: datetime, naive in UTC or aware
    :param tz: IANA name
    :return: bool; False without windows
    :raise pytz.UnknownTimeZoneError: no such zone

    >>> from datetime import datetime
    >>> in_call_window([("0", 9.0, 14.0)], datetime(2026, 11, 23, 8, 0), "Europe/Madrid")
    True
    """
    weekday, hour = local_slot(moment_utc, tz)
    minute = minute_of_day(hour)
    return any(
        str(day) == weekday and minute_of_day(hour_from) <= minute < minute_of_day(hour_to)
        for day, hour_from, hour_to in windows
    )


def weekly_slots_now(moment_utc, tz_names):
    """The slot each zone is in, for a search in SQL.

    In SQL compare whole minutes, as :func:`in_call_window` does:
    ``weekday = %s AND round(hour_from * 60) <= round(%s * 60)
    AND round(%s * 60) < round(hour_to * 60)``, the hours as ``::numeric``
    (``round`` of a double rounds halves to even, of a numeric away from zero; neither
    occurs for hours that are whole minutes).

    :param moment_utc: datetime, naive in UTC or aware
    :param tz_names: iterable of IANA names; unknown ones are left out
    :return: ``{tz: (weekday, hour)}``

    >>> from datetime import datetime
    >>> weekly_slots_now(datetime(2026, 11, 23, 23, 30), ["Europe/Madrid", "Atlantic/Canary"])
    {'Europe/Madrid': ('1', 0.5), 'Atlantic/Canary': ('0', 23.5)}
    """
    slots = {}
    for tz in tz_names:
        try:
            slots[tz] = local_slot(moment_utc, tz)
        except pytz.UnknownTimeZoneError:
            continue
    return slots
