"""Writes the articles of ``catalogue`` into Odoo and puts stock on the shelves."""

from collections import defaultdict

from odoo import Command

from . import catalogue


class Shelves:
    """The articles, by code."""

    def __init__(self, firm):
        self.firm = firm
        self.env = firm.env
        self.products = {}

    def make(self):
        parent = self.env["product.category"].create({"name": "Suministros Ebro"})
        categories = {
            key: self.env["product.category"].create({"name": name, "parent_id": parent.id})
            for key, name in catalogue.CATEGORIES.items()
        }
        rows = catalogue.PRODUCTS + catalogue.SERVICES
        for row, product in zip(
            rows, self.env["product.product"].create([self._values(row, categories) for row in rows]), strict=True
        ):
            self.products[row[0]] = product
        for company in self.firm.companies:
            # The purchase price is kept per company.
            for row in rows:
                product = self.products[row[0]].with_company(company)
                product.standard_price = round(row[2] * catalogue.COST[row[0][:3]], 2)

    def _values(self, row, categories):
        code, name, price, _weight, _quantity = row
        service = code.startswith("SER")
        taxes = [
            (self.firm.reduced_tax[company] if code in catalogue.REDUCED_VAT else company.account_sale_tax_id).id
            for company in self.firm.companies
        ]
        return {
            "name": name,
            "default_code": code,
            "categ_id": categories[code[:3]].id,
            "list_price": price,
            "type": "service" if service else "consu",
            "is_storable": not service,
            "invoice_policy": "order" if service else "delivery",
            "taxes_id": [Command.set(taxes)],
            "supplier_taxes_id": [Command.set(self.firm.companies.account_purchase_tax_id.ids)],
            "description_sale": False,
        }

    def stock(self, orders, opened):
        """Count in what two years of orders take out of each warehouse, and some more.

        :param orders: of ``plan``
        :param opened: datetime of the counting, before the first order
        """
        wanted = defaultdict(lambda: defaultdict(int))
        for order in orders:
            for line in order.lines:
                wanted[order.firm][line.code] += line.quantity
        for firm, quantities in wanted.items():
            company = self.firm.main if firm == "main" else self.firm.service
            env = self.firm.in_company(company)
            warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
            Quant = env["stock.quant"].with_context(inventory_mode=True)
            quants = Quant.create(
                [
                    {
                        "product_id": product.id,
                        "location_id": warehouse.lot_stock_id.id,
                        "inventory_quantity": quantities[code] + 20,
                    }
                    for code, product in self.products.items()
                    if product.is_storable and (firm == "main" or quantities[code])
                ]
            )
            quants.action_apply_inventory()
            moves = env["stock.move"].search([("company_id", "=", company.id), ("is_inventory", "=", True)])
            moves.write({"date": opened})
            moves.move_line_ids.write({"date": opened})
