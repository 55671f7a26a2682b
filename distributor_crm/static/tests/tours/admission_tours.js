import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

// Somebody applies: each step is saved, what is missing is said, the end is a status page.
registry.category("web_tour.tours").add("distributor_apply_tour", {
    url: "/distributor/apply",
    steps: () => [
        {
            content: "Open the campaign",
            trigger: ".card:contains('Autumn recruitment') .o_apply_open",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#apply_name", run: "edit Tour Applicant" },
        { trigger: "#apply_phone", run: "edit 138 0000 7777" },
        { trigger: "#apply_email", run: "edit tour@applicants.example" },
        {
            trigger: ".o_apply_start button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#apply_id_number", run: "edit 510100199001017777" },
        { trigger: "#apply_age_band", run: "select 25" },
        { trigger: "#apply_occupation", run: "edit Florist" },
        { trigger: "#apply_source", run: "select social" },
        {
            content: "A person is not asked for a contact person",
            trigger: "form:not(:has(#apply_contact_name:visible))",
        },
        {
            trigger: ".o_apply_step button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#apply_mode", run: "select dropship" },
        { trigger: "#apply_ability", run: "select retail" },
        { trigger: "#apply_knows_operations", run: "select yes" },
        {
            trigger: ".o_apply_step button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#apply_name", run: "edit Tour shop" },
        { trigger: "#apply_url", run: "edit https://tour.taobao.example" },
        {
            trigger: ".o_apply_shop button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".card:contains('Tour shop')" },
        { trigger: ".o_apply_next", run: "click", expectUnloadPage: true },
        { trigger: ".o_apply_upload" },
        { trigger: ".o_apply_next", run: "click", expectUnloadPage: true },
        {
            content: "What is missing is said before it is sent",
            trigger: ".alert-warning:contains('ID document or business licence')",
        },
        {
            trigger: "a:contains('ID and licence')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#apply_document",
            async run() {
                const answer = await fetch("/web/static/img/odoo_logo_tiny.png");
                const file = new File([await answer.blob()], "card.png", {
                    type: "image/png",
                });
                await inputFiles("#apply_document", [file]);
            },
        },
        {
            trigger: ".o_apply_upload button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".list-group-item:contains('card.png')" },
        { trigger: ".o_apply_next", run: "click", expectUnloadPage: true },
        { trigger: "#apply_policy", run: "check" },
        {
            trigger: ".o_apply_send button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains('We received your application')" },
        { trigger: ".o_apply_timeline" },
    ],
});

// A reviewer records a call, verifies the shop and the applicant, and goes on.
registry.category("web_tour.tours").add("distributor_review_tour", {
    url: "/odoo/distributor-applications",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Review Me')",
            run: "click",
        },
        { trigger: ".nav-link:contains('Contacts')", run: "click" },
        {
            trigger: "div[name='contact_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "div[name='contact_ids'] td[name='minutes'] input",
            run: "edit 12",
        },
        { trigger: ".nav-link:contains('Shops')", run: "click" },
        {
            trigger: "div[name='shop_ids'] button[name='action_verify']",
            run: "click",
        },
        {
            content: "Looked at: the criterion is met at once",
            trigger: "div[name='screening'] .text-bg-success:contains('Passed')",
        },
        { trigger: "button[name='action_verify'].btn-primary", run: "click" },
        { trigger: "button[name='action_negotiate']", run: "click" },
        { trigger: "button[name='action_ask_approval']", run: "click" },
        { trigger: ".alert-info:contains('Waits for the approval of')" },
    ],
});
