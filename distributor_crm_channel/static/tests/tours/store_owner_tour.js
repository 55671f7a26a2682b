import { registry } from "@web/core/registry";

// An owner decorates his store on the portal: colours and words, a product with a price of
// his own, a look at the preview, and publishes.
registry.category("web_tour.tours").add("distributor_store_owner_tour", {
    url: "/my/stores",
    steps: () => [
        {
            content: "Decorate the store",
            trigger: ".o_my_stores .card:contains('North Store') .o_store_decorate",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#theme_jade",
            run: "click",
        },
        {
            trigger: ".o_store_editor",
            run({ anchor }) {
                anchor.innerHTML = "<p>Spirits for every feast</p>";
            },
        },
        {
            trigger: "#store_contact_phone",
            run: "edit +86 28 5550 0142",
        },
        {
            trigger: ".o_store_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains('Saved as a draft')",
        },
        {
            content: "Choose products",
            trigger: ".nav-tabs a:contains('Products')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "input[name='search']",
            run: "edit gin",
        },
        {
            trigger: "form[role='search'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_store_found li:contains('Dry Gin') .o_store_add",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A price that is none is refused",
            trigger: ".o_store_line:contains('Dry Gin') input[name='price']",
            run: "edit 0",
        },
        {
            trigger: ".o_store_line:contains('Dry Gin') .o_store_save_line",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-danger:contains('Type a price above zero')",
        },
        {
            trigger: ".o_store_line:contains('Dry Gin') input[name='price']",
            run: "edit 75.5",
        },
        {
            trigger: ".o_store_line:contains('Dry Gin') input[name='featured']",
            run: "click",
        },
        {
            trigger: ".o_store_line:contains('Dry Gin') .o_store_save_line",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Recommended products stand first",
            trigger: ".o_store_line:first:contains('Dry Gin')",
        },
        {
            trigger: ".o_store_preview",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The draft as visitors would see it",
            trigger: ".o_store_theme_jade .o_store_introduction:contains('Spirits for every feast')",
        },
        {
            trigger: ".oe_product:contains('Dry Gin') .oe_currency_value:contains('75.50')",
        },
        {
            trigger: ".o_store_publish",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains('Published')",
        },
    ],
});
