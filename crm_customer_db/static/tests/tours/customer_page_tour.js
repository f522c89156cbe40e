import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const FIRM = "Talleres del Tour";
const NEW = "Nuevo del Tour";
const form = (selector) => `.o_form_view ${selector}`;
const field = (name) => form(`.o_field_widget[name='${name}']`);
const row = (name) => `.o_data_row:contains('${name}')`;
const emptyLink = (name) => form(`.o_customer_empty_fields button[data-field='${name}']`);

function openApp() {
    return [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open our app",
            trigger: ".o_app[data-menu-xmlid='crm_customer_db.menu_root']",
            run: "click",
        },
        {
            content: "The app opens on one's own customers; all of them are beside",
            trigger: "button[data-menu-xmlid='crm_customer_db.menu_customers']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='crm_customer_db.menu_customers_all']",
            run: "click",
        },
    ];
}

function openFirm() {
    return [
        {
            content: "Open the customer",
            trigger: `${row(FIRM)} .o_data_cell[name='complete_name']`,
            run: "click",
        },
        {
            content: "The form opens on our page",
            trigger: form(".nav-link.active[name='customer_file']"),
        },
    ];
}

function chooseInCell(name, shown, choice) {
    return [
        {
            content: `Edit ${name} of the first selected row`,
            trigger: `.o_data_row_selected:first td[name='${name}']`,
            run: "click",
        },
        {
            content: "Open the choices",
            trigger: `.o_selected_row .o_field_widget[name='${name}'] input`,
            run: "click",
        },
        ...choice,
        {
            content: "For all selected rows",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The list has been read again",
            trigger: `body:not(:has(.modal, .o_selected_row)) ${row(FIRM)} td[name='${name}']:contains('${shown}')`,
        },
        {trigger: `${row(NEW)} td[name='${name}']:contains('${shown}')`},
    ];
}

// No step looks for a word that a translation changes.
registry.category("web_tour.tours").add("crm_customer_db_page", {
    steps: () => [
        ...openApp(),
        ...openFirm(),
        {
            content: "Three of five contacts are key contacts, each with a phone to call",
            trigger: form(".o_customer_slots [name='customer_slot_contacts']:contains('Berta')"),
            run() {
                const slot = this.anchor;
                const phones = slot.querySelectorAll("a[href^='tel:']");
                if (phones.length !== 3) {
                    throw new Error(`${phones.length} key contacts with a phone, 3 expected`);
                }
            },
        },
        {trigger: form("[name='customer_slot_value'] button")},
        {trigger: form("[name='customer_slot_timeline'] .o_customer_event:contains('TOUR-1')")},
        {
            content: "A slot without anything to say is not there",
            trigger: form(".o_customer_slots:not(:has([name='customer_slot_credit']))"),
        },
        {
            content: "An empty field is a link",
            trigger: emptyLink("customer_trade_name"),
            run: "click",
        },
        {
            content: "The link shows the field and puts the cursor into it",
            trigger: `${field("customer_trade_name")} input`,
            async run(helpers) {
                if (document.activeElement !== this.anchor) {
                    throw new Error("The field that was asked for does not have the cursor");
                }
                await helpers.edit("El Puente");
            },
        },
        {trigger: form(`.o_customer_empty_fields:not(:has([data-field='customer_trade_name']))`)},
        ...stepUtils.saveForm(),
        {
            content: "Back to the list, which shows what was entered",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {trigger: `${row(FIRM)} td[name='customer_trade_name']:contains('El Puente')`},
        ...openFirm(),
        {
            content: "It is a filled field now",
            trigger: `${field("customer_trade_name")} input:value('El Puente')`,
        },
        {
            content: "A key contact opens on our page, too",
            trigger: form("[name='customer_slot_contacts'] button:contains('Berta')"),
            run: "click",
        },
        {trigger: ".o_last_breadcrumb_item:contains('Berta')"},
        {trigger: form(".nav-link.active[name='customer_file']")},
        {
            content: "Which says where the customer file is kept",
            trigger: form("[name='customer_slot_alerts'] button"),
        },
        {
            content: "Back to the company, with its own slots",
            trigger: `.breadcrumb-item a:contains('${FIRM}'), .o_back_button:contains('${FIRM}')`,
            run: "click",
        },
        {trigger: `.o_last_breadcrumb_item:contains('${FIRM}')`},
        {trigger: form("[name='customer_slot_contacts'] button:contains('Berta')")},
        {
            content: "Show all fields",
            trigger: form("#customer_show_all_fields:not(:checked)"),
            run: "click",
        },
        {trigger: field("customer_division_id")},
        {trigger: ".o_form_view:not(:has(.o_customer_empty_fields button))"},
        {
            content: "And only the filled ones again",
            trigger: form("#customer_show_all_fields:checked"),
            run: "click",
        },
        {trigger: emptyLink("customer_division_id")},
        {
            content: "A new customer shows all fields at once",
            trigger: ".o_form_button_create:enabled",
            run: "click",
        },
        {trigger: `${field("name")} input, ${field("name")} textarea`, run: `edit ${NEW}`},
        {trigger: `${field("customer_priority")} input`},
        {trigger: ".o_form_view:not(:has(.o_customer_empty_fields button))"},
        ...stepUtils.saveForm(),
        {
            content: "Once saved, what is empty folds away",
            trigger: emptyLink("customer_origin_id"),
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "The new customer is mine and in the file",
            trigger: `${row(NEW)} .o_list_record_selector input`,
            run: "click",
        },
        {trigger: `${row(FIRM)} .o_list_record_selector input`, run: "click"},
        ...chooseInCell("customer_priority", "B", [
            {trigger: ".o_select_menu_item:contains('B')", run: "click"},
        ]),
        ...chooseInCell("customer_territory_id", "TOUR", [
            {
                trigger: ".o_selected_row .o_field_widget[name='customer_territory_id'] input",
                run: "edit TOUR",
            },
            {trigger: ".o-autocomplete--dropdown-item:contains('TOUR')", run: "click"},
        ]),
    ],
});
