import {registry} from "@web/core/registry";

const FIRM = "Talleres Olid";
const approval = (kind) => `.o_form_view [name='customer_credit_approval'] .text-bg-${kind}`;
const dialog = (selector) => `.modal:not(.o_inactive_modal) ${selector}`;
const button = (name) => `.o_form_view button[name='${name}']:enabled`;

// Give the reason in the dialog and confirm it.
function because(reason) {
    return [
        {trigger: dialog("[name='reason'] input"), run: `edit ${reason}`},
        {trigger: dialog("button[name='action_confirm']"), run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ];
}

// No step looks for a word that a translation changes.
registry.category("web_tour.tours").add("crm_customer_db_credit_salesperson", {
    steps: () => [
        {
            content: "The situation stands under the customer, in words without figures",
            trigger: ".o_form_view div[name='customer_credit'] .badge",
        },
        {content: "It is over the limit", trigger: approval("danger")},
        {trigger: button("action_confirm"), run: "click"},
        {
            content: "It is refused, in a sentence that names the customer",
            trigger: dialog(`.modal-body:contains('${FIRM}')`),
        },
        {trigger: dialog(".modal-footer button"), run: "click"},
        {trigger: button("action_customer_credit_ask"), run: "click"},
        ...because("Buen cliente"),
        {content: "The accountant is asked", trigger: approval("warning")},
    ],
});

registry.category("web_tour.tours").add("crm_customer_db_credit_accountant", {
    steps: () => [
        {
            content: "What waits for a decision",
            trigger: `.o_data_row:contains('${FIRM}') .o_data_cell[name='document_name']`,
            run: "click",
        },
        {
            content: "Why it is asked",
            trigger: ".o_form_view [name='asked_reason']:contains('Buen cliente')",
        },
        {trigger: button("action_approve"), run: "click"},
        ...because("Aval bancario"),
        {trigger: ".o_form_view .o_arrow_button_current[data-value='approved']"},
    ],
});

registry.category("web_tour.tours").add("crm_customer_db_credit_confirm", {
    steps: () => [
        {trigger: approval("success")},
        {trigger: button("action_confirm"), run: "click"},
        {trigger: ".o_form_view .o_arrow_button_current[data-value='sale']"},
    ],
});

registry.category("web_tour.tours").add("crm_customer_db_dunning", {
    steps: () => [
        {
            content: "From the list of the credit situation",
            trigger: `.o_data_row:contains('${FIRM}') button[name='action_customer_dunning']`,
            run: "click",
        },
        {trigger: dialog("[name='promised_on'] input"), run: "edit 10/10/2030"},
        {trigger: dialog("[name='amount'] input"), run: "edit 40 && press Tab"},
        {trigger: dialog("button[name='action_confirm']"), run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            content: "And what he owes, by due date",
            trigger: `.o_data_row:contains('${FIRM}') button[name='action_open_items']`,
            run: "click",
        },
        {
            content: "The invoice says that it is promised",
            trigger: ".o_data_row .o_data_cell[name='customer_unpaid_why']:contains('2030')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_customer_db_promises", {
    steps: () => [
        {
            content: "Open the promise",
            trigger: `.o_data_row:contains('${FIRM}') .o_data_cell[name='commercial_partner_id']`,
            run: "click",
        },
        {trigger: ".o_form_view [name='amount']:contains('40')"},
        {trigger: ".o_form_view [name='invoice_ids'] .o_data_row"},
        {content: "It is on his list of things to do", trigger: ".o-mail-Chatter .o-mail-Activity"},
    ],
});
