from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

# Lines of an order that are looked at for the words on its row, and shown below it.
ORDER_LINES, SHOWN_LINES = 200, 100


class CrmCustomerTimeline(models.Model):
    """What is inside an event: lines of an order, responses, answers."""

    _inherit = "crm.customer.timeline"

    @api.model
    def _insides(self, facts):
        """What rows tell of the lines and responses inside them.

        :param facts: dict of id and fact
        :return: dict: ``orders`` (id → number of lines, names of product types) and
            ``responses`` (id → set of kinds)
        """
        heads = [fact.id for fact in facts.values() if fact._name == "crm.customer.purchase"]
        actions = [fact.id for fact in facts.values() if fact._name == "crm.customer.marketing.action"]
        responses = defaultdict(set)
        Reaction = self.env["crm.customer.marketing.reaction"]
        if actions and Reaction.has_access("read"):
            for action, kind in Reaction._read_group([("action_id", "in", actions)], ["action_id", "kind"]):
                responses[action.id].add(kind)
        return {"orders": self._order_words(heads) if heads else {}, "responses": responses}

    @api.model
    def _order_words(self, heads):
        """How many lines orders have and of which product types.

        :param heads: ids of first lines that may be read; the others of an order have its
            customer and company
        :return: dict of id and (number of lines, list of names)
        """
        self.env["crm.customer.purchase"].flush_model()
        same = SQL(
            "line.feed = head.feed AND line.company_id = head.company_id"
            " AND line.commercial_partner_id = head.commercial_partner_id"
        )
        found = self.env.execute_query(
            SQL(
                """
                SELECT head.id, count(*), array_agg(DISTINCT line.categ_id)
                  FROM crm_customer_purchase head
                 CROSS JOIN LATERAL (
                       (SELECT line.categ_id FROM crm_customer_purchase line
                         WHERE line.source_id = head.source_id AND line.source_model = head.source_model
                           AND %(same)s LIMIT %(limit)s)
                        UNION ALL
                       (SELECT line.categ_id FROM crm_customer_purchase line
                         WHERE line.order_ref = head.order_ref AND %(same)s
                           AND (head.source_id IS NULL OR head.source_model IS NULL)
                           AND (line.source_id IS NULL OR line.source_model IS NULL) LIMIT %(limit)s)
                        UNION ALL
                       (SELECT head.categ_id
                         WHERE head.order_ref IS NULL AND (head.source_id IS NULL OR head.source_model IS NULL))
                       ) line
                 WHERE head.id = ANY(%(heads)s)
                 GROUP BY head.id
                """,
                same=same,
                limit=ORDER_LINES + 1,
                heads=heads,
            )
        )
        categories = self.env["product.category"].sudo().browse({id_ for *_, ids in found for id_ in ids if id_})
        names = {category.id: category.name for category in categories}
        return {head: (count, sorted(names[id_] for id_ in ids if id_)) for head, count, ids in found}

    @api.readonly
    def customer_event_lines(self):
        """What is inside an event: the lines of an order, the responses to something we
        sent, the answers of a questionnaire.

        :return: dict with ``lines``, dicts of ``text``, ``amount`` and perhaps ``date``,
            ``quantity`` and ``detail``, and
            ``more`` (there are further ones that are not shown)
        """
        self.ensure_one()
        self.check_access("read")
        fact = self.env[self.fact_model].browse(self.id)
        fact.check_access("read")
        inside = {
            "crm.customer.purchase": self._lines_of_order,
            "crm.customer.marketing.action": self._lines_of_responses,
            "crm.customer.survey.answer": self._lines_of_answers,
        }
        if fact._name not in inside:
            return {"lines": [], "more": False}
        lines = inside[fact._name](fact, SHOWN_LINES + 1)
        return {"lines": lines[:SHOWN_LINES], "more": len(lines) > SHOWN_LINES}

    @api.model
    def _domain_same_document(self, fact):
        """Facts of one customer that came from the same document."""
        return Domain(
            [
                ("feed", "=", fact.feed),
                ("company_id", "=", fact.company_id.id),
                ("commercial_partner_id", "=", fact.commercial_partner_id.id),
                ("source_model", "=", fact.source_model),
                ("source_id", "=", fact.source_id),
            ]
        )

    @api.model
    def _lines_of_order(self, head, limit):
        if head.source_model and head.source_id:
            domain = self._domain_same_document(head)
        elif head.order_ref:
            domain = Domain(
                [
                    ("feed", "=", head.feed),
                    ("company_id", "=", head.company_id.id),
                    ("commercial_partner_id", "=", head.commercial_partner_id.id),
                    ("order_ref", "=", head.order_ref),
                    "|",
                    ("source_model", "=", False),
                    ("source_id", "=", False),
                ]
            )
        else:
            domain = Domain("id", "=", head.id)
        lines = head.search(domain, order="id", limit=limit)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return [
            {
                "text": line.product_id.sudo().display_name or line.categ_id.sudo().name or line.order_ref or "",
                "quantity": f"{round(line.quantity, digits):g} ×" if line.quantity else "",
                "amount": format_amount(self.env, line.amount, line.company_currency_id.sudo()),
            }
            for line in lines
        ]

    @api.model
    def _lines_of_responses(self, action, limit):
        Reaction = self.env["crm.customer.marketing.reaction"]
        return [
            {
                "date": fields.Datetime.to_string(reaction.date),
                "text": self._word(reaction, "kind"),
                "detail": reaction.order_ref or "",
                "amount": self._money(reaction, reaction.amount),
            }
            for reaction in Reaction.search([("action_id", "=", action.id)], order="date, id", limit=limit)
        ]

    @api.model
    def _lines_of_answers(self, head, limit):
        same = self._domain_same_document(head) & Domain("survey", "=", head.survey)
        domain = same if head.source_model and head.source_id else Domain("id", "=", head.id)
        return [
            {
                "text": answer.question_code,
                "detail": answer.answer_code or answer.text or (f"{answer.value:g}" if answer.value else ""),
                "amount": "",
            }
            for answer in head.search(domain, order="id", limit=limit)
        ]
