import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Scan a code with the camera into the field, where the browser can. */
export class CodeScanner extends Interaction {
    static selector = ".o_code_scanner";
    dynamicContent = {
        ".o_code_scan": {
            "t-on-click": this.start,
            "t-att-class": () => ({"d-none": !this.isSupported}),
        },
        ".o_code_video": {"t-att-class": () => ({"d-none": !this.stream})},
        ".o_code_locate": {"t-on-click": this.locate},
    };

    setup() {
        this.isSupported = "BarcodeDetector" in window && Boolean(navigator.mediaDevices);
        this.stream = null;
        this.registerCleanup(() => this.stop());
    }

    async start() {
        try {
            this.stream = await this.waitFor(
                navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}})
            );
        } catch {
            this.isSupported = false;
            return;
        }
        this.video = this.el.querySelector(".o_code_video");
        this.video.srcObject = this.stream;
        await this.waitFor(this.video.play());
        this.detector = new window.BarcodeDetector();
        this.look();
    }

    async look() {
        if (!this.stream) {
            return;
        }
        const found = await this.waitFor(this.detector.detect(this.video).catch(() => []));
        if (found.length) {
            this.el.querySelector("input[name='code']").value = found[0].rawValue;
            this.stop();
            this.updateContent();
            return;
        }
        this.waitForTimeout(() => this.look(), 200);
    }

    stop() {
        for (const track of (this.stream && this.stream.getTracks()) || []) {
            track.stop();
        }
        this.stream = null;
    }

    locate() {
        navigator.geolocation.getCurrentPosition(({coords}) => {
            this.el.querySelector("input[name='latitude']").value = coords.latitude;
            this.el.querySelector("input[name='longitude']").value = coords.longitude;
            this.el.querySelector(".o_code_located").classList.remove("d-none");
        });
    }
}

registry.category("public.interactions").add("distributor_crm_channel.code_scanner", CodeScanner);
