import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";

const COLORS = ["#0d6efd", "#198754", "#fd7e14", "#6f42c1", "#d63384"];

/** The channel at a glance: each number opens the records behind it. */
export class ChannelDashboard extends Component {
    static template = "distributor_crm_channel.ChannelDashboard";
    static components = { Layout };
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call(
            "distributor.channel.dashboard",
            "get_overview",
            [],
        );
    }

    color(place) {
        return COLORS[place % COLORS.length];
    }

    last(values) {
        const seen = values.filter((value) => value !== null);
        return seen.length ? seen[seen.length - 1].toFixed(1) : "";
    }

    width(chart, bar) {
        const most = Math.max(...chart.bars.map((one) => one.value), 1);
        return `${Math.round((100 * bar.value) / most)}%`;
    }

    open(name, model, domain, single) {
        const views = single
            ? [[false, "form"]]
            : [
                  [false, "list"],
                  [false, "form"],
              ];
        this.action.doAction({
            type: "ir.actions.act_window",
            name: name,
            res_model: model,
            res_id: single || undefined,
            views: views,
            domain: domain,
            context: { create: false },
        });
    }

    openRow(list, row) {
        const isRecord = list.key === "ending";
        this.open(list.title, list.model, row.domain, isRecord && row.id);
    }

    openPrices(series) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Price Index"),
            res_model: this.state.data.prices.model,
            views: [
                [false, "graph"],
                [false, "pivot"],
                [false, "list"],
            ],
            domain: series.domain,
        });
    }

    openAnalysis() {
        this.action.doAction("distributor_crm_channel.distributor_violation_report_action");
    }
}

registry.category("actions").add("distributor_channel_dashboard", ChannelDashboard);
