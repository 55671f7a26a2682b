import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The manager sends the notice of a breach.
tours.add("distributor_violation_notify_tour", {
    steps: () => [
        {
            trigger: "button[name='action_notify']",
            run: "click",
        },
        {
            content: "No deadline runs before the delivery is proved",
            trigger: ".alert-warning:contains('not proved yet')",
        },
    ],
});

// The accused opens it on the portal, which proves that he was told, and answers.
tours.add("distributor_violation_portal_tour", {
    url: "/my/violations",
    steps: () => [
        {
            trigger: "table a:contains('Diverted Goods')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_violation_clock:contains('Answer by')",
        },
        {
            trigger: "#violation_answer",
            run: "edit Not from us.",
        },
        {
            trigger: ".o_violation_answer button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains('We have your answer')",
        },
    ],
});

// The manager gives the first opinion; the ladder proposes what follows.
tours.add("distributor_violation_judge_tour", {
    steps: () => [
        {
            trigger: "button[name='action_judge']",
            run: "click",
        },
        {
            trigger: ".modal div[name='text'] textarea",
            run: "edit The code is his.",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Judged')",
        },
        {
            trigger: ".nav-link[name='judgement']",
            run: "click",
        },
        {
            trigger: "div[name='penalty_ids'] .o_data_row:contains('Warning')",
        },
    ],
});
