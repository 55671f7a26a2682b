import { registry } from "@web/core/registry";

// A distributor files a sale, and whoever is at home there answers.
registry.category("web_tour.tours").add("distributor_filing_tour", {
    url: "/my/service",
    steps: () => [
        {
            trigger: ".o_service_link[href='/my/cross-territory']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_new_filing",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#filing_customer",
            run: "edit Grand Hotel",
        },
        {
            trigger: "#filing_state",
            run: "selectByLabel Dale",
        },
        {
            trigger: "#filing_offer",
            run: "edit 6",
        },
        {
            trigger: ".o_new_filing_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The other side is asked",
            trigger: ".badge:contains('Waiting for an Answer')",
        },
    ],
});

registry.category("web_tour.tours").add("distributor_filing_answer_tour", {
    url: "/my/cross-territory",
    steps: () => [
        {
            trigger: "a:contains('XT/')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_filing_agree:contains('6 %')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".badge:contains('Agreed')",
        },
    ],
});

// Somebody verifies a code; a distributor reports one, and answers a recall.
registry.category("web_tour.tours").add("distributor_verify_tour", {
    url: "/verify/SC1",
    steps: () => [
        {
            trigger: ".o_verify_form input[name='code'][value='SC1']",
        },
        {
            trigger: ".o_verify_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_verify_genuine",
        },
    ],
});

registry.category("web_tour.tours").add("distributor_sighting_tour", {
    url: "/my/sightings",
    steps: () => [
        {
            trigger: ".o_new_sighting",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_new_sighting_form input[name='code']",
            run: "edit SC1",
        },
        {
            trigger: "#sighting_shop",
            run: "edit Corner Shop",
        },
        {
            trigger: "#sighting_state",
            run: "selectByLabel Dale",
        },
        {
            trigger: ".o_new_sighting_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success",
        },
        {
            trigger: "td:contains('Corner Shop')",
        },
        {
            trigger: "a[href='/my/service']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_service_link[href='/my/recalls'] .badge:contains('1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_my_recall",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_recall_form input[type='number']",
            run: "edit 2",
        },
        {
            trigger: ".o_recall_acknowledge",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success",
        },
    ],
});

// An account manager opens a case from a code that was seen elsewhere.
registry.category("web_tour.tours").add("distributor_diversion_tour", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='verdict']:contains('Outside')",
        },
        {
            trigger: ".o_field_widget[name='trail_text']:contains('North Trading')",
        },
        {
            trigger: "button[name='action_open_case']",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The case says what was seen",
            trigger: ".o_form_view:contains('Corner Shop')",
        },
    ],
});
