from datetime import datetime
from typing import NamedTuple

import pytz

from odoo import models

from ..tools import cell_format
from ..tools.customer_key import normalised
from .crm_customer_import_target import CUSTOMER

YES = {"1", "true", "yes", "y", "si", "s", "x", "verdadero"}
NO = {"0", "false", "no", "n", "falso"}


class Converted(NamedTuple):
    """Rows in the words of the loader.

    :param columns: names of the columns, as the loader knows them
    :param values: dict id of the row → list of values, in the order of ``columns``
    :param keys: dict id of the row → dict of a name of ``CUSTOMER`` and a text
    :param faults: dict id of the row → list of (header, sentence)
    """

    columns: list
    values: dict
    keys: dict
    faults: dict


class CrmCustomerImport(models.Model):
    """From what a file says to what the loader of facts takes."""

    _inherit = "crm.customer.import"

    def _convert(self, rows):
        """Read the cells of some rows.

        :param rows: list of (id, line, list of cells, fault)
        :return: ``Converted``
        """
        targets = self._targets(self.kind)
        mapped = [(column, targets[column.target]) for column in self.column_ids if column.target in targets]
        faults = {id_: [("", self._fault_words(fault))] for id_, _line, _cells, fault in rows if fault}
        good = [(id_, cells) for id_, _line, cells, fault in rows if not fault]
        keys = {id_: {} for id_, _cells in good}
        columns, table = [], []
        for column, target in mapped:
            place = column.sequence
            cells = [row[place] for _id, row in good]
            if target.name in CUSTOMER:
                for (id_, _row), cell in zip(good, cells, strict=True):
                    if text := cell.strip():
                        keys[id_][target.name] = text
            elif target.name != "reference":
                columns.append(target.name)
                table.append(self._convert_column(column, target, good, cells, faults))
        lists = map(list, zip(*table, strict=True)) if table else ([] for _row in good)
        values = dict(zip((id_ for id_, _row in good), lists, strict=True))
        return Converted(columns, values, keys, faults)

    def _convert_column(self, column, target, good, cells, faults):
        """Values of one column; what can't be read is empty, and a fault of its row."""
        read = self._reader(target)
        known = {"": None}
        result = []
        for (id_, _row), cell in zip(good, cells, strict=True):
            text = cell.strip()
            if text not in known:
                known[text] = read(text)
            value = known[text]
            if value is None and text:
                faults.setdefault(id_, []).append((column.header, self._unread_words(target, text)))
            result.append(value)
        return result

    def _reader(self, target):
        """How a cell is read: a function of a text that is not empty, None where it is nothing of the kind."""
        mark, shape = self.decimal_mark or "comma", self.day_shape or "dd_mm_yyyy"

        def choice(text):
            return target.choices.get(normalised(text))

        def boolean(text):
            word = normalised(text)
            return True if word in YES else False if word in NO else None

        def integer(text):
            whole, _point, part = (cell_format.read_number(text, mark) or "").partition(".")
            return None if part.strip("0") else whole or None

        return {
            "text": lambda text: text,
            "number": lambda text: cell_format.read_number(text, mark),
            "integer": integer,
            "day": lambda text: (cell_format.read_day(text, shape) or "")[:10] or None,
            "moment": lambda text: self._local_moment(cell_format.read_day(text, shape)),
            "choice": choice,
            "boolean": boolean,
        }[target.type]

    def _local_moment(self, text):
        """A time of a file is one of the place where the company is."""
        if text is None or len(text) == 10:
            return text
        zone = self.env["crm.customer.fact"]._fact_zone(self.company_id)
        return _with_zone(text, zone)

    # --------------------------------------------------------------------------- words

    def _fault_words(self, fault):
        """The sentence for what is wrong with a line as such."""
        code, _blank, line = fault.partition(" ")
        return {
            "twice": self.env._("The reference is that of line %s already.", line),
            "quote": self.env._("A quotation mark is opened and not closed, or there is something after it."),
            "cell": self.env._("A cell is longer than 130 000 characters."),
            "width": self.env._("The row does not have as many cells as there are columns."),
            "nul": self.env._("A cell has a character that can't be kept (NUL)."),
        }.get(code, fault)

    def _unread_words(self, target, text):
        """The sentence for a cell that can't be read."""
        shown = text[:80]
        if target.type in ("number", "integer"):
            like = dict(self._fields["decimal_mark"].selection)[self.decimal_mark or "comma"]
            words = self.env._("“%(value)s” is not a number written like %(like)s.", value=shown, like=like)
        elif target.type in ("day", "moment"):
            like = cell_format.DAYS[self.day_shape or "dd_mm_yyyy"]
            words = self.env._("“%(value)s” is not a day written like %(like)s.", value=shown, like=like)
        elif target.type == "choice":
            words = self.env._("“%(value)s” is not one of the possible values. %(hint)s", value=shown, hint=target.hint)
        else:
            words = self.env._("“%s” is neither yes nor no.", shown)
        return words


def _with_zone(text, zone):
    """A local time as the loader reads it, in UTC.

    :param text: str ``YYYY-MM-DD HH:MM:SS``
    :param zone: name of a time zone
    """
    moment = pytz.timezone(zone).localize(datetime.fromisoformat(text))
    return moment.astimezone(pytz.utc).strftime("%Y-%m-%d %H:%M:%S")
