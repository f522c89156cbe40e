"""Cells that a spreadsheet would take for a formula. Free of the ORM."""

LIVE = ("=", "+", "-", "@", "\t", "\r")


def tame(cell):
    """The cell with an apostrophe before what would be a formula. Numbers stay as they are.

    >>> tame("=1+1"), tame("-12,5"), tame("Ana"), tame("+34 976 12 34 56")
    ("'=1+1", '-12,5', 'Ana', "'+34 976 12 34 56")
    """
    if cell.startswith(LIVE) and not cell[1:].replace(".", "").replace(",", "").isdecimal():
        return f"'{cell}"
    return cell


def untame(cell):
    """The cell as it was before ``tame``.

    >>> untame("'=1+1"), untame("'tis"), untame("-1")
    ('=1+1', "'tis", '-1')
    """
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(LIVE) else cell
