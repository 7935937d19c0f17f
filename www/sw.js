// The page without a network: its own files are kept once they have been used. Files whose name carries their hash
// are taken from the cache first; the page itself, and lists of what there is, from the network first. Shards and
// weights are not touched here: the engines check and keep those themselves.
const CACHE = 'intab-page';
const HASHED = /[\w.-]+-[0-9a-f]{8}(?:_bg|\.worker)?\.(?:js|wasm|css)/g;
// The GPU engine is large, and kept when it is first used.
const WHEN_USED = /engine_gpu/;

const scope = new URL('./', self.location).href;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keepPage());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).split(/[?#]/)[0];
  if (request.mode === 'navigate' && (path === '' || path === 'index.html')) {
    event.respondWith(newest(request, scope));
  } else if (path.match(HASHED)?.[0] === path || path.startsWith('samples/') && !path.endsWith('.json')) {
    event.respondWith(kept(request));
  } else if (path.endsWith('index.json')) {
    event.respondWith(newest(request, request.url));
  }
});

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
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}

async function newest(request, name) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (!answer.ok) return answer;
    // A page of another build is kept only with its files, or a visit without a network would find half of each.
    if (name === scope) keepPage().then(dropOld).catch(() => {});
    else await cache.put(name, answer.clone());
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
