import {onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

// Milliseconds between two looks at an import that goes on in the background.
const INTERVAL = 2000;

/** The progress of an import: it moves by itself, and so do the numbers around it. */
export class ImportProgressField extends ProgressBarField {
    setup() {
        super.setup();
        let timer = null;
        onMounted(() => {
            timer = browser.setInterval(() => this.refresh(), INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    async refresh() {
        if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("customer_import_progress", {
    ...progressBarField,
    component: ImportProgressField,
});
