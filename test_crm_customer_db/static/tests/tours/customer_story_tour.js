import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const FIRM = "Talleres Olid";
// What happened, newest first: words of the event, its badges, a field of the document behind it.
const STORY = [
    {words: "Compra", field: "lines"},
    {words: "Satisfacción", field: "user_input_line_ids"},
    {words: "Rebajas de primavera", badges: ["Hizo clic", "Se dio de baja"], field: "subject"},
    {words: "Impago", badges: ["Pagado", "34 días de retraso"], field: "invoice_line_ids"},
    {words: "Devolución", badges: ["Hecho"], field: "move_ids"},
    {words: "Entrega", badges: ["Entregado", "4 días de retraso"], field: "move_ids"},
    {words: "Compra", field: "order_line"},
    {words: "Presupuesto", badges: ["Aceptado"], field: "order_line"},
];
const EVENT = ".o_form_view .o_customer_timeline > .o_customer_event";

function openCustomer() {
    return [
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
    ];
}

function tell(story) {
    return {
        content: "These events, in this order, with their outcomes",
        trigger: `${EVENT}:eq(${story.length - 1})`,
        run() {
            const events = [...document.querySelectorAll(EVENT)];
            const told = events.map((event) => ({
                words: event.querySelector(".o_customer_event_words").innerText,
                badges: [...event.querySelectorAll(".badge")].map((badge) =>
                    badge.innerText.trim()
                ),
            }));
            const wrong =
                told.length !== story.length ||
                told.findIndex(
                    ({words, badges}, number) =>
                        !words.includes(story[number].words) ||
                        badges.join() !== (story[number].badges || []).join()
                ) !== -1;
            if (wrong) {
                throw new Error(`The timeline tells: ${JSON.stringify(told)}`);
            }
        },
    };
}

function visit({words, field}, number) {
    return [
        {
            content: `Open: ${words}`,
            trigger: `${EVENT}:eq(${number}) .o_customer_event_open`,
            run: "click",
        },
        {trigger: `.o_form_view:not(:has(.o_customer_timeline)) .o_field_widget[name='${field}']`},
        {
            content: "Back to the customer",
            trigger: ".o_back_button, .breadcrumb-item a:last",
            run: "click",
        },
        {trigger: `${EVENT}:eq(${STORY.length - 1})`},
    ];
}

registry.category("web_tour.tours").add("crm_customer_db_story", {
    steps: () => [...openCustomer(), tell(STORY), ...STORY.flatMap(visit)],
});

// Who only reads the customer file: the words, a lock, and no way in.
registry.category("web_tour.tours").add("crm_customer_db_story_words", {
    steps: () => [
        ...openCustomer(),
        tell(STORY.filter(({words}) => words !== "Satisfacción")),
        {trigger: `${EVENT} .o_customer_event_closed`},
        {trigger: ".o_customer_timeline:not(:has(.o_customer_event_open))"},
    ],
});
