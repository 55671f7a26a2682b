import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A price that was seen is entered and held against its floor.
registry.category("web_tour.tours").add("distributor_price_seen_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", content: "Enter a price", run: "click" },
        {
            trigger: ".o_field_widget[name=product_code] input",
            content: "By the reference of the product",
            run: "edit PLUM",
        },
        {
            trigger: ".o_field_widget[name=marked_price] input",
            run: "edit 80",
        },
        {
            trigger: ".o_field_widget[name=shop_url] input",
            run: "edit https://north.taobao.example/shop",
        },
        ...stepUtils.saveForm(),
        {
            trigger: ".o_field_widget[name=partner_id] input:value(North Trading)",
            content: "The shop is known by its address",
        },
        { trigger: "button[name=action_compare]", run: "click" },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Reported)",
            timeout: 30000,
            content: "Below the floor: a case is opened",
        },
        { trigger: ".o_field_widget[name=percent_below]:contains(20)" },
        { trigger: "button[name=action_view_violation]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=facts]", timeout: 30000 },
    ],
});

// A sales manager lets a quotation go below the floor, and says why.
registry.category("web_tour.tours").add("distributor_price_allow_tour", {
    steps: () => [
        {
            trigger: "div[name=price_breach]:contains(lowest price is)",
            content: "The quotation says what is too low",
        },
        { trigger: "button[name=action_allow_prices]", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Clearance of the old label",
        },
        { trigger: ".modal button[name=action_allow]", run: "click" },
        { trigger: "body:not(:has(.modal)):not(:has(div[name=price_breach]))", timeout: 30000 },
        { trigger: "button[name=action_confirm]:visible", run: "click" },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
            timeout: 30000,
        },
    ],
});
