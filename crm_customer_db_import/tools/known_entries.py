"""Contacts or sites of one customer, found again. Free of the ORM."""

from .customer_key import normalised

# By which a site without a name and a street is known again.
PLACE = ("street", "zip", "city", "email", "phone")


class KnownEntries:
    """Contacts or sites, found by their name at once, as a company may have thousands."""

    def __init__(self):
        self._all, self._nameless, self._by_name = [], [], {}

    def add(self, values, entry):
        """Let an entry be found by its values.

        :param values: dict of a field of ``res.partner`` and its value
        """
        self._all.append((values, entry))
        if values.get("name"):
            self._by_name.setdefault(_name(values), entry)
        else:
            self._nameless.append((values, entry))

    def find(self, values):
        """The entry of the same name, or of the same address where one has no name; None where there is none.

        >>> known = KnownEntries()
        >>> known.add({"name": "Nave 2", "street": "C/ Sol", "zip": "1"}, "site")
        >>> known.find({"name": "NAVE-2"}), known.find({"street": "c/ sol", "zip": "1"}), known.find({"zip": "1"})
        ('site', 'site', None)
        """
        if values.get("name"):
            found = self._by_name.get(_name(values))
            if found is not None:
                return found
            others = self._nameless
        else:
            others = self._all
        return next((entry for known, entry in others if _is_same_place(known, values)), None)


def _name(values):
    return normalised(values["name"]) or values["name"]


def _is_same_place(one, other):
    names = ("street", "zip") if one.get("street") else PLACE
    return any(one.get(name) for name in names) and all(
        normalised(one.get(name) or "") == normalised(other.get(name) or "") for name in names
    )
