import { registry } from "@web/core/registry";

// An account manager grades what a person judges, and submits the evaluation.
registry.category("web_tour.tours").add("distributor_evaluation_tour", {
    steps: () => [
        {
            content: "Grade the display",
            trigger: ".o_data_row:contains('Display') td[name='grade']",
            run: "click",
        },
        {
            trigger: ".o_selected_row div[name='grade'] input",
            run: "edit 4",
        },
        {
            trigger: ".o_selected_row div[name='note'] textarea, .o_selected_row div[name='note'] input",
            run: "edit A clean shelf at eye level",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Three KPIs make a radar",
            trigger: ".o_evaluation_radar",
        },
        {
            content: "Nothing waits for a grade any more",
            trigger: "button[name='action_submit']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('To Approve')",
        },
    ],
});
