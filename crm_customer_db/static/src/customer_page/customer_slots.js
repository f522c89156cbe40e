import {Component, useRef, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";

import {CUSTOMER_LOGGED} from "./customer_timeline";
import {CustomerLogButton} from "./customer_log";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {revealField} from "./customer_empty_fields";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";

/**
 * The slots of the page "Customer file" that are read when the page is looked at:
 * alerts, what is open, value, credit, next step and contacts.
 *
 * What a slot says comes from `res.partner.customer_page_slots`; a slot that has
 * nothing to say is not shown.
 */
export class CustomerSlots extends Component {
    static template = "crm_customer_db.CustomerSlots";
    static components = {CustomerLogButton};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({slots: {}, resId: false});
        this.boxes = [
            {name: "open", title: _t("What is open")},
            {name: "value", title: _t("Value")},
            {name: "credit", title: _t("Credit")},
            {name: "next_step", title: _t("Next step")},
        ];
        useBus(this.env.bus, CUSTOMER_LOGGED, ({detail}) => {
            if (detail.resId === this.loaded?.resId) {
                this.read();
            }
        });
        // Anew after a save, a change of page in the pager, and news from the server.
        useRecordObserver((record) => this.load(record));
    }

    async load({resId, data}) {
        const version = data.write_date;
        if (this.loaded && this.loaded.resId === resId && this.loaded.version === version) {
            return;
        }
        this.loaded = {resId, version};
        await this.read();
    }

    /** Read the slots, of which the form knows nothing: neither saved nor read itself. */
    async read() {
        const {loaded} = this;
        const asked = (this.asked = {});
        const slots = loaded.resId
            ? await this.orm.call("res.partner", "customer_page_slots", [[loaded.resId]])
            : {};
        // An answer that comes late, when another customer is looked at, is not shown.
        if (this.asked === asked) {
            this.state.slots = slots;
            this.state.resId = loaded.resId;
        }
    }

    lines(name) {
        return this.state.slots[name] || [];
    }

    /** Lines that are only a button: they stand beside the title. */
    buttons(name) {
        return this.lines(name).filter((line) => !line.value && !line.text);
    }

    sayings(name) {
        return this.lines(name).filter((line) => line.value || line.text);
    }

    get filledBoxes() {
        return this.boxes.filter(
            (box) =>
                this.lines(box.name).length || (box.name === "open" && this.lines("log").length)
        );
    }

    levelClass(line) {
        return line.level && line.level !== "info" ? `text-${line.level}` : "";
    }

    /** The link of a line: to a field of this form where it names one and the form has it. */
    press(line) {
        const form = this.root.el.closest(".o_form_view") || document;
        if (line.field && revealField(this.env, this.props.record.resId, line.field, form)) {
            return;
        }
        return this.run(line.method);
    }

    /**
     * Unsaved edits are saved before leaving or before a button that writes, as
     * Odoo's own form buttons do.
     */
    async run(method) {
        const record = this.props.record;
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        const action = await this.orm.call("res.partner", method, [[record.resId]]);
        if (action && action.type) {
            await this.action.doAction(action);
        } else {
            this.loaded = null;
            await record.load();
            await this.load(record);
        }
    }

    async openContact(line) {
        const contact = [[line.id]];
        const action = await this.orm.call("res.partner", "action_customer_open_file", contact);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("customer_slots", {
    component: CustomerSlots,
    fieldDependencies: [{name: "write_date", type: "datetime"}],
});
