"""Write the dashboard *Customers* of ``crm_customer_db_dashboard``: python -m devtools.make_dashboard.

Odoo's own dashboards are drawn with its spreadsheet editor, which is not in the Community
edition. Here the same file is made from what is on it, so that it can be read and changed.
"""

import json
from pathlib import Path

FILE = Path(__file__).parents[1] / "crm_customer_db_dashboard" / "data" / "files" / "customers_dashboard.json"
METRICS, PURCHASE, COMPLAINT = "crm.customer.metrics", "crm.customer.purchase", "crm.customer.fulfilment"
SALESPERSON, TERRITORY = "salesperson", "territory"
# Filter → model → the way to what it filters by.
MATCHING = {
    SALESPERSON: {
        METRICS: "user_id",
        PURCHASE: "commercial_partner_id.user_id",
        COMPLAINT: "commercial_partner_id.user_id",
    },
    TERRITORY: {
        METRICS: "territory_id",
        PURCHASE: "commercial_partner_id.customer_territory_id",
        COMPLAINT: "commercial_partner_id.customer_territory_id",
    },
}
CUSTOMERS = [["lifecycle", "in", ["new", "active", "at_risk", "dormant"]]]
LATE = [["is_late", "=", True], ["amount_at_risk", ">", 0], ["lifecycle", "!=", "former"]]
SCORED = [["value_class_id", "!=", False]]
BOUGHT = [["amount_12m", "!=", 0]]
IN_STRATEGY = [["main_strategy_id", "!=", False]]
COMPLAINTS = [["kind", "=", "complaint"], ["state", "=", "open"]]
BEFORE = [["day", ">", "today -24m"], ["day", "<=", "today -12m"]]
# The row with the titles of the two lists, and how many customers each has.
LISTS, ROWS = 49, 10
TITLE, HEADER, LABEL, VALUE, NOTE, CAPTION = 1, 2, 3, 4, 5, 6
STYLES = {
    TITLE: {"textColor": "#01666b", "bold": True, "fontSize": 16},
    HEADER: {"textColor": "#434343", "bold": True, "fontSize": 11, "verticalAlign": "middle"},
    LABEL: {"textColor": "#01666B", "verticalAlign": "middle"},
    VALUE: {"textColor": "#434343", "verticalAlign": "middle"},
    NOTE: {"textColor": "#434343", "italic": True},
    CAPTION: {"bold": True},
}
COLUMNS = {"A": 260, "B": 130, "C": 130, "D": 30, "E": 260, "F": 130, "G": 130}
WIDTH = sum(COLUMNS.values())
HALF = COLUMNS["A"] + COLUMNS["B"] + COLUMNS["C"]
RIGHT = HALF + COLUMNS["D"]


def matching(model):
    """What the filters of the dashboard do to a source of data."""
    return {name: {"chain": chains[model], "type": "many2one"} for name, chains in MATCHING.items()}


def pivot(number, name, model, domain, measure):
    """A single figure: the sum, or the number, of rows."""
    return {
        "type": "ODOO",
        "id": number,
        "formulaId": number,
        "name": name,
        "model": model,
        "domain": domain,
        "context": {},
        "measures": [{"id": measure, "fieldName": measure}],
        "columns": [],
        "rows": [],
        "fieldMatching": matching(model),
    }


def scorecard(place, title, cell, colour, baseline=None, words=None, **more):
    """A figure at the top, the fourth part of the width."""
    width = (WIDTH - 30) // 4
    name = f"scorecard{place}"
    data = {
        "type": "scorecard",
        "title": {"text": title, "bold": True, "color": "#434343"},
        "background": colour,
        "keyValue": f"Data!{cell}",
        "humanize": True,
        "baselineMode": "percentage" if baseline else "text",
        "baselineColorUp": "#00A04A",
        "baselineColorDown": "#DC6965",
        "chartId": name,
        **({"baseline": f"Data!{baseline}"} if baseline else {}),
        **({"baselineDescr": {"text": words}} if baseline else {}),
        **more,
    }
    return figure(name, data, place * (width + 10), 1, width, 110)


def chart(name, kind, model, domain, groups, measure, left, row, order=None, **more):
    """Half the width: groups of one source."""
    data = {
        "type": f"odoo_{kind}",
        "title": {"text": ""},
        "background": "#FFFFFF",
        "legendPosition": "none",
        "metaData": {"groupBy": groups, "measure": measure, "order": order, "resModel": model, "mode": kind},
        "searchParams": {"context": {"group_by": []}, "domain": domain, "groupBy": groups, "orderBy": []},
        "dataSets": [{}],
        "verticalAxisPosition": "left",
        "stacked": False,
        "chartId": name,
        "fieldMatching": matching(model),
        **more,
    }
    return figure(name, data, left, row, HALF, 299)


def figure(name, data, left, row, width, height):
    """A drawing on the sheet, so far from its left edge and below so many rows."""
    return {
        "id": name,
        "tag": "chart",
        "data": data,
        "width": width,
        "height": height,
        "col": 0,
        "row": row,
        "offset": {"x": left, "y": 5},
    }


def records(number, name, domain, columns, order):
    """The rows of a list."""
    return {
        "id": number,
        "name": name,
        "model": METRICS,
        "domain": domain,
        "context": {},
        "columns": columns,
        "orderBy": [{"name": field, "asc": ascending} for field, ascending in order],
        "fieldMatching": matching(METRICS),
    }


def list_cells(number, columns, letters, row):
    """The formulas that show a list."""
    cells = {
        f"{letter}{row}": f'=ODOO.LIST.HEADER({number},"{name}")' for letter, name in zip(letters, columns, strict=True)
    }
    for place in range(1, ROWS + 1):
        for letter, name in zip(letters, columns, strict=True):
            cells[f"{letter}{row + place}"] = f'=ODOO.LIST({number},{place},"{name}")'
    return cells


def link(title, menu):
    """A title that opens a menu."""
    return f"[{title}](odoo://ir_menu_xml_id/crm_customer_db.{menu})"


def dashboard():
    """All of it, as a dict."""
    top = ["commercial_partner_id", "value_class_id", "amount_12m"]
    late = ["commercial_partner_id", "next_purchase_due", "amount_at_risk"]
    titles = {
        7: ("Customers by value class", "Customers by stage"),
        21: ("Ordered by month", "Ordered in 12 months by territory"),
        35: ("Customers by main strategy", "Ordered in 12 months by main strategy"),
    }
    menus = {
        7: ("menu_reporting_metrics",) * 2,
        21: ("menu_reporting_sales", "menu_reporting_metrics"),
        35: ("menu_strategies",) * 2,
    }
    cells = {
        "A1": '=IF(Data!B1=0,_t("No figures yet: they appear here within a minute after the first order, invoice or delivery."),"")'
    }
    for row, (left, right) in titles.items():
        cells |= {f"A{row}": link(left, menus[row][0]), f"E{row}": link(right, menus[row][1])}
    cells |= {
        f"A{LISTS}": link("Top customers", "menu_reporting_metrics"),
        f"E{LISTS}": link("Late to reorder", "menu_customers_mine"),
    }
    cells |= list_cells(1, top, "ABC", LISTS + 1) | list_cells(2, late, "EFG", LISTS + 1)
    last = LISTS + 1 + ROWS
    sheet = {
        "id": "customers",
        "name": "Customers",
        "colNumber": len(COLUMNS),
        "rowNumber": last + 2,
        "rows": {str(row - 1): {"size": 40} for row in (*titles, LISTS)}
        | {str(row - 1): {"size": 28} for row in range(LISTS + 1, last + 1)},
        "cols": {str(place): {"size": size} for place, size in enumerate(COLUMNS.values())},
        "merges": [],
        "cells": cells,
        "styles": {
            "A1": NOTE,
            **{f"{letter}{row}": TITLE for letter in "AE" for row in (*titles, LISTS)},
            **dict.fromkeys((f"A{LISTS + 1}:C{LISTS + 1}", f"E{LISTS + 1}:G{LISTS + 1}"), HEADER),
            **{f"{letter}{LISTS + 2}:{letter}{last}": LABEL for letter in "AE"},
            **{f"{zone[0]}{LISTS + 2}:{zone[1]}{last}": VALUE for zone in ("BC", "FG")},
        },
        "formats": {},
        "borders": {
            f"{zone[0]}{row}:{zone[1]}{row}": 1 for zone in ("AC", "EG") for row in (*titles, LISTS, LISTS + 1)
        },
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [
            scorecard(0, "Customers (not former)", "B1", "#EFF6FF"),
            scorecard(1, "Ordered in 12 months", "B2", "#EFF6FF", baseline="B5", words="on the 12 months before"),
            scorecard(2, "A year at risk (late)", "B3", "#FFF7ED"),
            scorecard(3, "Open complaints", "B4", "#FFF7ED"),
            chart("classes", "bar", METRICS, SCORED, ["value_class_id"], "__count", 0, 7),
            chart(
                "stages",
                "pie",
                METRICS,
                [["lifecycle", "!=", False]],
                ["lifecycle"],
                "__count",
                RIGHT,
                7,
                legendPosition="right",
            ),
            chart(
                "months", "line", PURCHASE, [["is_recent", "=", True]], ["day:month"], "amount", 0, 21, fillArea=True
            ),
            chart("territories", "bar", METRICS, BOUGHT, ["territory_id"], "amount_12m", RIGHT, 21, order="DESC"),
            chart("strategies", "bar", METRICS, IN_STRATEGY, ["main_strategy_id"], "__count", 0, 35, horizontal=True),
            chart("stake", "bar", METRICS, IN_STRATEGY, ["main_strategy_id"], "amount_12m", RIGHT, 35, horizontal=True),
        ],
        "tables": [],
        "areGridLinesVisible": False,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }
    names = (
        "Customers",
        "Ordered in 12 months",
        "A year's purchases at risk",
        "Open complaints",
        "The 12 months before",
    )
    data = {
        **{key: [] for key in ("merges", "conditionalFormats", "dataValidationRules", "figures", "tables")},
        **{key: {} for key in ("rows", "formats", "borders", "comments")},
        "id": "data",
        "name": "Data",
        "colNumber": 4,
        "rowNumber": 10,
        "cols": {"0": {"size": 220}},
        "cells": {
            **{f"A{row}": f'=_t("{name}")' for row, name in enumerate(names, 1)},
            "B1": '=PIVOT.VALUE(1,"__count")',
            "B2": '=PIVOT.VALUE(2,"amount_12m")',
            "B3": '=PIVOT.VALUE(3,"amount_at_risk")',
            "B4": '=PIVOT.VALUE(4,"__count")',
            "B5": '=PIVOT.VALUE(5,"amount")',
        },
        "styles": {"A1:A5": CAPTION},
        "areGridLinesVisible": True,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
    }
    pivots = (
        ("Customers", METRICS, CUSTOMERS, "__count"),
        ("Ordered in 12 months", METRICS, [], "amount_12m"),
        ("At risk", METRICS, LATE, "amount_at_risk"),
        ("Open complaints", COMPLAINT, COMPLAINTS, "__count"),
        ("The 12 months before", PURCHASE, BEFORE, "amount"),
    )
    return {
        "version": "18.5.10",
        "sheets": [sheet, data],
        "styles": {str(number): style for number, style in STYLES.items()},
        "formats": {},
        "borders": {"1": {"bottom": {"style": "thin", "color": "#CCCCCC"}}},
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": {str(number): pivot(str(number), *values) for number, values in enumerate(pivots, 1)},
        "pivotNextId": len(pivots) + 1,
        "customTableStyles": {},
        "globalFilters": [
            {"id": SALESPERSON, "type": "relation", "label": "Salesperson", "modelName": "res.users"},
            {"id": TERRITORY, "type": "relation", "label": "Territory", "modelName": "crm.customer.territory"},
        ],
        "lists": {
            "1": records("1", "Top customers", BOUGHT, top, [("amount_12m", False)]),
            "2": records("2", "Late to reorder", LATE, late, [("amount_at_risk", False)]),
        },
        "listNextId": 3,
        "chartOdooMenusReferences": {
            "scorecard0": "crm_customer_db.menu_reporting_metrics",
            "scorecard1": "crm_customer_db.menu_reporting_sales",
            "scorecard2": "crm_customer_db.menu_customers_mine",
            "scorecard3": "crm_customer_db.menu_fulfilment_complaints",
            "classes": "crm_customer_db.menu_reporting_metrics",
            "stages": "crm_customer_db.menu_reporting_metrics",
            "months": "crm_customer_db.menu_reporting_sales",
            "territories": "crm_customer_db.menu_reporting_metrics",
            "strategies": "crm_customer_db.menu_strategies",
            "stake": "crm_customer_db.menu_strategies",
        },
    }


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(dashboard(), indent=4) + "\n")
