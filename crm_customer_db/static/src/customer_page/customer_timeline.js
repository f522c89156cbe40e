import {Component, useRef, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {useBus, useService} from "@web/core/utils/hooks";

import {SelectMenu} from "@web/core/select_menu/select_menu";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";

const {DateTime} = luxon;

// Something was logged with a customer: {resId}.
export const CUSTOMER_LOGGED = "CRM_CUSTOMER_DB:LOGGED";

/**
 * What happened with the customer, newest first, twenty at a time.
 *
 * It is read after the form, and again after a save and after something was logged. What
 * is unfolded and how far one has come stays as it is then.
 */
export class CustomerTimeline extends Component {
    static template = "crm_customer_db.CustomerTimeline";
    static components = {SelectMenu};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.amountInput = useRef("amount");
        this.kinds = [
            {name: "requests", label: _t("Requests & quotations"), icon: "fa-question-circle-o"},
            {name: "contact", label: _t("Conversations"), icon: "fa-comments-o"},
            {name: "purchases", label: _t("Purchases"), icon: "fa-shopping-cart"},
            {name: "marketing", label: _t("Marketing"), icon: "fa-bullhorn"},
            {name: "fulfilment", label: _t("Deliveries & incidents"), icon: "fa-truck"},
            {name: "surveys", label: _t("Surveys"), icon: "fa-check-square-o"},
            {name: "notes", label: _t("Notes"), icon: "fa-sticky-note-o"},
        ];
        this.menuLabels = {
            channel_id: _t("Channel"),
            campaign_id: _t("Campaign"),
            user_id: _t("Who"),
        };
        this.state = useState({
            resId: undefined,
            loading: true,
            rows: [],
            before: false,
            upcoming: [],
            moreUpcoming: false,
            hidden: false,
            kinds: [],
            filters: {},
            showFilters: false,
            badAmount: false,
            menus: null,
            inside: {},
        });
        useBus(this.env.bus, CUSTOMER_LOGGED, ({detail}) => {
            if (detail.resId === this.state.resId) {
                this.load();
            }
        });
        useRecordObserver(({resId, data}) => this.follow(resId, data.write_date));
    }

    /** Show another customer, or the same one as it was saved. */
    async follow(resId, version) {
        const other = resId !== this.state.resId;
        if (!other && version?.ts === this.version?.ts) {
            return;
        }
        this.version = version;
        if (other) {
            Object.assign(this.state, {
                resId,
                loading: true,
                rows: [],
                before: false,
                upcoming: [],
                moreUpcoming: false,
                hidden: false,
                menus: null,
                inside: {},
                filters: {},
                kinds: [],
                badAmount: false,
            });
            if (this.state.showFilters) {
                this.loadMenus();
            }
        }
        await this.load();
    }

    get filters() {
        const {filters, kinds} = this.state;
        return kinds.length ? {...filters, kinds: [...kinds]} : {...filters};
    }

    get isFiltered() {
        return this.state.kinds.length > 0 || this.filterCount > 0;
    }

    get filterCount() {
        return Object.keys(this.state.filters).length;
    }

    call(method, args = {}) {
        return this.orm.call("res.partner", method, [[this.state.resId]], args);
    }

    /**
     * Read the first page.
     *
     * @param {Boolean} [keep] whether older rows that are shown already stay
     */
    async load(keep = true) {
        const {resId} = this.state;
        if (!resId) {
            this.state.loading = false;
            return;
        }
        // An answer that comes late, when something else was asked, is not shown.
        const asked = (this.asked = {});
        const page = await this.call("customer_timeline_page", {filters: this.filters});
        if (asked !== this.asked) {
            return;
        }
        let {rows, before} = page;
        if (keep && before && this.state.rows.length > rows.length) {
            const last = rows[rows.length - 1];
            const at = this.state.rows.findIndex((row) => row.key === last.key);
            if (at >= 0) {
                rows = rows.concat(this.state.rows.slice(at + 1));
                before = this.state.before;
            }
        }
        Object.assign(this.state, {
            loading: false,
            rows,
            before,
            upcoming: page.upcoming,
            moreUpcoming: page.more_upcoming,
            hidden: Boolean(page.hidden),
        });
    }

    async loadMore() {
        const asked = this.asked;
        const {before} = this.state;
        const page = await this.call("customer_timeline_page", {before, filters: this.filters});
        if (asked === this.asked && before === this.state.before) {
            this.state.rows.push(...page.rows);
            this.state.before = page.before;
        }
    }

    async loadUpcoming() {
        const asked = this.asked;
        const page = await this.call("customer_timeline_upcoming", {filters: this.filters});
        if (asked === this.asked) {
            this.state.upcoming = page.upcoming;
            this.state.moreUpcoming = false;
        }
    }

    // Filters

    toggleKind(name) {
        const {kinds} = this.state;
        this.state.kinds = kinds.includes(name)
            ? kinds.filter((kind) => kind !== name)
            : [...kinds, name];
        return this.load(false);
    }

    showEverything() {
        Object.assign(this.state, {kinds: [], filters: {}, badAmount: false});
        return this.load(false);
    }

    toggleFilters() {
        this.state.showFilters = !this.state.showFilters;
        return this.loadMenus();
    }

    async loadMenus() {
        if (this.state.menus || !this.state.resId) {
            return;
        }
        const {resId} = this.state;
        const menus = await this.call("customer_timeline_filters");
        if (resId === this.state.resId) {
            this.state.menus = menus;
        }
    }

    /** The menus that have something to choose. */
    get menus() {
        const found = this.state.menus || {};
        return Object.entries(this.menuLabels)
            .filter(([name]) => found[name]?.length)
            .map(([name, label]) => ({
                name,
                label,
                choices: found[name].map((choice) => ({value: choice.id, label: choice.name})),
            }));
    }

    setFilter(name, value) {
        const filters = {...this.state.filters};
        if (value || value === 0) {
            filters[name] = value;
        } else {
            delete filters[name];
        }
        this.state.filters = filters;
        return this.load(false);
    }

    setAmount(ev) {
        const text = ev.target.value.trim();
        try {
            const amount = text ? parseFloat(text) : null;
            this.state.badAmount = false;
            return this.setFilter("amount_min", amount);
        } catch {
            this.state.badAmount = true;
        }
    }

    get amountText() {
        const {amount_min: amount} = this.state.filters;
        return amount === undefined ? "" : formatFloat(amount, {trailingZeros: false});
    }

    // What is shown

    /** Rows under a heading for each day, in the time zone of the user. */
    get days() {
        const days = [];
        for (const row of this.state.rows) {
            const date = deserializeDateTime(row.date);
            const key = date.toISODate();
            if (!days.length || days[days.length - 1].key !== key) {
                days.push({key, title: this.dayTitle(date), rows: []});
            }
            days[days.length - 1].rows.push(row);
        }
        return days;
    }

    /**
     * @param {DateTime} date
     * @param {String} [month] how its month is written
     * @returns {String} today, yesterday, tomorrow or the date
     */
    dayTitle(date, month = "long") {
        const ago = DateTime.local().startOf("day").diff(date.startOf("day"), "days").days;
        const named = {0: _t("Today"), 1: _t("Yesterday"), [-1]: _t("Tomorrow")}[Math.round(ago)];
        if (named) {
            return named;
        }
        const format = {weekday: "short", day: "numeric", month};
        if (date.year !== DateTime.local().year) {
            format.year = "numeric";
        }
        return date.toLocaleString(format);
    }

    upcomingDay(row) {
        const date = row.due ? deserializeDate(row.due) : deserializeDateTime(row.date);
        const day = this.dayTitle(date, "short");
        return row.due || !row.has_time ? day : `${day}, ${this.time(row)}`;
    }

    time(row) {
        return deserializeDateTime(row.date).toLocaleString(DateTime.TIME_SIMPLE);
    }

    moment(row) {
        return formatDateTime(deserializeDateTime(row.date));
    }

    directionTitle(row) {
        return row.direction === "in" ? _t("From the customer") : _t("To the customer");
    }

    /** Who and where, in the order of their weight. */
    about(row) {
        return [row.contact, row.user, row.channel, row.campaign, row.company].filter(Boolean);
    }

    unfoldLabel(row) {
        return (
            {
                "crm.customer.purchase": _t("Lines"),
                "crm.customer.marketing.action": _t("Responses"),
                "crm.customer.survey.answer": _t("Answers"),
                "mail.message": _t("Read all"),
            }[row.model] || _t("More")
        );
    }

    async toggle(row) {
        const {inside} = this.state;
        if (inside[row.key]) {
            delete inside[row.key];
        } else if (row.text) {
            inside[row.key] = {text: row.text, lines: []};
        } else {
            const found = await this.orm.call("crm.customer.timeline", "customer_event_lines", [
                [row.id],
            ]);
            inside[row.key] = found;
        }
    }

    // Opening

    canOpen(row) {
        return row.open && row.open !== "here";
    }

    async open(row) {
        if (!(await this.leave())) {
            return;
        }
        if (row.open === "document") {
            const action = await this.orm.call(row.model, "action_open_document", [[row.id]]);
            return this.action.doAction(action);
        }
        if (row.open === "contact") {
            const contact = [[row.contact_id]];
            const action = await this.orm.call("res.partner", "action_customer_open_file", contact);
            return this.action.doAction(action);
        }
        const dialog = row.model === "mail.activity";
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: row.model,
                res_id: row.id,
                views: [[false, "form"]],
                target: dialog ? "new" : "current",
            },
            dialog ? {onClose: () => this.load()} : {}
        );
    }

    async openPurchases() {
        if (await this.leave()) {
            return this.action.doAction(await this.call("action_customer_purchases"));
        }
    }

    /** Unsaved edits are saved before leaving, as Odoo's own buttons do. */
    async leave() {
        const {record} = this.props;
        return !(await record.isDirty()) || record.save();
    }
}

registry.category("view_widgets").add("customer_timeline", {
    component: CustomerTimeline,
    fieldDependencies: [{name: "write_date", type: "datetime"}],
});
