import {Component, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/**
 * The slots of the page "Customer file" that are read when the page is looked at:
 * alerts, what is open, value, credit, next step, contacts and timeline.
 *
 * What a slot says comes from `res.partner.customer_page_slots`; a slot that has
 * nothing to say is not shown.
 */
export class CustomerSlots extends Component {
    static template = "crm_customer_db.CustomerSlots";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({slots: {}});
        this.boxes = [
            {name: "open", title: _t("What is open")},
            {name: "value", title: _t("Value")},
            {name: "credit", title: _t("Credit")},
            {name: "next_step", title: _t("Next step")},
        ];
        // Anew after a save, a change of page in the pager, and news from the server.
        useRecordObserver((record) => this.load(record));
    }

    async load({resId, data}) {
        const version = data.write_date;
        if (this.loaded && this.loaded.resId === resId && this.loaded.version === version) {
            return;
        }
        const loaded = {resId, version};
        this.loaded = loaded;
        const slots = resId
            ? await this.orm.call("res.partner", "customer_page_slots", [[resId]])
            : {};
        // An answer that comes late, when another customer is looked at, is not shown.
        if (this.loaded === loaded) {
            this.state.slots = slots;
        }
    }

    lines(name) {
        return this.state.slots[name] || [];
    }

    get filledBoxes() {
        return this.boxes.filter((box) => this.lines(box.name).length);
    }

    levelClass(line) {
        return line.level && line.level !== "info" ? `text-${line.level}` : "";
    }

    /**
     * Unsaved edits are saved before leaving or before a button that writes, as
     * Odoo's own form buttons do.
     */
    async run(line) {
        const record = this.props.record;
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        const action = await this.orm.call("res.partner", line.method, [[record.resId]]);
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

    openOrder(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: line.order || _t("Purchases"),
            res_model: "crm.customer.purchase",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", line.ids]],
        });
    }

    openPurchases() {
        return this.run({method: "action_customer_purchases"});
    }
}

registry.category("view_widgets").add("customer_slots", {
    component: CustomerSlots,
    fieldDependencies: [{name: "write_date", type: "datetime"}],
});
