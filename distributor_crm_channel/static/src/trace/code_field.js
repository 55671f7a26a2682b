import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** A text that may be scanned with the camera. */
export class DistributorCodeField extends CharField {
    static template = "distributor_crm_channel.CodeField";

    async onScan() {
        const code = await scanBarcode(this.env).catch(() => null);
        if (code) {
            await this.props.record.update({[this.props.name]: code});
        }
    }
}

registry.category("fields").add("distributor_code", {
    ...charField,
    component: DistributorCodeField,
    displayName: _t("Code"),
});
