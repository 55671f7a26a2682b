import { registry } from "@web/core/registry";

// A distributor asks something and finds it in his list.
registry.category("web_tour.tours").add("distributor_case_tour", {
    url: "/my/service",
    steps: () => [
        {
            content: "To the questions",
            trigger: ".o_service_link[href='/my/cases']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Ask",
            trigger: ".o_new_case",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#case_kind", run: "select question" },
        { trigger: "#case_subject", run: "edit Gift boxes in May" },
        { trigger: "#case_description", run: "edit Will there be any?" },
        {
            trigger: ".o_new_case_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says until when one hears",
            trigger: ".alert-success:contains('You hear from us by')",
        },
        {
            content: "The discussion is there",
            trigger: "#discussion",
        },
        {
            content: "Back to the list",
            trigger: ".breadcrumb a[href='/my/cases']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "td a:contains('Gift boxes in May')" },
    ],
});
