import { registry } from "@web/core/registry";

// A sales manager looks at the channel, and tells all distributors of a tier that a price
// falls, in one click.
registry.category("web_tour.tours").add("distributor_event_manager_tour", {
    url: "/odoo/channel-overview",
    steps: () => [
        {
            content: "The channel at a glance",
            trigger: ".o_channel_dashboard .o_channel_tile[data-key='expiring']",
            run: "click",
        },
        {
            content: "A number opens its records",
            trigger: ".o_list_view .o_data_row:contains('Jade River Spirits')",
        },
        {
            content: "Back, and on to the events",
            trigger: ".o_breadcrumb .o_back_button, .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_channel_dashboard .o_channel_tile",
            run: () => {
                browserGo("/odoo/sudden-events");
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".o_data_row td:contains('Plum gets cheaper')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='reach']:contains('2')",
        },
        {
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It runs; nothing of it can be changed any more",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')",
        },
        {
            trigger: "button[name='action_view_recipients']:contains('2')",
        },
    ],
});

function browserGo(path) {
    window.location.href = path;
}

// A distributor reads the news on the portal, says what he holds, and that he knows.
registry.category("web_tour.tours").add("distributor_event_portal_tour", {
    url: "/my/service",
    steps: () => [
        {
            trigger: ".o_service_link:contains('Market News')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_my_event:contains('Plum gets cheaper')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_event_acknowledge input[type='number']",
            run: "edit 24",
        },
        {
            trigger: ".o_event_acknowledge button:contains('I know about it')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success",
        },
    ],
});

// A distributor proves that he recommends the brand, and confirms his shops.
registry.category("web_tour.tours").add("distributor_duty_portal_tour", {
    url: "/my/authorizations",
    steps: () => [
        {
            trigger: ".o_authorization_duty:contains('All Shops Declared') .o_prove",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#duty_confirmed",
            run: "click",
        },
        {
            trigger: ".o_prove_form > button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success",
        },
        {
            content: "Our own text comes back",
            trigger: ".o_authorization_duty:contains('Title and Description') .o_prove",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#duty_url",
            run: "edit https://shop.example.com/1",
        },
        {
            trigger: "#duty_title",
            run: "edit Plum Spirit",
        },
        {
            trigger: "#duty_description",
            run: "edit A clear spirit of ripe plums, distilled twice.",
        },
        {
            trigger: ".o_prove_form > button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-warning:contains('own words')",
        },
    ],
});

// Somebody who doubts looks for a shop.
registry.category("web_tour.tours").add("distributor_authorization_public_tour", {
    url: "/authorizations",
    steps: () => [
        {
            trigger: "input[name='name']",
            run: "edit jade river SPIRITS",
        },
        {
            trigger: "form[role='search'] button.btn-primary:contains('Check')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_authorization_state[data-state='valid']",
        },
    ],
});
