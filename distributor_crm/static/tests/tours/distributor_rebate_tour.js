import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A manager opens a program, computes it, opens a statement and its evidence.
registry.category("web_tour.tours").add("distributor_rebate_tour", {
    url: "/odoo",
    steps: () => [
        ...stepUtils.goToAppSteps(
            "distributor_crm.distributor_menu_root",
            "Open the Distributors app"
        ),
        {
            content: "Open the Rebates menu",
            trigger: "[data-menu-xmlid='distributor_crm.distributor_menu_rebates']",
            run: "click",
        },
        {
            content: "Open the programs",
            trigger:
                "[data-menu-xmlid='distributor_crm.distributor_menu_rebate_programs']",
            run: "click",
        },
        {
            content: "Open the program",
            trigger: ".o_data_cell:contains('Tour rebate')",
            run: "click",
        },
        {
            content: "Compute it",
            trigger: "button[name='action_compute']",
            run: "click",
        },
        {
            content: "One of two distributors earns",
            trigger: ".o_notification:contains('1 of 2 statements')",
        },
        {
            content: "The form shows it without a reload by hand",
            trigger:
                "button[name='action_view_earning'] .o_stat_value:contains('1')",
            run: "click",
        },
        {
            content: "Open the statement that earns",
            trigger: ".o_data_row:contains('North Trading') .o_data_cell",
            run: "click",
        },
        {
            content: "Open the invoice lines behind it",
            trigger: ".o_form_view button[name='action_view_lines']",
            run: "click",
        },
        {
            content: "They have a page of their own",
            trigger:
                ".o_last_breadcrumb_item:contains('Invoice Lines behind the Rebate')",
        },
        {
            content: "Their sum is the basis, to the cent",
            trigger: ".o_list_view .o_list_footer:contains('2,345.67')",
        },
        {
            content: "Both invoices are there, and no other line",
            trigger: ".o_list_view:not(:has(.o_data_row:nth-child(3).o_data_row))",
        },
        {
            content: "Go back to the statement",
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            content: "Approve it",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            content: "It is approved",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Approved')",
        },
    ],
});
