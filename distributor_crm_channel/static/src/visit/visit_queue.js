import { rpc } from "@web/core/network/rpc";
import { browser } from "@web/core/browser/browser";

const STORE = "events";
const MOST_AT_ONCE = 20;

/** A number that no other phone makes. */
export function makeUuid() {
    if (browser.crypto?.randomUUID) {
        return browser.crypto.randomUUID();
    }
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function asPromise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * What happened on this phone and the server does not know yet.
 *
 * It is written down in the browser first, then sent in order; it goes once the server has
 * answered. Each carries a number of its own, so that sending twice does no harm. One list a
 * user: whoever borrows the phone sends nothing of others.
 */
export class VisitQueue {
    constructor(userId) {
        this.name = `distributor_visits_${userId}`;
        this.memory = [];
        this.sending = null;
    }

    async open() {
        if (this.database !== undefined) {
            return this.database;
        }
        try {
            const request = indexedDB.open(this.name, 1);
            request.onupgradeneeded = () =>
                request.result.createObjectStore(STORE, {
                    keyPath: "number",
                    autoIncrement: true,
                });
            this.database = await asPromise(request);
        } catch {
            // A private window: kept as long as the page is open.
            this.database = null;
        }
        return this.database;
    }

    async transact(mode, work) {
        const database = await this.open();
        return asPromise(work(database.transaction(STORE, mode).objectStore(STORE)));
    }

    /** Write something down; it survives the page being closed. */
    async add(event) {
        if (!(await this.open())) {
            event.number = (this.memory.at(-1)?.number || 0) + 1;
            this.memory.push(event);
        } else {
            event.number = await this.transact("readwrite", (store) => store.add(event));
        }
        return event;
    }

    async list() {
        if (!(await this.open())) {
            return [...this.memory];
        }
        return this.transact("readonly", (store) => store.getAll());
    }

    async remove(event) {
        if (!(await this.open())) {
            this.memory = this.memory.filter((one) => one.number !== event.number);
        } else {
            await this.transact("readwrite", (store) => store.delete(event.number));
        }
    }

    async update(event) {
        if (await this.open()) {
            await this.transact("readwrite", (store) => store.put(event));
        }
    }

    /**
     * Send what is kept, in order; two calls at once are one.
     *
     * @returns {Promise<boolean>} false where the network, or the login, is missing
     */
    flush() {
        this.sending ||= this.send().finally(() => {
            this.sending = null;
        });
        return this.sending;
    }

    async send() {
        for (;;) {
            const kept = (await this.list()).filter((event) => !event.problem);
            const batch = this.takeBatch(kept);
            if (!batch.length) {
                return true;
            }
            let answers;
            try {
                answers = await rpc(
                    "/my/visits/sync",
                    {
                        events: batch.map(({ number, problem, ...event }) => event),
                        device_now: Date.now(),
                    },
                    { silent: true }
                );
            } catch {
                return false;
            }
            const found = new Map(answers.map((answer) => [answer.uuid, answer]));
            for (const event of batch) {
                const answer = found.get(event.uuid);
                if (!answer) {
                    return false;
                }
                if (answer.status === "refused") {
                    event.problem = answer.message;
                    delete event.data?.content;
                    await this.update(event);
                } else {
                    await this.remove(event);
                }
            }
        }
    }

    /** Several at once, but photos one by one: they are large. */
    takeBatch(kept) {
        const first = kept.findIndex((event) => event.kind === "photo");
        if (first === 0) {
            return kept.slice(0, 1);
        }
        return kept.slice(0, Math.min(first < 0 ? kept.length : first, MOST_AT_ONCE));
    }
}
