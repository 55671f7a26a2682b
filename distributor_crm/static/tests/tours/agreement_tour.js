import { registry } from "@web/core/registry";

// A distributor reads an agreement, declares a shop, ticks the duties and signs.
registry.category("web_tour.tours").add("distributor_agreement_tour", {
    steps: () => [
        {
            content: "The text is filled in",
            trigger: ".o_agreement_body:contains('Owner sells for')",
        },
        {
            content: "Declare a shop",
            trigger: ".o_declare_shop",
            run: "click",
        },
        {
            trigger: "#shop_name",
            run: "edit Tour shop",
        },
        {
            trigger: "#shop_address",
            run: "edit tour.taobao.com",
        },
        {
            trigger: ".o_declare_shop_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is listed; there is nothing to sign yet",
            trigger: "#shops:contains('tour.taobao.com')",
        },
        {
            trigger: "body:not(:has(#sign))",
        },
        {
            content: "Tick the duties one by one",
            trigger: ".o_agreement_duties input[type=checkbox]:first",
            run: "check",
        },
        {
            trigger: ".o_agreement_duties input[type=checkbox]:last",
            run: "check",
        },
        {
            trigger: ".o_agreement_acknowledge",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Sign",
            trigger: "#sign .o_web_sign_name_input",
            run: "edit Wang Xiaoming",
        },
        {
            trigger: "#sign .o_web_sign_auto_button",
            run: "click",
        },
        {
            trigger: "#sign .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Signed, and to be kept",
            trigger: ".alert-success:contains('you signed this agreement')",
        },
        {
            trigger: ".o_agreement_document",
        },
    ],
});
