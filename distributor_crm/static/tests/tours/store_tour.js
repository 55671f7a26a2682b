import { registry } from "@web/core/registry";

// An account manager has an agreement sent, opens a store, looks at its training and
// closes it.
registry.category("web_tour.tours").add("distributor_store_tour", {
    steps: () => [
        {
            content: "Send the agreement that was prepared",
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Sent')",
        },
        {
            content: "On to the stores",
            trigger: "button[data-menu-xmlid='distributor_crm.distributor_menu_stores']",
            run: "click",
        },
        {
            trigger:
                ".dropdown-item[data-menu-xmlid='distributor_crm.distributor_menu_store_list']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td:contains('Tour store')",
            run: "click",
        },
        {
            content: "Nothing opens before the agreement is signed",
            trigger: "button[name='action_open']:contains('Open Store')",
            run: "click",
        },
        {
            trigger: ".modal-body:contains('No agreement for')",
        },
        {
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        {
            content: "Its upline is open, in training, and has it below",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name='name']:contains('River Store')",
            run: "click",
        },
        {
            trigger: "button[name='action_view_onboarding']:contains('0 / 17')",
        },
        {
            trigger: ".o_notebook a[name='sub_stores']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='child_ids'] td:contains('Tour store')",
        },
        {
            content: "Close it",
            trigger: "button[name='action_close']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit The owner gives up",
        },
        {
            trigger: ".modal button[name='action_close']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Closed')",
        },
        {
            trigger: ".o_field_widget[name='close_reason']:contains('gives up')",
        },
    ],
});
