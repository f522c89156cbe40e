"""Export and merge translations; run inside ``shell.py``: ``i18n.py write|check ADDON=FOLDER…``.

The files are the same on every machine and every day: no dates, no names, the exporter's own order.
"""

import io
import pathlib
import re
import sys

import polib

from odoo.tools.translate import trans_export

# Every package comes in these languages, complete.
COMPLETE = ("es",)
PLURALS = {"es": "nplurals=2; plural=(n != 1);"}
# Odoo drops a translation whose placeholders differ, and the user reads English.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf]")


def export(addon):
    """The addon's template as Odoo's own exporter writes it, without what changes from day to day."""
    buffer = io.BytesIO()
    trans_export(False, [addon], buffer, "po", env)  # noqa: F821  (shell.py defines env)
    template = polib.pofile(buffer.getvalue().decode()) if buffer.getvalue() else polib.POFile()
    template.header = (
        f"Translation of Odoo Server.\nThis file contains the translation of the following modules:\n\t* {addon}\n"
    )
    template.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Report-Msgid-Bugs-To": "",
        "Last-Translator": "",
        "Language-Team": "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "",
    }
    return template


def merge(template, path, language):
    """The translation file with exactly the template's entries and the translations that it already has."""
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.is_file() else {}
    merged = polib.POFile()
    merged.header = template.header
    merged.metadata = {**template.metadata, "Language": language, "Plural-Forms": PLURALS.get(language, "")}
    for entry in template:
        known = old.get(entry.msgid)
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.msgstr if known else "",
                flags=[flag for flag in known.flags if flag == "fuzzy"] if known else [],
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    return merged


def check(addon, template, folder):
    """What is missing, as sentences."""
    pot = folder / f"{addon}.pot"
    if not pot.is_file() or pot.read_text(encoding="utf-8").rstrip() != str(template).rstrip():
        yield f"{addon}/i18n/{pot.name} is not what Odoo exports now: run ./dev i18n and translate what is new"
    for language in COMPLETE:
        for entry in merge(template, folder / f"{language}.po", language):
            if not entry.msgstr or entry.fuzzy:
                state = "fuzzy" if entry.fuzzy else "untranslated"
                where = entry.occurrences[0][0] if entry.occurrences else ""
                yield f"{addon}/i18n/{language}.po: {state}: {entry.msgid!r} ({where})"
            elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
                yield f"{addon}/i18n/{language}.po: other placeholders than in: {entry.msgid!r}"


def write(addon, template, folder):
    """Write the template and every translation file that there is, or must be."""
    folder.mkdir(exist_ok=True)
    (folder / f"{addon}.pot").write_text(str(template), encoding="utf-8")
    for language in sorted({*COMPLETE, *(path.stem for path in folder.glob("*.po"))}):
        merged = merge(template, folder / f"{language}.po", language)
        (folder / f"{language}.po").write_text(str(merged), encoding="utf-8")
        missing = sum(1 for entry in merged if not entry.msgstr or entry.fuzzy)
        print(f"{addon}/i18n/{language}.po: {len(merged)} strings, {missing} to translate")


mode, *pairs = sys.argv[1:]
found = []
for pair in pairs:
    addon, _, path = pair.partition("=")
    template, folder = export(addon), pathlib.Path(path) / "i18n"
    if len(template) == 0:
        continue
    if mode == "check":
        found += check(addon, template, folder)
    else:
        write(addon, template, folder)
for line in found:
    print(line)
if mode == "check":
    print(f"translations: {len(found)} problems" if found else "translations: complete")
sys.exit(1 if found else 0)
