import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

const MAX_PICTURE = 10 * 1024 * 1024;

/** The form in which an owner decorates: a small text editor, and pictures shown at once. */
export class StoreDesign extends Interaction {
    static selector = ".o_store_design";
    dynamicContent = {
        ".o_store_tool": {
            // The text keeps its selection while a tool is used.
            "t-on-mousedown.prevent": () => {},
            "t-on-click.prevent": this.onTool,
        },
        "input[type='file']": { "t-on-change": this.onPicture },
        _root: { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.source = this.el.querySelector("textarea[name='introduction']");
        this.editor = this.el.querySelector(".o_store_editor");
    }

    start() {
        // Sanitised by the server before it is shown here.
        this.editor.innerHTML = this.source.value;
        this.editor.classList.remove("d-none");
        this.el.querySelector(".o_store_tools").classList.remove("d-none");
        this.source.classList.add("d-none");
    }

    onTool(ev) {
        const { tool, value } = ev.currentTarget.dataset;
        this.editor.focus();
        document.execCommand(tool, false, value);
    }

    onPicture(ev) {
        const input = ev.currentTarget;
        const file = input.files[0];
        const told = input.closest(".o_store_upload").querySelector(".o_store_told");
        told.textContent = "";
        if (!file) {
            return;
        }
        if (file.size > MAX_PICTURE) {
            input.value = "";
            told.textContent = _t("This picture is larger than 10 MB. Choose a smaller one.");
            return;
        }
        const picture = input.closest(".o_store_upload").querySelector("img");
        const url = URL.createObjectURL(file);
        this.registerCleanup(() => URL.revokeObjectURL(url));
        picture.src = url;
        picture.classList.remove("d-none");
    }

    onSubmit() {
        this.source.value = this.editor.innerHTML;
    }
}

registry.category("public.interactions").add("distributor_crm_channel.store_design", StoreDesign);
