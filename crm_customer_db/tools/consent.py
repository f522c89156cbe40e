# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What follows from the entries of the consent ledger, without Odoo.

Nothing in the ledger is ever changed, so what holds today is read from the entries:

    A refusal stands until the customer himself consents later.

*Later* is by date, and by the order of recording within the same second. *Consents
himself* is the entry's ``lifts``: a consent with a proof does, while a legitimate
interest, a contract or the sale of something similar (LSSI art. 21.2) do not stand
against a refusal, and neither does a consent that was imported.

The database answers the same question set-wise (``_refusals_sql`` of the model); tests
hold one against the other on random ledgers.
"""

from typing import Any, NamedTuple

# The order in which they are named on the screen.
CHANNELS = ("post", "phone", "email", "sms", "visit")
PURPOSES = ("marketing", "profiling", "sharing")
EVERY = "all"


class Entry(NamedTuple):
    """One line of the ledger; ``company`` None is every company of the group."""

    date: Any
    number: int
    channel: str
    purpose: str
    refused: bool
    lifts: bool
    company: int | None = None

    def covers(self, channel, purpose, company):
        """Whether the entry speaks of a channel and purpose, to a company.

        :param company: id, or None for a company that no entry names
        """
        return self.channel in (channel, EVERY) and self.purpose in (purpose, EVERY) and self.company in (None, company)


def lifts_refusal(state, legal_basis, source):
    """Whether an entry ends the refusals before it.

    >>> lifts_refusal("given", "consent", "manual")
    True
    >>> lifts_refusal("given", "legitimate_interest", "manual")
    False
    >>> lifts_refusal("given", "consent", "import")
    False
    >>> lifts_refusal("refused", "consent", "manual")
    False
    """
    return state == "given" and legal_basis == "consent" and source != "import"


def last_state(entries, channel, purpose="marketing", company=None, as_of=None):
    """What holds for a channel: ``"refused"``, ``"given"``, or None when nobody asked.

    >>> no = Entry(1, 1, "email", "marketing", refused=True, lifts=False)
    >>> yes = Entry(2, 2, "all", "marketing", refused=False, lifts=True)
    >>> last_state([yes, no], "email")
    'given'
    >>> last_state([yes, no], "email", as_of=1)
    'refused'
    >>> last_state([yes._replace(lifts=False), no], "email")
    'refused'
    >>> last_state([no], "post")

    :param entries: iterable of :class:`Entry` of one contact, in any order
    :param channel: one of ``CHANNELS``
    :param purpose: one of ``PURPOSES``
    :param company: id of the company that asks, None for one that no entry names
    :param as_of: date after which entries are not looked at
    """
    state = None
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.number)):
        if not entry.covers(channel, purpose, company) or (as_of is not None and entry.date > as_of):
            continue
        if entry.refused:
            state = "refused"
        elif entry.lifts or state is None:
            state = "given"
    return state
