import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PLACE_WAIT = 4000;

/** Where the device is, as far as it says so in time; nobody has to tell. */
function findPlace() {
    return new Promise((resolve) => {
        if (!navigator.geolocation || !window.isSecureContext) {
            return resolve({});
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords }) =>
                resolve({ latitude: coords.latitude, longitude: coords.longitude }),
            () => resolve({}),
            { enableHighAccuracy: true, timeout: PLACE_WAIT, maximumAge: 60000 }
        );
    });
}

/** The photos of a record; new ones are sent as they are, never through a form field. */
export class EvidenceField extends Component {
    static template = "distributor_crm.EvidenceField";
    static props = { ...standardFieldProps, kind: { type: String, optional: true } };

    setup() {
        this.action = useService("action");
        this.http = useService("http");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ isBusy: false });
    }

    get photos() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            ...record.data,
            url: `/web/image/distributor.evidence/${record.resId}/thumbnail`,
        }));
    }

    get canAdd() {
        return !this.props.readonly && !this.state.isBusy;
    }

    async onAdd() {
        if (await this.props.record.save()) {
            this.input.el.click();
        }
    }

    async onChosen() {
        const files = [...this.input.el.files];
        if (!files.length) {
            return;
        }
        this.state.isBusy = true;
        try {
            const answer = await this.http.post(
                "/distributor/evidence",
                {
                    csrf_token: odoo.csrf_token,
                    model: this.props.record.resModel,
                    record_id: this.props.record.resId,
                    kind: this.props.kind || "",
                    device_now: Date.now(),
                    files,
                    ...(await findPlace()),
                },
                "json"
            );
            if (answer.error) {
                this.notification.add(answer.error, { type: "danger" });
            }
        } catch {
            this.notification.add(
                _t("The photos did not arrive. Check the connection and send them again."),
                { type: "danger" }
            );
        } finally {
            this.input.el.value = "";
            this.state.isBusy = false;
        }
        await this.props.record.load();
    }

    onOpen(photo) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "distributor.evidence",
            res_id: photo.id,
            views: [[false, "form"]],
            target: "current",
        });
    }
}

export const evidenceField = {
    component: EvidenceField,
    displayName: _t("Photos"),
    supportedTypes: ["one2many"],
    extractProps: ({ options }) => ({ kind: options.kind }),
    relatedFields: () => [
        { name: "name", type: "char", readonly: true },
        { name: "flags", type: "char", readonly: true },
        { name: "review", type: "selection", selection: [], readonly: true },
        { name: "mimetype", type: "char", readonly: true },
        { name: "removed_at", type: "datetime", readonly: true },
    ],
};

registry.category("fields").add("distributor_evidence", evidenceField);
