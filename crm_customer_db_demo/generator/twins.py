"""Customers that somebody has entered a second time, as happens: what the search for duplicates has to find."""

from .part import Part

# Every so manieth of the companies, from one that is not written by hand.
FIRST, EVERY = 7, 31


class Twins(Part):
    """Contacts beside those of the firm, each with a part of what is known of the first."""

    def make(self, customers):
        """
        :param customers: list of ``Customer``
        """
        companies = [customer for customer in customers if customer.kind == "company"][FIRST::EVERY]
        partners = [self.people.records[customer.number] for customer in companies]
        ways = [self._typed_at_the_till, self._from_a_fair, self._by_the_branch, self._misspelt]
        values = [ways[place % len(ways)](partner) for place, partner in enumerate(partners)]
        # one of them even twice
        values.append(self._from_a_fair(partners[0]))
        self.env["res.partner"].create(values)

    def _typed_at_the_till(self, partner):
        return {**self._common(partner), "name": partner.name.upper(), "vat": partner.vat, "phone": partner.phone}

    def _from_a_fair(self, partner):
        return {
            **self._common(partner),
            "name": partner.name.rpartition(",")[0] or partner.name,
            "email": partner.email,
            "phone": partner.phone,
            "customer_mark": "prospect",
        }

    def _by_the_branch(self, partner):
        return {**self._common(partner), "name": partner.name, "zip": partner.zip, "city": partner.city}

    def _misspelt(self, partner):
        name = partner.name
        return {**self._common(partner), "name": name[:3] + name[4:], "zip": partner.zip, "phone": partner.phone}

    def _common(self, partner):
        return {"is_company": True, "customer_mark": "customer", "country_id": partner.country_id.id}
