import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";

// A visitor follows a store's short link, looks for a product there, buys it at the store's
// price and pays by wire transfer.
registry.category("web_tour.tours").add("distributor_store_shopper_tour", {
    url: "/s/north-store",
    steps: () => [
        {
            content: "The link led to the store",
            trigger: ".o_store_head h1:contains('North Store')",
        },
        {
            trigger: ".o_store_search input[name='search']",
            run: "edit plum",
        },
        {
            trigger: ".o_store_search button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Only what was looked for",
            trigger: "#products_grid:not(:has(a:contains('Rye Spirit')))",
        },
        {
            content: "Open it: the store's price",
            trigger: ".oe_product a:contains('Plum Spirit')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_store_bar:contains('North Store')",
        },
        {
            trigger: "#product_detail .oe_price .oe_currency_value:contains('120.00')",
        },
        {
            trigger: "#add_to_cart",
            run: "click",
        },
        tourUtils.goToCart(),
        {
            trigger: "h6:contains('Plum Spirit')",
        },
        ...tourUtils.assertCartAmounts({ total: "120.00" }),
        tourUtils.goToCheckout(),
        tourUtils.confirmOrder(),
        ...tourUtils.payWithTransfer({
            redirect: true,
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
    ],
});
