import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/**
 * Sign the statement that is open, as one who confirms it by his password.
 *
 * @param {String} name of the tour
 * @param {String} password of who signs
 * @param {String} after what the form shows once he has signed, a selector
 */
function addSigning(name, password, after) {
    tours.add(name, {
        steps: () => [
            {
                trigger: "button[name='action_sign']",
                run: "click",
            },
            {
                trigger: ".modal div[name='password'] input",
                run: `edit ${password}`,
            },
            {
                trigger: ".modal button[name='run_check']",
                run: "click",
            },
            {
                trigger: `body:not(:has(.modal)) ${after}`,
            },
            {
                trigger: ".o_form_view:not(:has(button[name='action_sign']))",
            },
        ],
    });
}

// The representative submits what the system worked out.
tours.add("distributor_fee_submit_tour", {
    steps: () => [
        {
            trigger: "div[name='line_ids'] .o_data_row:contains('Fee Product')",
        },
        {
            content: "Nobody signs his own",
            trigger: ".o_form_view:not(:has(button[name='action_sign']))",
        },
        {
            trigger: "button[name='action_submit']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='submitted']",
        },
    ],
});

addSigning("distributor_fee_clerk_tour", "fs_clerk", ".alert:contains('2. Sales manager')");
addSigning("distributor_fee_manager_tour", "fs_manager", ".alert:contains('3. Finance')");
addSigning("distributor_fee_finance_tour", "fs_finance", ".o_arrow_button_current[data-value='signed']");

// Finance prepares what is due.
tours.add("distributor_fee_prepare_tour", {
    steps: () => [
        {
            trigger: "button[name='action_prepare_payout']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='draft']",
        },
    ],
});

// Finance pays it once the receipt is there.
tours.add("distributor_fee_pay_tour", {
    steps: () => [
        {
            trigger: ".nav-link[name='receipts']",
            run: "click",
        },
        {
            trigger: "div[name='receipt_ids'] .o_data_row:contains('R-1')",
        },
        {
            trigger: "button[name='action_post']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='posted']",
        },
        {
            trigger: "button[name='action_view_expenses']:contains('1')",
        },
    ],
});

// The auditor reads all of it, and acts on nothing.
tours.add("distributor_fee_audit_tour", {
    steps: () => [
        {
            trigger: ".o_arrow_button_current[data-value='paid']",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name='action_void'])):not(:has(button[name='action_sign']))",
        },
        {
            trigger: "button[name='action_view_payouts']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='posted']",
        },
    ],
});
