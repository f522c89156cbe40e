import {Component, useRef, useState} from "@odoo/owl";
import {useAutofocus, useService} from "@web/core/utils/hooks";

import {CUSTOMER_LOGGED} from "./customer_timeline";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";
import {serializeDateTime} from "@web/core/l10n/dates";
import {usePopover} from "@web/core/popover/popover_hook";

const {DateTime} = luxon;

/** One line about a call, visit, letter or complaint that has just been. */
export class CustomerLogForm extends Component {
    static template = "crm_customer_db.CustomerLogForm";
    static components = {DateTimeInput, RecordSelector};
    static props = {
        kind: Object,
        customerId: Number,
        contactId: Number,
        save: Function,
        typed: Function,
        close: Function,
    };

    setup() {
        this.summary = useAutofocus({refName: "summary", mobile: true});
        this.state = useState({
            summary: "",
            direction: this.props.kind.direction,
            contactId: this.props.contactId,
            date: DateTime.local().startOf("second"),
            missing: false,
            saving: false,
        });
        this.dateFormat = localization.dateTimeFormat.replace(":ss", "");
        this.directions = [
            {name: "out", label: _t("To the customer")},
            {name: "in", label: _t("From the customer")},
        ];
    }

    get contactDomain() {
        return [["commercial_partner_id", "=", this.props.customerId]];
    }

    type(ev) {
        this.state.summary = ev.target.value;
        this.state.missing = false;
        this.props.typed(Boolean(ev.target.value.trim()));
    }

    async save() {
        const summary = this.state.summary.trim();
        if (!summary) {
            this.state.missing = true;
            this.summary.el.focus();
            return;
        }
        if (this.state.saving) {
            return;
        }
        this.state.saving = true;
        try {
            await this.props.save({
                kind: this.props.kind.name,
                direction: this.state.direction,
                summary,
                date: this.state.date ? serializeDateTime(this.state.date) : null,
                contact_id: this.state.contactId || this.props.contactId,
            });
        } finally {
            this.state.saving = false;
        }
        this.props.close();
    }
}

/**
 * The button *Log*: what it saves is on the server at once, and the form that it stands
 * on is neither saved nor read again.
 */
export class CustomerLogButton extends Component {
    static template = "crm_customer_db.CustomerLogButton";
    static components = {Dropdown, DropdownItem};
    static props = {kinds: Array, resId: Number, customerId: Number, contactId: Number};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.button = useRef("button");
        this.typed = false;
        this.popover = usePopover(CustomerLogForm, {
            position: "bottom-end",
            popoverClass: "o_customer_log_popover",
            role: "dialog",
            useBottomSheet: this.env.isSmall,
            // A click beside it must not lose what was typed.
            closeOnClickAway: () => !this.typed,
            onClose: () => this.button.el?.focus({preventScroll: true}),
        });
    }

    open(kind) {
        this.typed = false;
        // The menu gives the focus back to its button when it closes; then it is ours.
        setTimeout(() => {
            if (this.button.el) {
                this.popover.open(this.button.el, {
                    kind,
                    customerId: this.props.customerId,
                    contactId: this.props.contactId,
                    typed: (typed) => {
                        this.typed = typed;
                    },
                    save: (values) => this.save(kind, values),
                    close: () => this.popover.close(),
                });
            }
        });
    }

    async save(kind, values) {
        const {resId} = this.props;
        await this.orm.call("res.partner", "customer_log", [[resId]], values);
        this.notification.add(kind.done, {type: "success"});
        this.env.bus.trigger(CUSTOMER_LOGGED, {resId});
        this.env.bus.trigger("MAIL:RELOAD-THREAD", {model: "res.partner", id: resId});
    }
}
