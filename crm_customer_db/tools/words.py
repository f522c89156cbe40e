"""Plain words out of HTML, in SQL."""

from odoo.tools import SQL

# As much of a body as is looked at: the first words stand in front.
LOOKED_AT = 4000
ENTITIES = (
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#39;", "'"),
    ("&amp;", "&"),
)


def first_words_sql(html, length):
    """The first words of an HTML text, on one line.

    :param html: ``SQL`` of the text
    :param length: characters at most (int)
    :return: ``SQL``, '' where there are no words
    """
    text = SQL(r"regexp_replace(LEFT(COALESCE(%s, ''), %s), '<[^>]*(>|$)', ' ', 'g')", html, LOOKED_AT)
    for entity, character in ENTITIES:
        text = SQL("replace(%s, %s, %s)", text, entity, character)
    text = SQL(r"BTRIM(regexp_replace(%s, '[\s\u00a0]+', ' ', 'g'))", text)
    return SQL(
        "CASE WHEN length(%s) > %s THEN RTRIM(LEFT(%s, %s)) || '…' ELSE %s END", text, length, text, length - 1, text
    )
