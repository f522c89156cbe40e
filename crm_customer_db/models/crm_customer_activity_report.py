from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerActivityReport(models.Model):
    """What is still to be done for customers: planned activities, with the customer they are for.

    Odoo plans an activity on a document and knows nothing of the customer behind it. Here
    are those on contacts, requests and complaints; apps add theirs (``_activity_sources``).

    *Rights.* Those of the customer, and one's own: whoever has to do something sees it,
    whoever the customer is of.
    """

    _name = "crm.customer.activity.report"
    _description = "Pending Action"
    _auto = False
    _order = "date_deadline, id"
    _rec_name = "summary"
    _depends = {
        "mail.activity": ["activity_type_id", "active", "date_deadline", "res_id", "res_model", "summary", "user_id"],
        "res.partner": ["commercial_partner_id", "company_id"],
        "crm.customer.interaction": ["commercial_partner_id", "company_id"],
        "crm.customer.fulfilment": ["commercial_partner_id", "company_id"],
    }

    summary = fields.Char(string="What is to be done", readonly=True)
    activity_type_id = fields.Many2one("mail.activity.type", string="Kind of activity", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    date_deadline = fields.Date(string="To be done by", readonly=True)
    due = fields.Selection(
        [("overdue", "Overdue"), ("today", "Today"), ("planned", "Planned")], string="When", readonly=True
    )
    days_overdue = fields.Integer(string="Days overdue", readonly=True, aggregator="max")
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    salesperson_id = fields.Many2one(related="commercial_partner_id.user_id", string="Salesperson of the customer")
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Char(string="Kind of document", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)

    @api.model
    def _activity_sources(self):
        """Queries of the documents whose activities are for customers. Apps append theirs.

        :return: dict model name → ``SQL`` query of id, commercial_partner_id and company_id
        """
        return {
            "res.partner": SQL("SELECT id, commercial_partner_id, company_id FROM res_partner"),
            **{
                name: SQL("SELECT id, commercial_partner_id, company_id FROM %s", SQL.identifier(self.env[name]._table))
                for name in ("crm.customer.interaction", "crm.customer.fulfilment")
            },
        }

    @api.model
    def _activity_document_sql(self, table, customer):
        """The query of an app's documents that name a contact.

        :param table: name of their table, which has a company
        :param customer: name of its column with the contact
        """
        return SQL(
            "SELECT document.id, partner.commercial_partner_id, document.company_id"
            " FROM %s document JOIN res_partner partner ON partner.id = %s",
            SQL.identifier(table),
            SQL.identifier("document", customer),
        )

    @property
    def _table_query(self):
        """Activities of each kind of document; who is no customer, such as our own people, is left out."""
        today = fields.Date.context_today(self)
        outsiders = SQL(" UNION ALL ").join(self.env["res.partner"]._customer_outsiders())
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT activity.id, COALESCE(NULLIF(activity.summary, ''), kind.name->>%(lang)s, kind.name->>'en_US')
                       AS summary, activity.activity_type_id, activity.user_id, activity.date_deadline,
                       CASE WHEN activity.date_deadline < %(today)s THEN 'overdue'
                            WHEN activity.date_deadline = %(today)s THEN 'today' ELSE 'planned' END AS due,
                       GREATEST(%(today)s::date - activity.date_deadline, 0) AS days_overdue,
                       document.commercial_partner_id, document.company_id, activity.res_model, activity.res_id
                  FROM mail_activity activity
                  JOIN (%(documents)s) document ON document.id = activity.res_id
                  LEFT JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
                 WHERE activity.res_model = %(model)s AND activity.active
                   AND document.commercial_partner_id IS NOT NULL
                   AND document.commercial_partner_id NOT IN (%(outsiders)s)
                """,
                today=today,
                lang=self.env.lang or "en_US",
                documents=documents,
                model=model,
                outsiders=outsiders,
            )
            for model, documents in self._activity_sources().items()
        )

    @api.readonly
    def action_open_document(self):
        """Show what the activity stands on, if the user may see it.

        :raise AccessError: when he may not
        """
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.res_model].browse(self.res_id)
        if self.res_model == "res.partner":
            return document.action_customer_open_file()
        document.check_access("read")
        return document.get_formview_action()
