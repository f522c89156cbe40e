"""What stands behind ``./dev``: a real Odoo 19 with these addons, without root and without Docker.

Standard library only, because it runs before anything is installed. What needs third-party packages
stands in ``devtools/inside`` and is executed by the Python of ``.dev/venv``.
"""
