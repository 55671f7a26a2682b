import { registry } from "@web/core/registry";

const request = [
    {
        content: "The whole balance is offered",
        trigger: ".o_withdrawal_form input[name='amount']:value(100.00)",
    },
    {
        content: "Ask for it",
        trigger: ".o_withdrawal_submit",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "It waits for approval",
        trigger: ".badge:contains('In approval')",
    },
];

// A distributor looks at what he earned, asks for it, and takes the request back.
registry.category("web_tour.tours").add("distributor_withdrawal_portal_tour", {
    url: "/my/earnings",
    steps: () => [
        {
            content: "There is something to withdraw",
            trigger: ".o_earning_available:contains('100.00')",
        },
        {
            content: "Withdraw",
            trigger: ".o_earning_withdraw",
            run: "click",
            expectUnloadPage: true,
        },
        ...request,
        {
            content: "Take it back",
            trigger: ".o_withdrawal_cancel",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is cancelled",
            trigger: ".alert-success:contains('was cancelled')",
        },
    ],
});

registry.category("web_tour.tours").add("distributor_withdrawal_again_tour", {
    url: "/my/withdrawals/new",
    steps: () => request,
});

// A sales manager approves, finance pays.
const decide = (button, state) => [
    {
        content: "Press the button",
        trigger: `button[name='${button}']`,
        run: "click",
    },
    {
        content: "The status follows",
        trigger: `.o_statusbar_status .o_arrow_button_current:contains('${state}')`,
    },
];
registry.category("web_tour.tours").add("distributor_withdrawal_approve_tour", {
    steps: () => decide("action_approve", "Approved"),
});
registry.category("web_tour.tours").add("distributor_withdrawal_pay_tour", {
    steps: () => decide("action_pay", "Paid"),
});
