"""Odoo's log must be free of warnings: most of them are the mistakes that reviewers would find later."""

import re

# What is not ours and says nothing about our code. Each line has its reason.
IGNORED = (
    # Debian and virtual machines: the user of the development server is often root.
    r"odoo\.service\.server: .*running as user 'root'",
    # wkhtmltopdf is not in Debian 13 any more, and printing PDF is not what these tests are about.
    r"wkhtmltopdf",
    # Odoo says so when a tag selects no test, which the test command counts itself.
    r"odoo\.tests\.result: 0 failed, 0 error\(s\) of 0 tests",
    # A browser test that is over closes its page in the middle of loading something.
    r"\.browser: Error received after termination",
)
_START = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) ")
_IGNORED = re.compile("|".join(IGNORED))


def complaints(path):
    """The entries of a log at WARNING or worse, each with its following lines (a traceback)."""
    if not path.is_file():
        return []
    found, inside = [], False
    for line in path.read_text(errors="replace").splitlines():
        start = _START.match(line)
        if start:
            inside = start["level"] in ("WARNING", "ERROR", "CRITICAL") and not _IGNORED.search(line)
            if inside:
                found.append(line)
        elif inside:
            found[-1] += "\n" + line
    return found


def show(found, limit=20):
    """A readable listing of :func:`complaints`."""
    lines = []
    for entry in found[:limit]:
        parts = entry.splitlines()
        lines.append("  " + parts[0])
        lines.extend("      " + part for part in (parts[1:] if len(parts) < 16 else ["…", *parts[-14:]]))
    if len(found) > limit:
        lines.append(f"  … and {len(found) - limit} more")
    return "\n".join(lines)
