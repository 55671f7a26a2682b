import { registry } from "@web/core/registry";

// An agency reads the rates, looks at its settlement, and accepts it.
registry.category("web_tour.tours").add("distributor_visit_settlement_tour", {
    url: "/my",
    steps: () => [
        {
            content: "Open the settlements",
            trigger: "a[href='/my/visit-settlements']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Say that the rates were read",
            trigger: ".o_visit_rate:contains('Field agents') .o_read_rate",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_visit_rate:contains('Field agents') .badge:contains('Read')",
        },
        {
            content: "Open the month",
            trigger: "a[href^='/my/visit-settlements/']:contains('2026-03')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_visit_lines a:contains('Signed form')",
            timeout: 30000,
        },
        {
            content: "Accept it",
            trigger: ".o_accept_settlement",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains('You have accepted')",
        },
    ],
});
