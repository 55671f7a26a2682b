import { registry } from "@web/core/registry";

// A sales manager checks the proposal for somebody who left, and hands over.
registry.category("web_tour.tours").add("distributor_handover_tour", {
    steps: () => [
        {
            content: "Everybody has a successor by place",
            trigger: ".o_field_widget[name='distributor_line_ids'] td[name='new_user_id']:contains('growth_west')",
        },
        {
            content: "Hand over",
            trigger: "button[name='action_hand_over']",
            run: "click",
        },
        {
            content: "Yes, now",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Handed Over')",
        },
        {
            content: "Each line is done, and has a day for the first contact",
            trigger:
                ".o_field_widget[name='distributor_line_ids'] td[name='state']:contains('Handed Over')",
        },
        {
            content: "Look at the distributors",
            trigger: "button[name='action_view_distributors']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td:contains('Spicy')",
        },
    ],
});
