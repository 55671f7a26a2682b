import { registry } from "@web/core/registry";

// A distributor looks at his live rebate, disputes one line of the closed one, takes it
// back, and accepts.
registry.category("web_tour.tours").add("distributor_rebate_portal_tour", {
    url: "/my/rebates",
    steps: () => [
        {
            content: "The live one says how far it is to the next tier",
            trigger: "td:contains('more and you reach 2%')",
        },
        {
            content: "Narrow the list to what waits for an answer",
            trigger: "#portal_searchbar_filters",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains('Waiting for your answer')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open it",
            trigger: "a:contains('Settled rebate')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The ladder is drawn, the due explained",
            trigger: ".o_rebate_ladder tr[data-state='here']:contains('1%')",
        },
        {
            trigger: ".o_rebate_calculation tr[data-name='due']:contains('15.00')",
        },
        {
            content: "Dispute the first line",
            trigger: ".o_rebate_dispute_line:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The form names the line",
            trigger: ".o_rebate_dispute_form:contains('1,500.00')",
        },
        {
            trigger: "#rebate_dispute_text",
            run: "edit We bought more than that",
        },
        {
            trigger: ".o_rebate_dispute_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It waits for an answer; nothing is accepted meanwhile",
            trigger: ".o_rebate_objection:contains('We bought more than that')",
        },
        {
            trigger: "body:not(:has(.o_rebate_accept))",
        },
        {
            content: "Take it back",
            trigger: ".o_rebate_withdraw",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Accept",
            trigger: ".o_rebate_accept",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains('you accepted this statement')",
        },
        {
            content: "That was that",
            trigger: "body:not(:has(#dispute)):not(:has(.o_rebate_dispute_line))",
        },
    ],
});
