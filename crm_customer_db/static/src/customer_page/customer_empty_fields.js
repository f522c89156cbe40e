import {Component, useEffect, useRef, useState} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useBus} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {user} from "@web/core/user";

export const SHOW_ALL = "customer_show_all_fields";
export const SHOW_ALL_CHANGED = "CRM_CUSTOMER_DB:SHOW_ALL_CHANGED";
/** Asks for a field to be shown and focused; whoever shows it notes so in `detail.shown`. */
export const REVEAL_FIELD = "CRM_CUSTOMER_DB:REVEAL_FIELD";
const INPUTS = "input, textarea, select, .o_field_x2many_list_row_add a";

function isEmpty(value) {
    if (value && typeof value === "object" && "count" in value && "records" in value) {
        return !value.count;
    }
    return value === false || value === null || value === undefined || value === "" || value === 0;
}

/**
 * The names of the empty fields of a group, as links that show and focus the field.
 *
 * Odoo's forms have no read mode, so a profile of forty fields would be forty empty
 * boxes. Which fields are empty is decided when a record is opened: a field that one is
 * just emptying does not vanish under the cursor.
 */
export class CustomerEmptyFields extends Component {
    static template = "crm_customer_db.CustomerEmptyFields";
    static props = {...standardWidgetProps, fields: {type: Array}};

    setup() {
        this.root = useRef("root");
        this.state = useState({
            resId: undefined,
            empty: [],
            absent: [],
            showAll: user.settings[SHOW_ALL],
        });
        this.focusField = null;
        useBus(this.env.bus, SHOW_ALL_CHANGED, ({detail}) => {
            this.state.showAll = detail;
            if (!detail) {
                this.findEmpty();
            }
        });
        useBus(this.env.bus, REVEAL_FIELD, ({detail}) => {
            if (detail.resId === this.props.record.resId && !detail.shown) {
                detail.shown = this.show(detail.name);
            }
        });
        this.findEmpty();
        // Odoo shows what it remembers of a record and then what the server says, and an
        // onchange fills fields: one that is filled is shown.
        useRecordObserver((record) => {
            const filled = this.props.fields.filter((name) => !isEmpty(record.data[name]));
            this.state.empty = this.state.empty.filter((name) => !filled.includes(name));
        });
        useEffect(() => {
            if (this.state.resId !== this.props.record.resId) {
                this.findEmpty();
            }
            this.toggleFields();
        });
    }

    findEmpty() {
        const {record} = this.props;
        this.state.resId = record.resId;
        this.state.empty = record.isNew
            ? []
            : this.props.fields.filter(
                  (name) => name in record.activeFields && isEmpty(record.data[name])
              );
    }

    get links() {
        if (this.state.showAll) {
            return [];
        }
        return this.state.empty
            .filter((name) => !this.state.absent.includes(name))
            .map((name) => ({name, label: this.props.record.fields[name].string}));
    }

    /** The cells that show a field on the form: its own and that of its label. */
    cellsOf(name) {
        const group = this.root.el?.closest(".o_inner_group");
        const cell = group?.querySelector(`[name="${name}"]`)?.closest(".o_cell");
        if (!cell) {
            return [];
        }
        const label = cell.previousElementSibling;
        return label?.classList.contains("o_wrap_label") ? [cell, label] : [cell];
    }

    toggleFields() {
        // Fields that the form does not show for this kind of customer get no link.
        const absent = this.props.fields.filter((name) => !this.cellsOf(name).length);
        if (absent.join() !== this.state.absent.join()) {
            this.state.absent = absent;
        }
        const hidden = new Set(this.state.showAll ? [] : this.state.empty);
        for (const name of this.props.fields) {
            for (const cell of this.cellsOf(name)) {
                cell.classList.toggle("o_customer_empty_field", hidden.has(name));
            }
        }
        if (this.focusField) {
            const [cell] = this.cellsOf(this.focusField);
            this.focusField = null;
            cell?.querySelector(INPUTS)?.focus();
        }
    }

    reveal(name) {
        this.focusField = name;
        this.state.empty = this.state.empty.filter((other) => other !== name);
    }

    /**
     * Show and focus a field of this group that may be filled already.
     *
     * @param {String} name
     * @returns {Boolean} whether it stands here
     */
    show(name) {
        const [cell] = this.props.fields.includes(name) ? this.cellsOf(name) : [];
        if (!cell) {
            return false;
        }
        this.reveal(name);
        this.toggleFields();
        cell.scrollIntoView({block: "center"});
        return true;
    }
}

/**
 * Show and focus a field of a form, wherever on it.
 *
 * @param {Object} env
 * @param {Number} resId
 * @param {String} name
 * @param {HTMLElement} form
 * @returns {Boolean} whether the form shows such a field
 */
export function revealField(env, resId, name, form) {
    const asked = {resId, name, shown: false};
    env.bus.trigger(REVEAL_FIELD, asked);
    if (asked.shown) {
        return true;
    }
    const inputs = [...form.querySelectorAll(`.o_field_widget[name="${name}"]`)]
        .map((widget) => (widget.matches(INPUTS) ? widget : widget.querySelector(INPUTS)))
        .filter((input) => input && input.offsetParent);
    inputs[0]?.scrollIntoView({block: "center"});
    inputs[0]?.focus();
    return Boolean(inputs.length);
}

registry.category("view_widgets").add("customer_empty_fields", {
    component: CustomerEmptyFields,
    extractProps: ({attrs}) => ({
        fields: attrs.fields.split(",").map((name) => name.trim()),
    }),
});

let saving = Promise.resolve();

/** The switch "Show all fields", kept per user. */
export class CustomerFieldSwitch extends Component {
    static template = "crm_customer_db.CustomerFieldSwitch";
    static props = {...standardWidgetProps};

    setup() {
        this.state = useState({showAll: Boolean(user.settings[SHOW_ALL])});
    }

    toggle() {
        const showAll = !this.state.showAll;
        this.state.showAll = showAll;
        this.env.bus.trigger(SHOW_ALL_CHANGED, showAll);
        user.updateUserSettings(SHOW_ALL, showAll);
        // One after the other: two answers of the server that overtake each other would
        // leave the switch the wrong way round.
        const save = () => user.setUserSettings(SHOW_ALL, showAll);
        saving = saving.then(save, save);
        return saving;
    }
}

registry.category("view_widgets").add("customer_field_switch", {
    component: CustomerFieldSwitch,
});
