import { Component, onWillUnmount, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const DELAY = 2000;

/**
 * A progress bar that reads the record again every two seconds while the import runs,
 * so that the form needs no reload by hand.
 */
export class ImportProgressField extends Component {
    static template = "distributor_crm.ImportProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.timer = null;
        this.alive = true;
        useEffect(
            (running) => {
                if (running) {
                    this.schedule();
                }
                return () => clearTimeout(this.timer);
            },
            () => [this.isRunning]
        );
        onWillUnmount(() => {
            this.alive = false;
            clearTimeout(this.timer);
        });
    }

    get isRunning() {
        return this.props.record.data.state === "running";
    }

    get percent() {
        return Math.min(100, this.props.record.data[this.props.name] || 0);
    }

    get label() {
        return Math.floor(this.percent);
    }

    schedule() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.refresh(), DELAY);
    }

    async refresh() {
        const { record } = this.props;
        try {
            // What the user is typing is worth more than a fresh bar.
            if (!(await record.isDirty())) {
                await record.load();
            }
        } finally {
            if (this.alive && this.isRunning) {
                this.schedule();
            }
        }
    }
}

registry.category("fields").add("distributor_import_progress", {
    component: ImportProgressField,
    supportedTypes: ["float"],
});
