import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Tells with the photos of a form what the device's clock says, and where it is. */
export class EvidenceForm extends Interaction {
    static selector = "form:has(.o_distributor_photos)";
    dynamicContent = { _root: { "t-on-submit": () => this.setClock() } };

    start() {
        const place = this.el.querySelector(".o_distributor_latitude");
        if (!place || !navigator.geolocation || !window.isSecureContext) {
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => {
                this.setValue("latitude", coords.latitude);
                this.setValue("longitude", coords.longitude);
            },
            () => {} // nobody has to tell
        );
    }

    setClock() {
        this.setValue("device_now", Date.now());
    }

    setValue(name, value) {
        const input = this.el.querySelector(`.o_distributor_${name}`);
        if (input) {
            input.value = value;
        }
    }
}

registry.category("public.interactions").add("distributor_crm.evidence_form", EvidenceForm);
