import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { VisitPhone } from "./visit_phone";

/** The phone's page in the back office; it opens without network with what it last knew. */
export class VisitPhoneAction extends Component {
    static template = "distributor_crm_channel.VisitPhoneAction";
    static components = { VisitPhone };
    static props = { ...standardActionServiceProps };

    setup() {
        this.state = useState({ props: null, failed: false });
        const key = `distributor_visits_page_${user.userId}`;
        onWillStart(async () => {
            try {
                this.state.props = await rpc("/my/visits/state", {}, { silent: true });
                browser.localStorage.setItem(key, JSON.stringify(this.state.props));
            } catch {
                const kept = browser.localStorage.getItem(key);
                this.state.props = kept && JSON.parse(kept);
                this.state.failed = !kept;
            }
        });
    }
}

registry.category("actions").add("distributor_visit_phone", VisitPhoneAction);
