import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

/** Copies a store's link, or hands it to the phone's own way of sharing. */
export class StoreShare extends Interaction {
    static selector = ".o_store_share";
    dynamicContent = {
        ".o_store_copy": { "t-on-click": this.onCopy },
    };

    async onCopy(ev) {
        const button = ev.currentTarget;
        const url = this.el.dataset.url;
        if (navigator.share && window.matchMedia("(pointer: coarse)").matches) {
            // Closing the phone's own window is no error.
            await navigator.share({ title: this.el.dataset.title, url }).catch(() => {});
            return;
        }
        const input = this.el.querySelector("input");
        input.select();
        if (navigator.clipboard) {
            await this.waitFor(navigator.clipboard.writeText(url));
        } else {
            document.execCommand("copy");
        }
        button.textContent = _t("Copied");
    }
}

registry.category("public.interactions").add("distributor_crm_channel.store_share", StoreShare);
