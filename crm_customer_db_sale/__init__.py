from . import models


def post_init_hook(env):
    """Bring in what Odoo had before orders were known here: their words, and what they say of customers.

    Words that orders have from the abstract models of the invoicing addon are in that addon's translations, and
    figures that were there before know nothing of quotations.
    """
    env["crm.customer.metrics"]._mark_ordered()
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["crm_customer_db_account"], languages)


def uninstall_hook(env):
    """Odoo's own tables tell us nothing any more."""
    env["crm.customer.metrics.queue"]._unwatch(("sale_order", "sale_order_line"))
