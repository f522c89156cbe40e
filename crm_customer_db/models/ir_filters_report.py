from odoo import api, models


class IrFilters(models.Model):
    """Names of the favourites of the ready reports, in the reader's language."""

    _inherit = "ir.filters"

    @api.model
    def _customer_favourite_names(self):
        ours = "crm_customer_db"
        return {
            **super()._customer_favourite_names(),
            f"{ours}.crm_customer_metrics_favourite_territory": self.env._("Value classes by territory"),
            f"{ours}.crm_customer_metrics_favourite_stage": self.env._("Customers by stage and salesperson"),
            f"{ours}.crm_customer_metrics_favourite_priority": self.env._(
                "Ordered and invoiced in 12 months by priority and origin"
            ),
            f"{ours}.crm_customer_metrics_favourite_division": self.env._(
                "Ordered and invoiced in 12 months by division and territory"
            ),
            f"{ours}.crm_customer_metrics_favourite_section": self.env._(
                "Ordered in 12 months by section of activities and size"
            ),
            f"{ours}.crm_customer_metrics_favourite_late": self.env._(
                "Late to reorder: a year's purchases by salesperson"
            ),
            f"{ours}.crm_customer_metrics_favourite_strategy": self.env._("Customers by main strategy and salesperson"),
            f"{ours}.crm_customer_metrics_favourite_net": self.env._(
                "Ordered, cost to serve and what is left, by main strategy"
            ),
            f"{ours}.crm_customer_metrics_history_favourite_classes": self.env._("From class to class, last month"),
            f"{ours}.crm_customer_metrics_history_favourite_months": self.env._("Value classes month by month"),
            f"{ours}.crm_customer_metrics_history_favourite_stages": self.env._("Stages month by month"),
            f"{ours}.crm_customer_metrics_history_favourite_risk": self.env._(
                "Became at risk, by salesperson and month"
            ),
            f"{ours}.crm_customer_metrics_history_favourite_territory": self.env._(
                "Ordered in 12 months by territory, month by month"
            ),
            f"{ours}.crm_customer_metrics_history_favourite_strategy": self.env._("Main strategies month by month"),
            f"{ours}.crm_customer_purchase_favourite_user_month": self.env._("Sales by salesperson and month"),
            f"{ours}.crm_customer_purchase_favourite_user_totals": self.env._(
                "Ordered, invoiced and customers by salesperson"
            ),
            f"{ours}.crm_customer_purchase_favourite_user_customers": self.env._("Customers by salesperson and month"),
            f"{ours}.crm_customer_purchase_favourite_user_types": self.env._("Sales by salesperson and product type"),
            f"{ours}.crm_customer_interaction_favourite_chase_due": self.env._("Quotations that end first"),
            f"{ours}.crm_customer_interaction_favourite_chase_user": self.env._(
                "Open quotations by salesperson and month of expiry"
            ),
            f"{ours}.crm_customer_interaction_favourite_chase_expired": self.env._(
                "Open past their date, by salesperson"
            ),
            f"{ours}.crm_customer_interaction_favourite_chase_customer": self.env._("Open quotations by customer"),
            f"{ours}.crm_customer_activity_report_favourite_user": self.env._("Pending actions by salesperson"),
            f"{ours}.crm_customer_activity_report_favourite_mine": self.env._("My pending actions by week"),
            f"{ours}.crm_customer_activity_report_favourite_overdue": self.env._("Overdue by salesperson and kind"),
            f"{ours}.crm_customer_activity_report_favourite_customer": self.env._("Pending actions by customer"),
            f"{ours}.crm_customer_campaign_report_favourite_open": self.env._("Open campaigns: sent and answered"),
            f"{ours}.crm_customer_campaign_report_favourite_medium": self.env._("Open campaigns by medium"),
            f"{ours}.crm_customer_campaign_report_favourite_months": self.env._(
                "Campaigns of the last 12 months, by month"
            ),
            f"{ours}.crm_customer_campaign_report_favourite_money": self.env._(
                "What campaigns of the last 12 months cost and brought in"
            ),
        }
