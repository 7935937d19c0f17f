// The page without a network: its own files are kept once they have been used. Files whose name carries their hash
// are taken from the cache first; the page itself, and lists of what there is, from the network first. Shards and
// weights are not kept here: the engines check and keep those themselves.
const CACHE = 'intab-page';
const HASHED = /[\w.-]+-[0-9a-f]{8}(?:_bg|_rest|\.worker)?\.(?:json|js|wasm|css)/g;
// The GPU engine is large, and second halves are not what is waited for: kept when they are first used.
const WHEN_USED = /engine_gpu|_rest/;
// Files that keep their names from build to build, or that tell of others.
const CHANGES = /^(?:embed\.js|manifest\.webmanifest|everything\.json|(?:icons|slides|speed|trained)\/.*|.*index\.json)$/;

const scope = new URL('./', self.location).href;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keepPage());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // Who asks for nothing to be kept checks what comes before he keeps it himself (ui/offline.rs).
  if (request.method !== 'GET' || request.cache === 'no-store' || !request.url.startsWith(scope)) return;
  const path = pathOf(request.url);
  if (request.mode === 'navigate' && path === '') {
    event.respondWith(newest(request, scope));
  } else if (stays(path)) {
    event.respondWith(kept(request));
  } else if (CHANGES.test(path)) {
    event.respondWith(newest(request, scope + path));
  } else if (path.endsWith('/manifest.json')) {
    // An engine keeps it; here it is only found again for the page.
    event.respondWith(fetch(request).catch(async (error) => await caches.match(request.url) ?? Promise.reject(error)));
  }
});

// What the first visit fetched before this worker was there to keep it.
self.addEventListener('message', (event) => event.waitUntil(Promise.all(event.data.map(keepSeen))));

const pathOf = (url) => url.slice(scope.length).split(/[?#]/)[0].replace(/(^|\/)index\.html$/, '$1');

/** What is under this name never changes. */
const stays = (path) => path.match(HASHED)?.[0] === path || path.startsWith('samples/') && !path.endsWith('.json');

async function keepSeen(url) {
  const path = pathOf(url);
  if (!url.startsWith(scope) || !(stays(path) || CHANGES.test(path))) return;
  const cache = await caches.open(CACHE);
  if (!(await cache.match(scope + path))) await cache.add(scope + path).catch(() => {});
}

/** The page and every file that it names. */
async function keepPage() {
  const page = await fetch(scope, { cache: 'no-cache' });
  if (!page.ok) return;
  const cache = await caches.open(CACHE);
  const names = namesIn(await page.clone().text()).filter((name) => !WHEN_USED.test(name));
  await Promise.all(names.map(async (name) => {
    if (!(await cache.match(scope + name))) await cache.add(scope + name);
  }));
  await cache.put(scope, page);
}

const namesIn = (html) => [...new Set(html.match(HASHED) ?? [])];

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request.url);
  if (found) return found;
  const answer = await fetch(request);
  // A full disk is no reason to withhold what has come.
  if (answer.ok) await cache.put(request.url, answer.clone()).catch(() => {});
  return answer;
}

async function newest(request, name) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (!answer.ok) return answer;
    // A page of another build is kept only with its files, or a visit without a network would find half of each.
    if (name === scope) keepPage().then(dropOld).catch(() => {});
    else await cache.put(name, answer.clone()).catch(() => {});
    return answer;
  } catch (error) {
    const found = await cache.match(name);
    if (found) return found;
    throw error;
  }
}

/** Removes files of builds that the page no longer names. */
async function dropOld() {
  const cache = await caches.open(CACHE);
  const page = await cache.match(scope);
  if (!page) return;
  const stems = namesIn(await page.text()).map((name) => name.match(/^[\w.-]+?-[0-9a-f]{8}/)[0]);
  for (const request of await cache.keys()) {
    const name = request.url.slice(scope.length);
    const ours = name.match(HASHED)?.[0] === name;
    if (ours && !stems.some((stem) => name.startsWith(stem))) await cache.delete(request);
  }
}
