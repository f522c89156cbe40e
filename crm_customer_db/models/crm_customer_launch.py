from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# A customer gets one launched activity at the most in so many days.
REST_DAYS = 30
# Activities that are made by one call.
BATCH = 1_000
# Two who launch at the same moment come one after the other (two-number keys are ours alone).
LOCK = (1_668_508_014, 1)


class CrmCustomerLaunch(models.Model):
    """Who launched what for which customers, and when. Nobody changes or deletes an entry."""

    _name = "crm.customer.launch"
    _description = "Launched Action"
    _order = "day desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Launched by", required=True, index=True)
    day = fields.Date(required=True, index=True)
    kind = fields.Selection(selection="_selection_kind", string="Action", required=True)
    strategy_id = fields.Many2one("crm.customer.strategy", index="btree_not_null", ondelete="set null")
    segment_id = fields.Many2one(
        "crm.customer.segment",
        index="btree_not_null",
        ondelete="set null",
        help="For whose members it was launched, or what was made.",
    )
    activity_type_id = fields.Many2one("mail.activity.type", string="Activity", ondelete="set null")
    date_deadline = fields.Date(string="Due")
    pricelist_id = fields.Many2one("product.pricelist", ondelete="set null", index="btree_not_null")
    customer_count = fields.Integer(string="Customers")
    left_out_count = fields.Integer(string="Left out", help="Had the same already.")
    line_ids = fields.One2many("crm.customer.launch.line", "launch_id", string="For whom")

    @api.model
    def _selection_kind(self):
        """What can be launched, and what an app that is gone has launched."""
        return [*self.env["crm.customer.strategy"]._selection_launch_kind(), ("other", self.env._("Other"))]

    @api.model
    def _kind_gone(self, kind):
        """Let go of an action that an addon which is about to be uninstalled has made.

        Strategies suggest a segment in its place; the log keeps that something was launched.

        :param kind: str
        """
        self.env.flush_all()
        for table, column, instead in (
            ("crm_customer_strategy", "launch_kind", "segment"),
            ("crm_customer_launch", "kind", "other"),
            ("crm_customer_launch_line", "kind", "other"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(instead)s WHERE %(column)s = %(kind)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    instead=instead,
                    kind=kind,
                )
            )
        self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------------- rights

    @api.model
    def _may_launch(self, kind):
        """Whether the user may launch it: activities everybody of the file, anything else marketing and managers."""
        user = self.env.user
        if user._is_superuser():
            return True
        if kind == "activity":
            return user.has_group("crm_customer_db.group_customer_user")
        if kind == "pricelist":
            return user.has_group("crm_customer_db.group_customer_manager")
        return user.has_groups("crm_customer_db.group_customer_marketing,crm_customer_db.group_customer_manager")

    # ------------------------------------------------------------------------- launch

    @api.model
    def _rested(self, rows, values):
        """Those of some customers who did not get the same lately, in whichever company: nobody wants two calls from
        one house.

        :param rows: ``crm.customer.metrics`` records of one company
        :param values: dict of values of the launch, with ``kind`` and ``day``
        :return: ``crm.customer.metrics`` records
        """
        kind, day = values["kind"], values["day"]
        if kind != "activity":
            return rows
        tired = (
            self.env["crm.customer.launch.line"]
            .sudo()
            ._read_group(
                Domain("kind", "=", kind)
                & Domain("day", ">", day - relativedelta(days=REST_DAYS))
                & Domain("commercial_partner_id", "in", rows.commercial_partner_id.ids),
                ["commercial_partner_id"],
            )
        )
        names = {customer.id for (customer,) in tired}
        return rows.filtered(lambda row: row.commercial_partner_id.id not in names)

    @api.model
    def _left_out_words(self, kind, count):
        """Why some customers are left out, in a sentence. Addons extend it for their kinds.

        :param count: how many
        """
        return self.env._("%s are left out: they had an activity in the last 30 days.", count)

    @api.model
    def _launch(self, rows, values):
        """Launch an action for customers, and write down who did.

        :param rows: ``crm.customer.metrics`` records of the company in ``values``, as far as the user sees them
        :param values: dict of values of a launch; ``summary`` and ``fallback_user_id`` besides for activities
        :return: ``crm.customer.launch`` record
        :raise UserError: when nobody is left to launch it for
        """
        kind, company = values["kind"], self.env["res.company"].browse(values["company_id"])
        if not self._may_launch(kind):
            raise AccessError(self.env._("You may not launch this for customers: ask a manager of the customer file."))
        if (not self.env.su and company not in self.env.companies) or rows.company_id - company:
            raise AccessError(self.env._("These customers are not those of the company in which this is launched."))
        prices = self.env["product.pricelist"].browse(values.get("pricelist_id"))
        if prices.company_id and prices.company_id != company:
            raise UserError(self.env._("The price list %s belongs to another company.", prices.name))
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", *LOCK))
        rested = self._rested(rows, values)
        if not rested:
            raise UserError(
                self.env._("Nobody is left. %s", self._left_out_words(kind, len(rows)))
                if rows
                else self.env._("There is no customer to do this for.")
            )
        extra = {name: values.pop(name, False) for name in ("summary", "fallback_user_id")}
        launch = self.sudo().create(
            {
                **values,
                "user_id": self.env.uid,
                "customer_count": len(rested),
                "left_out_count": len(rows) - len(rested),
            }
        )
        lines = self.env["crm.customer.launch.line"].sudo()
        lines.create(
            [
                {
                    "launch_id": launch.id,
                    "commercial_partner_id": row.commercial_partner_id.id,
                    "user_id": row.user_id.id,
                }
                for row in rested
            ]
        )
        getattr(launch, f"_launch_{kind}")(rested.commercial_partner_id, extra)
        return launch.sudo(False)

    def _launch_activity(self, customers, extra):
        """An activity for each customer's salesperson."""
        self.ensure_one()
        fallback = self.env["res.users"].browse(extra["fallback_user_id"]) or self.user_id
        model_id = self.env["ir.model"]._get_id("res.partner")
        values = [
            {
                "res_model_id": model_id,
                "res_id": customer.id,
                "activity_type_id": self.activity_type_id.id,
                "summary": extra["summary"] or self.name,
                "date_deadline": self.date_deadline,
                "user_id": self._responsible(customer, fallback).id,
            }
            for customer in customers
        ]
        # nobody wants a mail for each of a hundred activities: they stand in his list
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        for start in range(0, len(values), BATCH):
            activities.create(values[start : start + BATCH])

    @api.model
    def _responsible(self, customer, fallback):
        """Who gets the activity of a customer: his salesperson, as long as he works here."""
        user = customer.user_id
        return user if user.active and not user.share else fallback

    @api.model
    def _may_be_asked(self, user, company):
        """Whether activities may be given to a user: a colleague who works in the company."""
        return user.sudo().active and not user.sudo().share and company in user.sudo().company_ids

    def _launch_pricelist(self, customers, extra):
        """A price list for all of them, in this company."""
        self.ensure_one()
        customers.with_company(self.company_id).sudo().write({"specific_property_product_pricelist": self.pricelist_id})

    def _launch_segment(self, customers, extra):
        """A list with these customers, to be kept by hand from now on."""
        self.ensure_one()
        self.segment_id = self.env["crm.customer.segment"].create(
            {
                "name": f"{self.name} ({format_date(self.env, self.day)})",
                "company_id": self.company_id.id,
                "kind": "manual",
                "user_id": self.user_id.id,
            }
        )
        self.segment_id._add_members(customers)

    @api.model
    def _salespeople(self, rows, fallback):
        """How many activities each would get: Counter of ``res.users``."""
        return Counter(self._responsible(row.commercial_partner_id, fallback) for row in rows)

    @api.readonly
    def action_open_customers(self):
        """Show for whom it was launched."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_metrics_action")
        return {
            **action,
            "display_name": self.name,
            "domain": [
                ("commercial_partner_id", "in", self.line_ids.commercial_partner_id.ids),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }


class CrmCustomerLaunchLine(models.Model):
    """A customer for whom something was launched."""

    _name = "crm.customer.launch.line"
    _description = "Customer of a Launched Action"
    _log_access = False
    _order = "id desc"
    _rec_name = "commercial_partner_id"

    launch_id = fields.Many2one("crm.customer.launch", required=True, index=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="launch_id.company_id", store=True, precompute=True)
    day = fields.Date(related="launch_id.day", store=True, precompute=True)
    kind = fields.Selection(related="launch_id.kind", store=True, precompute=True)
    user_id = fields.Many2one("res.users", string="Salesperson", index="btree_not_null", help="When it was launched.")

    _customer_idx = models.Index("(commercial_partner_id, company_id, day DESC)")
