from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..tools import scoring
from .crm_customer_metrics_facts import ACTIVE
from .crm_customer_metrics_scores import SCORE_OF
from .crm_customer_metrics_stages import AT_RISK, DORMANT


class CrmCustomerMetrics(models.Model):
    """Why: what a class and a stage rest on, in sentences, and the rows behind each figure."""

    _inherit = "crm.customer.metrics"

    value_reasons = fields.Text(string="Why this class", compute="_compute_value_reasons")
    value_change = fields.Text(string="What would change it", compute="_compute_value_reasons")
    stage_reasons = fields.Text(string="Why this stage", compute="_compute_stage_reasons")

    # ------------------------------------------------------------------------- class

    @api.depends("value_class_id", "recency_score", "frequency_score", "monetary_score")
    @api.depends_context("lang")
    def _compute_value_reasons(self):
        # as everybody may read them who may read the figures
        Runs = self.env["crm.customer.score.run"].sudo()
        runs = Runs.browse(Runs._latest_ids()).grouped("company_id")
        for row in self:
            run = runs.get(row.company_id.sudo(), Runs)
            if not row.recency_score or not run:
                row.value_reasons = row._not_scored_reason(run)
                row.value_change = False
                continue
            figures = {
                "recency": self.env._("Last purchase %s", format_date(self.env, row.last_purchase_date)),
                "frequency": self.env._(
                    "%(count)s orders in %(months)s months",
                    count=row.purchase_count_window,
                    months=run.window_months,
                ),
                "monetary": self.env._(
                    "%(amount)s ordered (excl. VAT) in %(months)s months",
                    amount=format_amount(self.env, row.amount_window, row.currency_id),
                    months=run.window_months,
                ),
            }
            lines = [
                self.env._("%(figure)s: %(score)s", figure=words, score=run._edge_words(name, row[SCORE_OF[name]]))
                for name, words in figures.items()
            ]
            rule = row.value_class_id.sudo()
            if rule:
                lines.append(
                    self.env._(
                        "%(name)s: recency %(recency)s, frequency %(frequency)s, amount %(monetary)s.",
                        name=rule.name,
                        **{
                            name: f"{low}–{high}" if low < high else low
                            for name, (low, high) in zip(SCORE_OF, rule._ranges(), strict=True)
                        },
                    )
                )
            lines.append(
                self.env._(
                    "Scored on %(day)s among %(count)s customers: %(company)s",
                    day=format_date(self.env, run.as_of),
                    count=run.customer_count,
                    company=row.company_id.sudo().name,
                )
            )
            row.value_reasons = "\n".join(lines)
            row.value_change = row._nearest_change(run)

    def _not_scored_reason(self, run):
        if not self.last_purchase_date:
            return self.env._("Has not bought anything yet.")
        if not self.scored:
            return self.env._("Is archived, or marked as “Not a customer”: not compared with others.")
        return self.env._("Scores are worked out in the night.")

    def _nearest_change(self, run):
        """The least purchase that brings a better class, in a sentence."""
        self.ensure_one()
        ids, ranks = self.env["crm.customer.value.class"]._ranks(self.company_id.id)
        rank = {class_id: number for number, class_id in enumerate(ids)}
        as_of = self._as_of()
        better = scoring.next_class(
            rank.get(self.value_class_id.id, len(ids)),
            self.purchase_count_window,
            self.amount_window,
            as_of,
            run._cuts(),
            [rank.get(class_id) for class_id in ranks],
        )
        if not better:
            return False
        number, amount = better
        names = {
            "name": self.env["crm.customer.value.class"].sudo().browse(ids[number]).name,
            "amount": format_amount(self.env, amount, self.currency_id),
            "day": format_date(self.env, self._window_holds_until(run)),
        }
        if amount:
            return self.env._(
                "One purchase of more than %(amount)s (excl. VAT) by %(day)s makes it “%(name)s”.", **names
            )
        return self.env._("One purchase by %(day)s makes it “%(name)s”.", **names)

    def _window_holds_until(self, run):
        """The last day on which no order that counts today has left the window, at most a month on."""
        as_of = self._as_of()
        first = self.env["crm.customer.purchase"].search(
            Domain(self._rows_domain()) & Domain("day", ">", as_of - relativedelta(months=run.window_months)),
            order="day, id",
            limit=1,
        )
        soon = as_of + relativedelta(months=1)
        leaves = first.day + relativedelta(months=run.window_months, days=-1) if first else soon
        return max(as_of, min(soon, leaves))

    # ------------------------------------------------------------------------- stage

    @api.depends("lifecycle", "lifecycle_rule", "lifecycle_since")
    @api.depends_context("lang")
    def _compute_stage_reasons(self):
        stages = dict(self._fields["lifecycle"]._description_selection(self.env))
        for row in self:
            words = row._rhythm_words()
            lines = [words] if words else []
            if row.lifecycle_rule and row.lifecycle_since:
                lines.append(
                    self.env._(
                        "%(stage)s since %(day)s.",
                        stage=stages[row.lifecycle_rule],
                        day=format_date(self.env, row.lifecycle_since),
                    )
                )
            following = row._next_stage()
            if following:
                lines.append(
                    self.env._(
                        "Without a purchase: %(stage)s from %(day)s on.",
                        stage=stages[following[0]].lower(),
                        day=format_date(self.env, following[1]),
                    )
                )
            lock = row._stage_lock()
            if lock:
                lines.append(
                    self.env._(
                        "%(stage)s was set by %(user)s: %(reason)s",
                        stage=stages[lock.lifecycle],
                        user=lock.create_uid.name,
                        reason=lock.reason,
                    )
                )
            row.stage_reasons = "\n".join(lines)

    def _rhythm_words(self):
        """How often the customer buys and for how long he has not, in a sentence.

        :return: str, empty for who has not bought
        """
        self.ensure_one()
        if not self.last_purchase_date:
            return ""
        days = round(self.gap_days)
        if not self.median_gap_days:
            return self.env._("Silent for %(silence)s days; no rhythm of its own yet.", silence=self.silence_days)
        if self.is_late and self.amount_at_risk > 0:
            return self.env._(
                "Buys every %(days)s days, silent for %(silence)s: %(amount)s a year at risk.",
                days=days,
                silence=self.silence_days,
                amount=format_amount(self.env, self.amount_at_risk, self.currency_id, trailing_zeroes=False),
            )
        return self.env._("Buys every %(days)s days, silent for %(silence)s.", days=days, silence=self.silence_days)

    def _next_stage(self):
        """What follows without a purchase: (stage, first day), None at the end."""
        self.ensure_one()
        last, gap = self.last_purchase_date, self.gap_days
        limits = {
            "active": ("at_risk", ACTIVE),
            "at_risk": ("dormant", AT_RISK),
            "dormant": ("former", DORMANT),
        }
        if self.lifecycle_rule not in limits or not last:
            return None
        stage, times = limits[self.lifecycle_rule]
        return stage, last + relativedelta(days=int(times * gap) + 1)

    def _stage_lock(self):
        """What holds the stage, as everybody may read it who may read the figures."""
        self.ensure_one()
        return (
            self.env["crm.customer.stage.lock"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    "|",
                    ("until", "=", False),
                    ("until", ">=", self._as_of()),
                ],
                limit=1,
            )
        )

    # --------------------------------------------------------------- rows of a figure

    def _rows_domain(self):
        self.ensure_one()
        return [
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("day", "<=", self._as_of()),
        ]

    @api.model
    def _figure_domain(self, figure, as_of, months, last_purchase):
        """Which of a customer's purchases a figure adds up, besides being of a day up to ``as_of``.

        :param figure: name of the figure
        :param as_of: date for which it stands
        :param months: how many count for scores
        :param last_purchase: date of the last one, if any
        :return: list of conditions
        """
        orders = [("is_head", "=", True), ("order_amount", ">", 0)]
        since = {
            "amount_12m": (12, as_of, []),
            "invoiced_12m": (12, as_of, []),
            "margin_12m": (12, as_of, []),
            "amount_window": (months, as_of, []),
            "purchase_count_window": (months, as_of, orders),
            "amount_at_risk": (12, last_purchase or as_of, []),
            "purchase_count": (None, as_of, orders),
        }
        span, day, further = since.get(figure, (None, as_of, []))
        return [*further, ("day", ">", day - relativedelta(months=span))] if span else further

    @api.readonly
    def action_open_rows(self):
        """Show the purchases that a figure adds up; the context says which (``figure``)."""
        self.ensure_one()
        self.check_access("read")
        months = self.env["res.company"]._customer_scoring()[self.company_id.id]["months"]
        further = self._figure_domain(self.env.context.get("figure"), self._as_of(), months, self.last_purchase_date)
        return {**self.action_open_purchases(), "domain": [*self._rows_domain(), *further]}

    def action_past(self):
        """Show the customer as he stood on a past day."""
        self.ensure_one()
        self.check_access("read")
        return self.commercial_partner_id.with_company(self.company_id)._customer_past_action()

    def action_set_stage(self):
        """Set the stage by hand, or see who has."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_stage_lock_action")
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.company_id.id,
                "active_test": False,
            },
        }
