import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";

/** A rate in percent on the colour that it deserves: zero is a rate, too. */
export class HeatField extends BadgeField {
    static template = "distributor_crm.HeatField";

    get formattedValue() {
        const value = this.props.record.data[this.props.name];
        return `${formatFloat(value, { digits: [16, 0] })} %`;
    }
}

export const heatField = {
    ...badgeField,
    component: HeatField,
    displayName: _t("Heat"),
    supportedTypes: ["float"],
};

registry.category("fields").add("distributor_heat", heatField);
