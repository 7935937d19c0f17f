// The page without a network: its own files are kept once they have been used. Files whose name carries their hash
// are taken from the cache first; the page itself, and lists of what there is, from the network first. Shards and
// weights are not kept here: the engines check and keep those themselves.
//
// Nothing is kept unseen. A WiFi login page, a host that answers every address with its front page and half a file all
// come with status 200, so each file must have the length and the SHA-256 that the build wrote into `everything.json`,
// and an old copy goes only when the new one is whole.
const CACHE = 'intab-page';
const LIST = 'everything.json';
const HASHED = /[\w.-]+-[0-9a-f]{8}(?:_bg|_rest|\.worker)?\.(?:json|js|wasm|css)/g;
// The GPU engine is large: kept when it is first used.
const WHEN_USED = /engine_gpu/;
// Second halves are not what is waited for: kept some seconds after the page.
const SECOND_HALF = /_rest\.wasm$/;
const LATER = 3000;
// Files that keep their names from build to build, or that tell of others. The page asks for the manifest of weights
// before an engine does, to say how large they are: without a copy here it would fail in a place without a network.
const CHANGES = /^(?:embed\.js|manifest\.webmanifest|everything\.json|(?:icons|slides|speed|trained)\/.*|weights\/.*manifest\.json|.*index\.json)$/;

const scope = new URL('./', self.location).href;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(dropDamaged().then(keepPage));
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // A request that asks for nothing to be kept is checked and kept by its sender (www/take.js).
  if (request.method !== 'GET' || request.cache === 'no-store' || !request.url.startsWith(scope)) return;
  const path = pathOf(request.url);
  if (request.mode === 'navigate' && path === '') {
    event.respondWith(page(event));
  } else if (stays(path)) {
    event.respondWith(kept(path));
  } else if (CHANGES.test(path)) {
    event.respondWith(newest(request, path));
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

const namesIn = (html) => [...new Set(html.match(HASHED) ?? [])];

/** Resolves to an answer of status 200 or rejects. `cache` is the browser's own cache, as `fetch` names its modes. */
async function ask(path, cache = 'default') {
  const answer = await fetch(scope + path, { cache });
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** The build's list as a map from path to SHA-256; rejects what is no such list. */
async function sumsIn(answer) {
  const { files } = await answer.json();
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

/** The list of the build that is kept; an empty one before there is any. */
async function keptSums() {
  const found = await (await caches.open(CACHE)).match(scope + LIST);
  return found ? sumsIn(found).catch(() => new Map()) : new Map();
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const isFile = async (answer, path, sums) => sums.has(path) && await sha256(await answer.clone().arrayBuffer()) === sums.get(path);

/** The file as the build made it. A damaged copy may lie in the browser's own cache, so the second try goes past that. */
async function whole(path, sums) {
  const first = await ask(path);
  if (await isFile(first, path, sums)) return first;
  const second = await ask(path, 'reload');
  if (await isFile(second, path, sums)) return second;
  throw new Error(`${path} is not the file that this build has`);
}

/** The list that names this file: that of the kept build, or the host's newest. */
async function sumsFor(path) {
  const sums = await keptSums();
  return sums.has(path) ? sums : sumsIn(await ask(LIST, 'no-cache'));
}

async function keepSeen(url) {
  const path = pathOf(url);
  if (!url.startsWith(scope) || path === LIST || !(stays(path) || CHANGES.test(path))) return;
  const cache = await caches.open(CACHE);
  if (await cache.match(scope + path)) return;
  await cache.put(scope + path, await whole(path, await sumsFor(path))).catch(() => {});
}

/** The page and every file that it names: all of them, or the old copy stays as it is. */
async function keepPage() {
  const list = await ask(LIST, 'no-cache');
  const sums = await sumsIn(list.clone());
  const page = await ask('', 'no-cache');
  if (!await isFile(page, '', sums)) throw new Error('the page is not the one that the list is of');
  const cache = await caches.open(CACHE);
  const keep = async (name) => {
    if (!(await cache.match(scope + name))) await cache.put(scope + name, await whole(name, sums));
  };
  const names = namesIn(await page.clone().text()).filter((name) => !WHEN_USED.test(name));
  await Promise.all(names.filter((name) => !SECOND_HALF.test(name)).map(keep));
  await cache.put(scope + LIST, list);
  await cache.put(scope, page);
  await dropOld(cache);
  // Nobody waits for these, so a failure is only a file that is fetched when it is used.
  setTimeout(() => names.filter((name) => SECOND_HALF.test(name)).forEach((name) => keep(name).catch(() => {})), LATER);
}

/** What never changes: from the cache, or from the host and then kept if it is whole. */
async function kept(path) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(scope + path);
  if (found) return found;
  const sums = await sumsFor(path).catch(() => new Map());
  // A file that no list names is handed on as it came; nothing vouches for it, so it is not kept.
  if (!sums.has(path)) return fetch(scope + path);
  const answer = await whole(path, sums);
  // A full disk is no reason to withhold what has come.
  await cache.put(scope + path, answer.clone()).catch(() => {});
  return answer;
}

/** The page as the host has it now, if what the host says is our page; otherwise the kept one. */
async function page(event) {
  const found = await (await caches.open(CACHE)).match(scope);
  try {
    const answer = await fetch(event.request);
    // The browser follows a redirect by itself.
    if (answer.type === 'opaqueredirect') return answer;
    const ours = answer.ok && /<meta name="build" content="\w+">/.test(await answer.clone().text());
    if (!ours) return found ?? answer;
    event.waitUntil(keepPage().catch(() => {}));
    return answer;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

/** A file that changes from build to build: from the host, kept if it is whole; without a host, the kept one. */
async function newest(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    const same = answer.ok && path !== LIST && await isFile(answer, path, await keptSums());
    if (same) await cache.put(scope + path, answer.clone()).catch(() => {});
    return answer;
  } catch (error) {
    // Or the one that an engine or “take it all” has kept elsewhere.
    const found = await cache.match(scope + path) ?? await caches.match(scope + path);
    if (found) return found;
    throw error;
  }
}

/** Removes files of builds that the page no longer names. */
async function dropOld(cache) {
  const page = await cache.match(scope);
  const stems = namesIn(await page.text()).map((name) => name.match(/^[\w.-]+?-[0-9a-f]{8}/)[0]);
  for (const request of await cache.keys()) {
    const name = request.url.slice(scope.length);
    const ours = name.match(HASHED)?.[0] === name;
    if (ours && !stems.some((stem) => name.startsWith(stem))) await cache.delete(request);
  }
}

/** An earlier version of this worker kept whatever came. What is kept of the build that the host has now is looked at again. */
async function dropDamaged() {
  const sums = await sumsIn(await ask(LIST, 'no-cache'));
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const path = pathOf(request.url);
    const answer = await cache.match(request);
    if (stays(path) && sums.has(path) && !await isFile(answer, path, sums)) await cache.delete(request);
  }
}
