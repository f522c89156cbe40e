"""What the web client would ask for a form, from the form's own arch."""

from lxml import etree


def read_specification(env, model_name, arch):
    """Specification of ``web_read`` for a form.

    Follows ``getFieldsSpec`` in ``relational_model/utils.js``: a record in a column is
    read with its name, a list of records with the fields of the view inside it.

    :param env: environment of the user
    :param model_name: str
    :param arch: str, as ``get_view`` returns it for that user
    :return: dict
    """
    tree = etree.fromstring(arch) if isinstance(arch, str) else arch
    model = env[model_name]
    specification = {}
    for node in _own_fields(tree):
        name = node.get("name")
        field = model._fields.get(name)
        if field is None or not model._has_field_access(field, "read"):
            continue
        entry = specification.setdefault(name, {})
        hidden = node.get("invisible") in ("1", "True")
        if field.type in ("many2one", "reference"):
            entry.setdefault("fields", {})
            if not hidden:
                entry["fields"]["display_name"] = {}
        elif field.type in ("one2many", "many2many") and not hidden:
            views = [child for child in node if child.tag in ("list", "kanban", "form")]
            for view in views[:1]:
                entry["fields"] = read_specification(env, field.comodel_name, view)
                entry["limit"] = int(view.get("limit") or 40)
            if not views and _widget_reads_names(node):
                entry["fields"] = {"display_name": {}}
    return specification


def _own_fields(tree):
    """Fields of a view that are not those of a view inside it."""
    for child in tree:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _own_fields(child)


def _widget_reads_names(node):
    return node.get("widget") in ("many2many_tags", "many2many_avatar_user", "many2many_checkboxes")
