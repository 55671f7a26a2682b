import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { makeUuid, VisitQueue } from "./visit_queue";

const LARGEST = 20 * 1024 * 1024;
const RETRY = 20000;
const OPEN = ["planned", "arrived", "reception"];

function read(file) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] || "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(file);
    });
}

/** Where the phone is now: nothing where it does not say, or may not. */
function locate() {
    return new Promise((resolve) => {
        if (!navigator.geolocation) {
            resolve({});
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords, timestamp }) =>
                resolve({
                    latitude: coords.latitude,
                    longitude: coords.longitude,
                    accuracy: coords.accuracy,
                    fix_age: Math.max(0, Math.round((Date.now() - timestamp) / 1000)),
                }),
            () => resolve({}),
            { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 }
        );
    });
}

/**
 * Visits on a phone: plan, check in, photograph, check out; with a bad network too.
 *
 * What is shown is what the server last said, and on top what is kept on the phone.
 */
export class VisitPhone extends Component {
    static template = "distributor_crm_channel.VisitPhone";
    static props = ["*"];

    setup() {
        this.queue = new VisitQueue(this.props.user_id);
        this.key = `distributor_visits_seen_${this.props.user_id}`;
        this.state = useState({
            visits: this.props.visits || [],
            kept: [],
            online: navigator.onLine,
            busy: false,
            adding: false,
            told: "",
            placeless: false,
            draft: this.newDraft(),
        });
        this.onOnline = () => this.sync();
        this.onOffline = () => (this.state.online = false);
        onMounted(async () => {
            window.addEventListener("online", this.onOnline);
            window.addEventListener("offline", this.onOffline);
            this.timer = setInterval(() => this.state.kept.length && this.sync(), RETRY);
            await this.reload();
            await this.sync();
        });
        onWillUnmount(() => {
            window.removeEventListener("online", this.onOnline);
            window.removeEventListener("offline", this.onOffline);
            clearInterval(this.timer);
        });
    }

    newDraft() {
        return {
            name: "",
            phone: "",
            company: "",
            members: [],
            prechecked: false,
            planned: "",
            kind: "care",
            customer_id: "",
            method_id: "",
            agent_id: "",
            purpose: "",
        };
    }

    // -- what is shown -------------------------------------------------------------------

    async reload() {
        this.state.kept = await this.queue.list();
    }

    get problems() {
        return this.state.kept.filter((event) => event.problem);
    }

    get waiting() {
        return this.state.kept.filter((event) => !event.problem);
    }

    get waitingText() {
        return _t("%s kept on this phone", this.waiting.length);
    }

    /** The server's visits with what the phone knows better. */
    get visits() {
        const visits = this.state.visits.map((visit) => ({ ...visit, photos: 0 }));
        for (const event of this.waiting) {
            let visit = visits.find((one) =>
                event.kind === "plan"
                    ? one.uuid === event.uuid
                    : one.id === event.visit || (one.uuid && one.uuid === event.visit)
            );
            if (event.kind === "plan" && !visit) {
                visit = {
                    uuid: event.uuid,
                    customer: event.shown,
                    state: "planned",
                    planned: event.data.planned_at,
                    photos: 0,
                };
                visits.unshift(visit);
            }
            if (!visit) {
                continue;
            }
            visit.kept = true;
            if (event.kind === "arrive") {
                visit.state = "arrived";
                visit.since = event.at;
            } else if (event.kind === "leave") {
                visit.left = true;
            } else if (event.kind === "cancel") {
                visit.state = "cancelled";
            } else if (event.kind === "photo") {
                visit.photos += 1;
            }
        }
        return visits.filter((visit) => OPEN.includes(visit.state));
    }

    get current() {
        return this.visits.filter((visit) => visit.state !== "planned" && !visit.left);
    }

    get planned() {
        return this.visits.filter((visit) => visit.state === "planned");
    }

    time(value) {
        if (!value) {
            return "";
        }
        return new Date(value).toLocaleString([], {
            month: "numeric",
            day: "numeric",
            hour: "2-digit",
            minute: "2-digit",
        });
    }

    // -- sending -------------------------------------------------------------------------

    async sync() {
        const sent = await this.queue.flush();
        this.state.online = sent && navigator.onLine;
        if (sent) {
            await this.refresh();
        }
        await this.reload();
    }

    async refresh() {
        try {
            const found = await rpc("/my/visits/state", {}, { silent: true });
            this.state.visits = found.visits;
        } catch {
            this.state.online = false;
        }
    }

    async note(kind, visit, values = {}) {
        await this.queue.add({
            uuid: makeUuid(),
            kind,
            visit: visit ? visit.id || visit.uuid : null,
            at: Date.now(),
            ...values,
        });
        await this.reload();
    }

    /** Do one thing at a time, and say what went wrong. */
    async act(work) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.state.told = "";
        try {
            await work();
        } catch (error) {
            this.state.told = error.message || String(error);
        } finally {
            this.state.busy = false;
        }
        this.sync();
    }

    async position() {
        const found = await locate();
        this.state.placeless = !found.latitude;
        return found;
    }

    arrive(visit) {
        return this.act(async () => {
            const at = Date.now();
            await this.note("arrive", visit, { ...(await this.position()), at });
        });
    }

    leave(visit) {
        return this.act(async () => {
            const at = Date.now();
            await this.note("leave", visit, { ...(await this.position()), at });
        });
    }

    cancel(visit) {
        if (!window.confirm(_t("Cancel this visit?"))) {
            return;
        }
        return this.act(() => this.note("cancel", visit, { data: {} }));
    }

    photograph(visit, ev) {
        const input = ev.target;
        const file = input.files[0];
        if (!file) {
            return;
        }
        return this.act(async () => {
            if (file.size > LARGEST) {
                throw new Error(_t("This photo is larger than 20 MB. Take a smaller one."));
            }
            const content = await read(file);
            const place = await this.position();
            await this.note("photo", visit, {
                ...place,
                data: { name: file.name, content },
            });
            input.value = "";
        });
    }

    // -- a new one -----------------------------------------------------------------------

    addMember() {
        this.state.draft.members.push({ name: "", phone: "", relation: "spouse" });
    }

    plan(now) {
        const draft = this.state.draft;
        const chosen = (this.props.customers || []).find(
            (one) => one.id === Number(draft.customer_id)
        );
        const shown = this.props.is_agent ? draft.name.trim() : chosen?.name;
        if (!shown) {
            this.state.told = this.props.is_agent
                ? _t("Enter the name of the customer.")
                : _t("Choose whom you visit.");
            return;
        }
        return this.act(async () => {
            const uuid = makeUuid();
            const at = Date.now();
            await this.queue.add({
                uuid,
                kind: "plan",
                visit: null,
                at,
                shown,
                data: {
                    ...draft,
                    members: draft.members.map((member) => ({ ...member })),
                    agent_id: Number(draft.agent_id) || false,
                    customer_id: Number(draft.customer_id) || false,
                    method_id: Number(draft.method_id) || false,
                    planned_at: draft.planned ? new Date(draft.planned).getTime() : null,
                },
            });
            this.state.draft = this.newDraft();
            this.state.adding = false;
            await this.reload();
            if (now) {
                await this.note("arrive", { uuid }, { ...(await this.position()), at });
            }
        });
    }

    async dismiss(event) {
        await this.queue.remove(event);
        await this.reload();
    }

    label(event) {
        const labels = {
            plan: _t("New visit"),
            arrive: _t("Check-in"),
            leave: _t("Check-out"),
            photo: _t("Photo"),
            cancel: _t("Cancellation"),
        };
        return [labels[event.kind], event.shown, this.time(event.at)]
            .filter(Boolean)
            .join(", ");
    }
}

registry
    .category("public_components")
    .add("distributor_crm_channel.visit_phone", VisitPhone);

// The page opens without network too, once it was opened with one.
if (window.location.pathname === "/my/visits" && "serviceWorker" in navigator) {
    navigator.serviceWorker
        .register("/my/visits/worker.js", { scope: "/my/visits" })
        .catch(() => {});
}
