from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CrmCustomerFact(models.AbstractModel):
    """Amounts in two currencies, and the rate between them.

    A rate counts when it was known on the day: Odoo's own conversion silently takes the
    next later one, or 1, where there is none, and such a guess would stay in the
    figures for good.
    """

    _inherit = "crm.customer.fact"

    @api.model
    def _fact_money_required(self):
        """The part of ``_fact_money`` that no fact is without."""
        return {amount: foreign for amount, foreign in self._fact_money.items() if self._fields[amount].required}

    @api.model
    def _fact_money_of(self, vals, company):
        """Both amounts of a new record.

        :param vals: dict of values, defaults included
        :param company: ``res.company`` record
        :return: dict of the fields named in ``_fact_money`` and ``currency_id``
        :raise ValidationError: when there is no rate for the day
        """
        if not self._fact_money:
            return {}
        own = company.currency_id
        currency = self.env["res.currency"].browse(vals.get("currency_id") or own.id)
        found = {"currency_id": currency.id}
        for amount, foreign in self._fact_money.items():
            if self.env.su and vals.get(amount) and vals.get(foreign):
                continue  # a feed says both
            if vals.get(foreign) or currency != own:
                value = vals.get(foreign) or 0.0
                found[foreign] = value
                found[amount] = self._fact_convert(value, currency, company, vals.get("day"))
            else:
                found[amount] = found[foreign] = vals.get(amount) or 0.0
        return found

    def _fact_money_written(self, vals, company):
        """Both amounts of one record after ``write(vals)``.

        :return: dict of what follows from what was written
        :raise ValidationError: when there is no rate for the day, or the amount in the
            company's currency was typed for a document in another one
        """
        self.ensure_one()
        derived = {}
        for amount, foreign in self._fact_money.items():
            touched = {foreign, "currency_id", "date", "company_id"} & vals.keys()
            if amount in vals and (foreign not in vals or self.env.su):
                if self.env.su and foreign in vals:
                    continue
                if self.currency_id == company.currency_id:
                    derived[foreign] = self[amount]
                elif not self.env.su:
                    raise ValidationError(
                        self.env._(
                            "This document is in %(currency)s: type the amount in that currency, and it is converted.",
                            currency=self.currency_id.name,
                        )
                    )
            elif touched or amount in vals:
                day = self.date and self._fact_day(self.date, company)
                derived[amount] = self._fact_convert(self[foreign], self.currency_id, company, day)
        return derived

    @api.model
    def _fact_convert(self, value, currency, company, day):
        """An amount in the company's currency, at the rate known on a day.

        :param value: float, in ``currency``
        :param day: date
        :return: float, rounded as the company's currency is
        :raise ValidationError: when no rate was known on the day
        """
        own = company.currency_id
        if not currency or not own or currency == own:
            return value
        factor = day and self._fact_rate(currency, company, day)
        if not factor:
            raise ValidationError(self._fact_no_rate_message(currency.name, company, day))
        return own.round(value * factor)

    @api.model
    def _fact_rate(self, currency, company, day):
        """What one unit of a currency was worth in the company's on a day.

        :return: float, or None where no rate was known
        """
        self.env["res.currency.rate"].flush_model()
        factor = self._fact_rate_sql(SQL("%s", currency.id), company, SQL("%s::date", day))
        [(value,)] = self.env.execute_query(SQL("SELECT %s", factor))
        return value

    @api.model
    def _fact_rate_sql(self, currency, company, day):
        """SQL of ``_fact_rate``: a number, or NULL where no rate was known.

        The rates of the company itself come before those of all companies, as in
        ``res.currency``. The company's currency counts as 1 when it has no rates at all:
        then it is the one the others are quoted in.

        :param currency: SQL of the id of a currency other than the company's
        :param day: SQL of a date
        """
        own = company.currency_id.id
        return SQL(
            "(CASE WHEN EXISTS (SELECT FROM res_currency_rate r WHERE r.currency_id = %s"
            " AND (r.company_id = %s OR r.company_id IS NULL))"
            " THEN %s ELSE 1 END / NULLIF(%s, 0))",
            own,
            company.root_id.id,
            self._fact_known_rate_sql(SQL("%s", own), company, day),
            self._fact_known_rate_sql(currency, company, day),
        )

    @api.model
    def _fact_known_rate_sql(self, currency, company, day):
        """SQL of the last rate of one currency on or before a day, or NULL."""
        return SQL(
            "(SELECT r.rate FROM res_currency_rate r WHERE r.currency_id = %s"
            " AND r.name <= %s AND (r.company_id = %s OR r.company_id IS NULL)"
            " ORDER BY r.company_id, r.name DESC LIMIT 1)",
            currency,
            day,
            company.root_id.id,
        )

    @api.model
    def _fact_no_rate_message(self, currency_name, company, day):
        """The sentence for an amount that can't be converted.

        :param day: date or str, or None where it is missing as well
        """
        return self.env._(
            "There is no rate between %(currency)s and %(own)s for %(day)s or earlier in "
            "%(company)s. Add it under Currencies, then try again.",
            currency=currency_name,
            own=company.currency_id.name,
            day=day or "?",
            company=company.name,
        )

    @api.model
    def _fact_round_sql(self, amount, company):
        """SQL of an amount rounded as the company's currency is."""
        step = SQL("%s::numeric", str(company.currency_id.rounding))
        return SQL("round((%s) / %s) * %s", amount, step, step)

    def _fact_preview_money(self):
        """Show the amount in the company's currency while it is being typed.

        For the ``onchange`` of models with money.
        """
        company = self.company_id or self.env.company
        self.company_currency_id = company.currency_id
        if not self.date:
            return None
        day = self._fact_day(fields.Datetime.to_datetime(self.date), company)
        try:
            for amount, foreign in self._fact_money.items():
                self[amount] = self._fact_convert(self[foreign], self.currency_id, company, day)
        except ValidationError as error:
            return {"warning": {"title": self.env._("No rate"), "message": error.args[0]}}
        return None
