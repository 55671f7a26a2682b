import { registry } from "@web/core/registry";

let cut = false;

/** Let all that goes to the server fail, as without network. */
function cutNetwork() {
    if (!window.visitFetch) {
        window.visitFetch = XMLHttpRequest.prototype.send;
        const fetched = window.fetch;
        window.fetch = (resource, options) =>
            cut && String(resource.url || resource).includes("/my/visits/")
                ? Promise.reject(new TypeError("Failed to fetch"))
                : fetched(resource, options);
        const open = XMLHttpRequest.prototype.open;
        XMLHttpRequest.prototype.open = function (method, url, ...rest) {
            const target = cut && String(url).includes("/my/visits/") ? "http://localhost:9/" : url;
            return open.call(this, method, target, ...rest);
        };
    }
    cut = true;
}

// An agent announces a customer, loses the network, checks in and out all the same, and what
// was kept is sent once when the network is back.
registry.category("web_tour.tours").add("distributor_visit_agent_tour", {
    url: "/my/visits",
    steps: () => [
        {
            content: "A new customer",
            trigger: ".o_visit_new",
            run: "click",
        },
        {
            trigger: "#visit_name",
            run: "edit Li Lei",
        },
        {
            trigger: "#visit_tel",
            run: "edit 139 1234 5678",
        },
        {
            trigger: ".o_visit_form button:contains('Somebody comes along')",
            run: "click",
        },
        {
            trigger: "input[aria-label='Name of who comes along']",
            run: "edit Mrs Li",
        },
        {
            trigger: ".o_visit_plan",
            run: "click",
        },
        {
            content: "It is sent",
            trigger: ".o_visit_phone[data-kept='0'] .o_visit_planned:contains('Li Lei')",
            run: cutNetwork,
        },
        {
            content: "Check in without network",
            trigger: ".o_visit_arrive",
            run: "click",
        },
        {
            trigger: ".o_visit_offline:contains('No network')",
        },
        {
            trigger: ".o_visit_current:contains('Li Lei') .badge:contains('Kept')",
        },
        {
            content: "Check out without network",
            trigger: ".o_visit_leave",
            run: "click",
        },
        {
            trigger: ".o_visit_phone[data-kept='2']:not(:has(.o_visit_current))",
        },
        {
            content: "Another customer is kept too",
            trigger: ".o_visit_new",
            run: "click",
        },
        {
            trigger: "#visit_name",
            run: "edit Han Meimei",
        },
        {
            trigger: "#visit_tel",
            run: "edit 13700001111",
        },
        {
            trigger: ".o_visit_plan",
            run: "click",
        },
        {
            trigger: ".o_visit_phone[data-kept='3'] .o_visit_planned:contains('Han Meimei')",
            run() {
                cut = false;
            },
        },
        {
            content: "The network is back",
            trigger: ".o_visit_send",
            run: "click",
        },
        {
            trigger: ".o_visit_phone[data-kept='0'] .o_visit_planned:contains('Han Meimei')",
        },
        {
            trigger: ".o_visit_phone:not(:has(.o_visit_offline, .o_visit_problem))",
        },
    ],
});
