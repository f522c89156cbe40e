"""What customers have standing in their workshops, as salespeople saw it: ours and of competitors."""

import random
from datetime import timedelta

from .part import Part

# A draw of its own: what was drawn before stays what it was.
SEED = 47
OTHERS = [
    ("Compresor de tornillo 15 kW", "Atlas Copco"),
    ("Compresor de pistón 5 CV", "Josval"),
    ("Taladro percutor a batería", "Hilti"),
    ("Amoladora 230 mm", "Makita"),
    ("Equipo de soldadura MIG", "Lincoln Electric"),
    ("Estantería de paletización", "Mecalux"),
    ("Carretilla elevadora 2,5 t", "Toyota"),
    ("Sierra de cinta", "MG"),
]  # fmt: skip
# Every so manieth company is known from within.
SEEN_EVERY = 3


class Owned(Part):
    """Entries of products that customers own."""

    def make(self, customers, products):
        """
        :param customers: list of ``Customer``
        :param products: list of ``product.product`` records of the firm's own catalogue
        """
        rng = random.Random(SEED)
        values = []
        companies = [customer for customer in customers if customer.kind == "company"]
        for customer in companies[::SEEN_EVERY]:
            partner = self.people.records[customer.number]
            for name, brand in rng.sample(OTHERS, rng.randint(1, 2)):
                values.append(
                    {
                        "partner_id": partner.id,
                        "company_id": self.firm.main.id,
                        "name": name,
                        "brand": brand,
                        "is_competitor": True,
                        "since": self.today - timedelta(days=rng.randint(200, 3000)),
                    }
                )
            if customer.rhythm in ("champion", "loyal"):
                values.append(
                    {
                        "partner_id": partner.id,
                        "company_id": self.firm.main.id,
                        "product_id": rng.choice(products).id,
                        "quantity": rng.randint(1, 4),
                        "source": "purchase",
                        "since": self.today - timedelta(days=rng.randint(30, 600)),
                    }
                )
        self.env["crm.customer.owned.product"].create(values)
