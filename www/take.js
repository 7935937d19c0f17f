// “Take it all”: every file of the site is kept in this browser. Loaded when it is asked for; `src/ui/offline.rs` is what
// a visitor sees of it. The build lists the files; each is checked against that list before it is kept, where the engines
// or `sw.js` look for it. What is here already is not fetched again.

// Where sw.js and where the engines keep what they have fetched.
const PAGE = 'intab-page';
const DATA = 'intab-v1';
const TRIES = 3;
// A download that brings no byte for so long is given up, as `src/platform` does it.
const SILENCE = 15_000;

const url = ({ path }) => new URL(`./${path}`, document.baseURI).href;
const isData = ({ path }) => /^(?:datasets|weights)\/(?!index\.json)/.test(path);
const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);

async function all(gpu) {
  const answer = await fetch('./everything.json').catch(() => Promise.reject(fault('network')));
  if (!answer.ok) throw fault('network');
  const { files } = await answer.json();
  // The GPU engine is for those who can use it.
  return files.filter(({ path }) => gpu || !path.startsWith('engine_gpu'));
}

async function missing(files) {
  const stores = await Promise.all([PAGE, DATA].map(async (name) => caches.open(name))).catch(() => Promise.reject(fault('room')));
  const kept = new Set((await Promise.all(stores.map((store) => store.keys()))).flat().map((request) => request.url));
  return files.filter((file) => !kept.has(url(file)));
}

/** A word for what happened; the page has the sentences. */
const fault = (word, path = '') => Object.assign(new Error(word), { word, path });

/** Bytes that are kept, and of everything. */
export async function look(gpu) {
  const files = await all(gpu);
  return [sum(files) - sum(await missing(files)), sum(files)];
}

/** Keeps what is missing, until `on(have, all)` says no. Whether everything is here. */
export async function take(gpu, on) {
  // A browser may forget what is kept when its disk runs full, unless it agrees not to.
  await navigator.storage?.persist?.().catch(() => false);
  const files = await all(gpu);
  const rest = await missing(files);
  let have = sum(files) - sum(rest);
  for (const file of rest) {
    if (!on(have, sum(files))) return false;
    await keep(file);
    have += file.bytes;
  }
  return on(have, sum(files));
}

/** Fetches a file, with a few tries, and keeps it once it is known to be whole. */
async function keep(file) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const copy = await whole(file);
      const store = await caches.open(isData(file) ? DATA : PAGE);
      await store.put(url(file), copy).catch(() => Promise.reject(fault('room')));
      return;
    } catch (error) {
      if (attempt === TRIES || ['room', 'silent'].includes(error.word)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}

async function whole(file) {
  const call = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => call.abort(), SILENCE);
  };
  const lost = () => Promise.reject(fault(call.signal.aborted ? 'silent' : 'network'));
  heard();
  try {
    // Past the browser's own cache, where a damaged copy may be, and past the service worker, which would keep it.
    const answer = await fetch(url(file), { cache: 'no-store', signal: call.signal }).catch(lost);
    if (!answer.ok) throw fault('missing', file.path);
    const copy = answer.clone();
    const bytes = await read(answer, heard).catch(lost);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (found !== file.sha256) throw fault('damaged', file.path);
    return copy;
  } finally {
    clearTimeout(timer);
  }
}

/** The answer's bytes; `heard` is told of every piece. */
async function read(answer, heard) {
  const reader = answer.body.getReader();
  const pieces = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces).arrayBuffer();
    heard();
    pieces.push(value);
  }
}
