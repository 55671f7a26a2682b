// Keeps the page of visits for when there is no network: page, scripts and styles.
// Whoever is logged out takes nothing of it: then it is forgotten.
const CACHE = "distributor-visits-1";
const PAGE = "/my/visits";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function answer(request, isPage) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(isPage ? PAGE : request);
    if (!isPage && kept) {
        return kept;
    }
    try {
        const response = await fetch(request);
        if (isPage && response.redirected) {
            await caches.delete(CACHE);
        } else if (response.ok) {
            await cache.put(isPage ? PAGE : request, response.clone());
        }
        return response;
    } catch (error) {
        if (kept) {
            return kept;
        }
        throw error;
    }
}

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    const isPage = request.mode === "navigate" && url.pathname === PAGE;
    // Assets carry their version in their address.
    if (isPage || url.pathname.startsWith("/web/assets/")) {
        event.respondWith(answer(request, isPage));
    }
});
