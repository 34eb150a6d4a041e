/**
 * The service worker: keeps the page's files, and the pages that were visited last, for when the server is lost. While
 * it answers it is asked, but for files whose names hold a digest of them. The server says before what is to be kept.
 */

/** @type {{HOME: string, FILES: string[], DIGEST: string}} */
const { HOME, FILES, DIGEST } = /** @type {any} */ (globalThis).kept;

const FILES_NAME = `files ${DIGEST}`;
const PAGES_NAME = `pages ${DIGEST}`;
/** So many pages are kept beside the first one. */
const MOST = 30;

addEventListener("install", (/** @type {any} */ event) => event.waitUntil(keepFiles()));
addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && pathname === HOME) event.respondWith(page(request));
});

async function keepFiles() {
  const cache = await caches.open(FILES_NAME);
  await cache.addAll(FILES);
  await (await caches.open(PAGES_NAME)).add(HOME);
  await /** @type {any} */ (globalThis).skipWaiting();
}

/** Files of another version, and the pages that name them. */
async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name !== FILES_NAME && name !== PAGES_NAME);
  await Promise.all(others.map((name) => caches.delete(name)));
  await /** @type {any} */ (globalThis).clients.claim();
}

/** @param {Request} request */
async function file(request) {
  return (await caches.match(request, { cacheName: FILES_NAME, ignoreVary: true })) ?? fetch(request);
}

/**
 * A page from the server; without it as it was, and where it was never visited the first one, with what was asked for
 * behind its #: the page goes on from there, and says that it is not drawn yet.
 * @param {Request} request
 */
async function page(request) {
  try {
    const answer = await fetch(request);
    const own = answer.headers.has("X-Backprop");
    if (!own && answer.status >= 500) throw new Error("a proxy that finds no server");
    if (own && answer.ok) await keep(request, answer.clone());
    return answer;
  } catch {
    const known = await caches.match(request, { cacheName: PAGES_NAME, ignoreVary: true });
    const { search } = new URL(request.url);
    return known ?? (search ? Response.redirect(`${HOME}#${search}`) : Response.error());
  }
}

/** @param {Request} request @param {Response} answer */
async function keep(request, answer) {
  const cache = await caches.open(PAGES_NAME);
  await cache.put(request, answer);
  const others = (await cache.keys()).filter(({ url }) => new URL(url).search !== "");
  await Promise.all(others.slice(0, -MOST).map((old) => cache.delete(old)));
}
