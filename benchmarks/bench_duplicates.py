"""Looking for duplicates among all customers, and that it grows with them and not with their square."""

import time

from harness import Measure

from odoo.tools import SQL

# Highest number of seconds for a hundred thousand customers.
MINUTE, OF = 60, 100_000
# Twice the customers may take this many times the time: sorting them takes a little more than twice.
GROWTH = 3
# One of so many customers is there twice, with a slip.
TWICE = 50
# What names are made of; a few of them are on every second door.
FIRST = [
    "ana",
    "eva",
    "juan",
    "luis",
    "jose",
    "maria",
    "pilar",
    "jorge",
    "carmen",
    "david",
    "laura",
    "pedro",
    "marta",
    "pablo",
    "elena",
    "raul",
    "sara",
    "ivan",
]
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "ca",
    "ce",
    "ci",
    "co",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "va",
    "ve",
    "vi",
]
TRADES = [
    "talleres",
    "construcciones",
    "hierros",
    "maderas",
    "pinturas",
    "transportes",
    "cristales",
    "muebles",
    "suministros",
]


def run(bench):
    """Search a base with names, addresses, numbers and a tenth of the customers in one postal code."""
    env = bench.env
    if "crm.customer.duplicate" not in env:
        raise ValueError("the addon of duplicates is not installed")
    _dress(bench)
    half, _found = _search(env, bench.partners[: len(bench.partners) // 2])
    whole, found = _search(env, bench.partners)
    again, second = _search(env, bench.partners)
    if second["new"] or second["gone"] or second["changed"]:
        raise ValueError(f"a second search has changed something: {second}")
    known = len(bench.partners) // TWICE
    hits = _hits(env)
    if hits < 0.9 * known:
        raise ValueError(f"{hits} of {known} duplicates were found")
    print(
        f"duplicates: {found['open']} pairs, {hits} of {known} known ones, {len(found['crowded'])} shared by too many"
    )
    allowed = MINUTE * max(1, len(bench.partners) / OF)
    yield Measure("Looking for duplicates (in all)", whole, 0, allowed, absolute=True)
    yield Measure("The same with twice the customers", whole, half, GROWTH)
    yield Measure("The same when nothing has changed", again, whole, 2)


def _search(env, partner_ids):
    """Search among some customers: the others are archived."""
    env.cr.execute(
        "UPDATE res_partner SET active = id = ANY(%s) WHERE ref LIKE 'B%%'",
        [list(partner_ids)],
    )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    start = time.perf_counter()
    found = env["crm.customer.duplicate"]._scan()
    env.cr.commit()
    return time.perf_counter() - start, found


def _dress(bench):
    """Give the customers names, addresses and numbers, and let every fiftieth be there twice."""
    cr = bench.env.cr
    cr.execute("SELECT setseed(0.2026)")
    word = SQL(
        "(SELECT string_agg((%(syllables)s)[1 + floor(random() * %(count)s)::int], '')"
        " FROM generate_series(1, 3) WHERE partner.id > 0)",
        syllables=SYLLABLES,
        count=len(SYLLABLES),
    )
    common = SQL("'apellido' || floor(pow(random(), 3) * 200)::int")
    first, trade = (SQL("(%s)[1 + floor(random() * %s)::int]", words, len(words)) for words in (FIRST, TRADES))
    cr.execute(
        SQL(
            """
            UPDATE res_partner partner
               SET name = drawn.name, complete_name = drawn.name, is_company = drawn.is_company,
                   customer_mark = 'customer', country_id = (SELECT id FROM res_country WHERE code = 'ES'),
                   -- a tenth of them live in one postal code
                   zip = CASE WHEN partner.id %% 10 = 0 THEN '28001'
                              ELSE lpad((1000 + floor(random() * 5000))::text, 5, '0') END,
                   vat = CASE WHEN partner.id %% 2 = 0 THEN 'ESB' || (10000000 + partner.id) END,
                   email_normalized = CASE WHEN partner.id %% 3 > 0 THEN 'c' || partner.id || '@example.com' END,
                   -- a thousand sit behind one switchboard
                   phone_sanitized = CASE WHEN partner.id %% 100 = 1 THEN '+34900000000'
                                          WHEN partner.id %% 4 > 0 THEN '+34' || (600000000 + partner.id) END
              FROM (SELECT partner.id, partner.id %% 2 = 0 AS is_company,
                           CASE WHEN partner.id %% 2 = 0 THEN %(trade)s || ' ' || %(word)s || ' ' || %(word)s
                                ELSE %(first)s || ' ' || %(common)s || ' ' || %(word)s END AS name
                      FROM res_partner partner WHERE id = ANY(%(ids)s)) drawn
             WHERE drawn.id = partner.id
            """,
            trade=trade,
            first=first,
            word=word,
            common=common,
            ids=bench.partners,
        )
    )
    # the second of two: with a letter missing, and now this, now that number
    cr.execute(
        SQL(
            """
            UPDATE res_partner partner
               SET name = overlay(other.name placing '' from 6 for 1), complete_name = other.name, zip = other.zip,
                   is_company = other.is_company,
                   vat = CASE WHEN partner.id %% 3 = 0 THEN other.vat END,
                   email_normalized = CASE WHEN partner.id %% 3 = 1 THEN other.email_normalized END,
                   phone_sanitized = CASE WHEN partner.id %% 3 = 2 THEN other.phone_sanitized END
              FROM res_partner other
             WHERE partner.id = ANY(%(ids)s) AND (partner.id - %(first)s) %% %(twice)s = %(twice)s - 1
               AND other.id = partner.id - %(twice)s / 2
            """,
            ids=bench.partners,
            first=bench.partners[0],
            twice=TWICE,
        )
    )
    cr.commit()
    cr.execute("ANALYZE res_partner")


def _hits(env):
    env.cr.execute(
        "SELECT COUNT(*) FROM crm_customer_duplicate WHERE other_id - partner_id = %s"
        " AND (other_id - (SELECT MIN(id) FROM res_partner WHERE ref = 'B1')) %% %s = %s",
        [TWICE // 2, TWICE, TWICE - 1],
    )
    return env.cr.fetchone()[0]
