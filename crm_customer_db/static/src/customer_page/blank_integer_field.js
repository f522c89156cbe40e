import {IntegerField, integerField} from "@web/views/fields/integer/integer_field";

import {registry} from "@web/core/registry";

/**
 * A whole number that nobody entered is shown empty, not as 0: a headcount, a year.
 */
export class BlankIntegerField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("customer_blank_integer", {
    ...integerField,
    component: BlankIntegerField,
});
