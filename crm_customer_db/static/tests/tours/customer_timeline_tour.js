import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const FIRM = "Talleres del Tiempo";
const slot = (selector) => `.o_form_view .o_customer_timeline ${selector}`;
const kind = (name) => slot(`.o_customer_timeline_kinds button[data-kind='${name}']`);
const event = (word) => slot(`.o_customer_event:contains('${word}')`);
const noEvent = (word) =>
    `.o_form_view .o_customer_timeline:not(:has(.o_customer_event:contains('${word}')))`;
// Where the page was scrolled to, and that it is still the same page.
const seen = {};

function scroller() {
    let el = document.querySelector(".o_customer_timeline");
    while (
        el &&
        !(
            el.scrollHeight > el.clientHeight + 5 &&
            /auto|scroll/.test(getComputedStyle(el).overflowY)
        )
    ) {
        el = el.parentElement;
    }
    return el || document.scrollingElement;
}

// No step looks for a word that a translation changes.
registry.category("web_tour.tours").add("crm_customer_db_timeline", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
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
        {
            content: "Open the customer",
            trigger: `.o_data_row:contains('${FIRM}') .o_data_cell[name='complete_name']`,
            run: "click",
        },
        {
            content: "Twenty events are there, and what lies ahead above them",
            trigger: event("Pedido 24"),
            run() {
                const shown = document.querySelectorAll(
                    ".o_customer_timeline > .o_customer_event"
                ).length;
                if (shown !== 20) {
                    throw new Error(`${shown} events on the first page, 20 expected`);
                }
            },
        },
        {
            trigger: slot(
                ".o_customer_timeline_upcoming .o_customer_event:contains('Entrega prometida')"
            ),
        },
        {trigger: noEvent("Visita antigua")},
        {
            content: "Show more, by keyboard",
            trigger: slot("button.o_customer_timeline_next"),
            run() {
                this.anchor.focus();
                this.anchor.click();
            },
        },
        {trigger: event("Visita antigua")},
        {content: "Only purchases", trigger: kind("purchases"), run: "click"},
        {trigger: `${kind("purchases")}[aria-pressed='true']`},
        {trigger: noEvent("Visita antigua")},
        {
            content: "Unfold an order",
            trigger: `${event("Pedido 24")} .o_customer_event_unfold`,
            run: "click",
        },
        {
            content: "It has two lines",
            trigger: `${event("Pedido 24")} .o_customer_event_inside`,
            run() {
                if (this.anchor.children.length !== 2) {
                    throw new Error(`${this.anchor.children.length} lines, 2 expected`);
                }
            },
        },
        {content: "And surveys, of which there are none", trigger: kind("purchases"), run: "click"},
        {trigger: kind("surveys"), run: "click"},
        {trigger: slot(".o_customer_timeline_empty button"), run: "click"},
        {trigger: `${kind("surveys")}[aria-pressed='false']`},
        {content: "Further filters", trigger: slot(".o_customer_timeline_more"), run: "click"},
        {
            content: "Only from 100 upwards",
            trigger: slot("input.o_customer_timeline_amount"),
            run: "edit 100 && press Tab",
        },
        {trigger: noEvent("Pedido 4")},
        {trigger: event("Pedido 24")},
        {
            trigger: slot("input.o_customer_timeline_amount"),
            run: "edit xx && press Tab",
        },
        {content: "What is no number is marked", trigger: slot("input.is-invalid")},
        {
            trigger: slot("input.o_customer_timeline_amount"),
            run: "clear && press Tab",
        },
        {trigger: event("Pedido 23")},
        {
            content: "Write something that is not saved",
            trigger: ".o_form_view .o_field_widget[name='email'] input",
            run: "edit taller@example.com",
        },
        {
            content: "Log a call: the menu opens by keyboard",
            trigger: ".o_form_view button.o_customer_log",
            run() {
                const page = scroller();
                page.scrollTop = 40;
                Object.assign(seen, {
                    top: page.scrollTop,
                    form: document.querySelector(".o_form_view"),
                });
                this.anchor.focus({preventScroll: true});
            },
        },
        {
            trigger: ".o_form_view button.o_customer_log:focus",
            run() {
                // what Enter does to a button that has the focus
                this.anchor.click();
            },
        },
        {trigger: ".o-dropdown--menu [data-kind='call']"},
        {trigger: ".o_form_view button.o_customer_log", run: "press ArrowDown"},
        {trigger: ".o-dropdown--menu .focus[data-kind='call']", run: "press Enter"},
        {
            content: "The one line has the cursor",
            trigger: ".o_customer_log_form input.o_customer_log_summary",
            run() {
                if (document.activeElement !== this.anchor) {
                    throw new Error("The line does not have the cursor");
                }
            },
        },
        {
            content: "The key contact is chosen",
            trigger: ".o_customer_log_contact input:value('Berta')",
        },
        {
            content: "Enter saves",
            trigger: ".o_customer_log_form input.o_customer_log_summary",
            run: "edit Quiere diez cajas más && press Enter",
        },
        {trigger: "body:not(:has(.o_customer_log_form))"},
        {
            content: "It is on top of the timeline at once; the page has not moved",
            trigger: event("Quiere diez cajas más"),
            run() {
                const page = scroller();
                if (Math.abs(page.scrollTop - seen.top) > 2) {
                    throw new Error(`The page has scrolled from ${seen.top} to ${page.scrollTop}`);
                }
                if (document.querySelector(".o_form_view") !== seen.form) {
                    throw new Error("The page was opened again");
                }
            },
        },
        {
            content: "What was written is still there and not saved",
            trigger: ".o_form_view .o_field_widget[name='email'] input:value('taller@example.com')",
        },
        {trigger: ".o_form_view .o_form_button_save:visible"},
        {
            content: "A document that may be opened",
            trigger: `${event("Quiere diez cajas más")} .o_customer_event_open`,
            run: "click",
        },
        {
            content: "Leaving has saved what was written",
            trigger: "body:not(:has(.o_customer_timeline))",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:last",
            run: "click",
        },
        {trigger: event("Quiere diez cajas más")},
        {trigger: ".o_form_view .o_field_widget[name='email'] input:value('taller@example.com')"},
    ],
});
