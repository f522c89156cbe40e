from odoo import api, models


class CrmCustomerQualityChange(models.Model):
    """That something was written about customers since the use of their profiles was counted.

    Rows are only added and taken away: whoever adds one waits for nobody, and one that is
    added while another worker counts is there for the next count.
    """

    _name = "crm.customer.quality.change"
    _description = "Profiles Written Since They Were Counted"
    _log_access = False

    @api.model
    def _note(self):
        """Remember it."""
        self.env.cr.execute("INSERT INTO crm_customer_quality_change DEFAULT VALUES")

    @api.model
    def _forget(self):
        """Take for granted that profiles are counted now.

        :return: whether anything was remembered (bool)
        """
        self.env.cr.execute("DELETE FROM crm_customer_quality_change")
        return self.env.cr.rowcount > 0
