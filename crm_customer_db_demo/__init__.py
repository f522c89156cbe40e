from .generator import generate


def post_init_hook(env):
    generate(env)


def uninstall_hook(env):
    """Leave the firm where it is: its documents can't be deleted, so its names shouldn't be.

    Without their external ids Odoo doesn't try to delete the customers with the addon.
    """
    env["ir.model.data"].search([("module", "=", __name__.split(".")[-1]), ("model", "=", "res.partner")]).unlink()
