import { registry } from "@web/core/registry";

// A distributor files a group-buy in two parts on the portal.
registry.category("web_tour.tours").add("distributor_groupbuy_portal_tour", {
    url: "/my/service",
    steps: () => [
        {
            content: "To the group-buys",
            trigger: ".o_service_link[href='/my/groupbuys']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A new one",
            trigger: ".o_new_groupbuy",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#groupbuy_uses", run: "edit 2" },
        {
            trigger: ".o_choose_groupbuy button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#groupbuy_recipient", run: "edit Li Wei" },
        { trigger: "#groupbuy_phone", run: "edit 138 0042 0001" },
        { trigger: "#groupbuy_address", run: "edit Nanjing Road 12, Hall 3" },
        { trigger: "#groupbuy_purpose", run: "select wedding" },
        {
            content: "Both on the first day that the form allows",
            trigger: "#date_0",
            run() {
                const day = new Date(Date.now() + 3 * 86400000).toISOString();
                for (const number of [0, 1]) {
                    const input = document.querySelector(`#date_${number}`);
                    input.value = day.slice(0, 10);
                }
            },
        },
        { trigger: "#quantity_0", run: "edit 10" },
        { trigger: "#quantity_1", run: "edit 20" },
        {
            trigger: ".o_new_groupbuy_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains('on record')" },
        { trigger: ".o_groupbuy_timeline li:contains('Filed')" },
    ],
});

// An account manager adds what he saw, and verifies it.
registry.category("web_tour.tours").add("distributor_groupbuy_verify_tour", {
    url: "/odoo/distributor-groupbuys",
    steps: () => [
        { trigger: ".o_data_row td[name='recipient']", run: "click" },
        { trigger: ".o_data_row button[name='action_open']", run: "click" },
        {
            content: "The photos are there",
            trigger: ".o_distributor_evidence_photo img",
        },
        { trigger: ".o_distributor_evidence_add" },
        { trigger: ".o_field_widget[name='guests'] input", run: "edit 100" },
        { trigger: "button[name='action_report']", run: "click" },
        { trigger: "div[name='performer']:contains('Own Staff')" },
        { trigger: ".breadcrumb-item a:contains('GB/')", run: "click" },
        { trigger: "button[name='action_verify']", run: "click" },
        { trigger: ".o_field_widget[name='result'] .badge:contains('Consistent')" },
        { trigger: ".nav-link[name='timeline']", run: "click" },
        { trigger: ".o_groupbuy_timeline li:contains('Verified')" },
    ],
});
