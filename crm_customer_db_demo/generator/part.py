"""What every part of the firm that is written after its documents needs."""

from datetime import timedelta


class Part:
    """
    :param firm: ``Firm``
    :param people: ``People``
    :param rng: ``random.Random``
    :param now: moment of installation (UTC)
    :param today: day of installation in Spain
    """

    def __init__(self, firm, people, rng, now, today):
        self.firm = firm
        self.env = firm.in_company(firm.main)
        self.people = people
        self.rng = rng
        self.now = now
        self.today = today

    @staticmethod
    def workday(day):
        """The day itself, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - 4))
