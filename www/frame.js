// The page as a frame in somebody's slide or article (`?embed=1`): a poster until it is wanted, then the live thing.
// What it says to the page around it and hears from it is in docs/embedding.md. It never runs code that it is sent,
// never takes the focus or the keys of the page around it, and trains only while it can be seen.

const VERSION = 1;
const COMMANDS = ['play', 'pause', 'step', 'reset', 'set', 'state', 'until', 'ask'];
// Keys that turn slides: passed on where nothing in the frame uses them.
const DECK_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'Escape',
  ' ', 'f', 'o', 'b', '.'];
const USES_KEYS = 'input, textarea, select, [contenteditable], [role=grid], [role=tab], [role=slider], [role=radio], [role=application], dialog[open], canvas[tabindex]';

const root = document.documentElement;
const query = new URLSearchParams(location.search);
const origins = query.get('origins')?.split(',').map((origin) => origin.trim()).filter(Boolean);
const name = query.get('id') ?? '';

// How it begins, in the words of those who embed: `ctl=1` and `loading=click` are our poster.
const loading = query.get('loading');
if (query.get('ctl') === '1' || loading) root.classList.add('poster');
if (query.get('motion') === 'reduce') root.classList.add('still');
// The panels that the link shows alone, before the program says so.
const only = /[#&]only=([\w,]+)/.exec(location.hash)?.[1] ?? query.get('view');
if (only) {
  root.dataset.only = only.replaceAll(',', ' ');
  document.querySelector('.page').dataset.tab = only.split(',')[0];
}

/** Why it should not train now, each for itself: hidden tab, out of sight, another slide, another frame. */
const away = new Set();
/** It was training when it was sent away. */
let resume = false;
/** It trains, or would if its data were there: a run that is only being opened is “loading” too. */
let wants = false;
let live = null;

// Whether it was training when its slide took it away. A frame without a name is not remembered, nor after a lecture.
const GOING = `intab.going.${name}`;
const LECTURE = 4 * 3600 * 1000;

function remember(going) {
  if (!name) return;
  try {
    if (going) sessionStorage.setItem(GOING, Date.now());
    else sessionStorage.removeItem(GOING);
  } catch { /* A browser that keeps nothing for a frame: it comes back paused. */ }
}

function wasGoing() {
  if (!name) return false;
  try {
    return Date.now() - Number(sessionStorage.getItem(GOING)) < LECTURE;
  } catch {
    return false;
  }
}

/** Whom events may reach: who may command, and no other. A page that is a file has no origin that could be named. */
function hearers() {
  if (!origins) return ['*'];
  const around = location.ancestorOrigins?.[0];
  const here = around ? origins.filter((origin) => origin === around) : origins;
  return here.map((origin) => (origin === 'null' ? '*' : origin));
}

function say(message) {
  if (parent === window) return;
  for (const origin of hearers()) {
    try {
      parent.postMessage({ intab: VERSION, id: name, ...message }, origin);
    } catch { /* What the address names is no origin: nobody is meant. */ }
  }
}

/** Loads the program and goes live; the poster stays until it draws. */
export function goLive(begin, { play = false } = {}) {
  live ??= begin().then(async () => {
    while (!window.intab) await new Promise((resolve) => setTimeout(resolve, 20));
    await window.intab.ready;
    const going = wasGoing();
    tell();
    say({ event: 'ready', version: window.intab.version });
    // The program takes up what was trained here; whether it goes on is known here.
    if (going && away.size > 0) resume = true;
    else if (going) window.intab.play().catch(() => {});
  });
  // Out of sight it waits: it plays when it is scrolled to.
  if (play) live.then(() => {
    resume ||= away.size > 0;
    if (away.size === 0) window.intab.play().catch(() => {});
  });
  return live;
}

/** Listens; `begin` loads the program. */
export function listen(begin) {
  addEventListener('message', (event) => heard(event, begin));
  root.early?.forEach((event) => heard(event, begin));
  root.early = null;
  if (loading === 'eager') goLive(begin);
  addEventListener('keydown', passOn);
  document.addEventListener('visibilitychange', () => send('tab', document.visibilityState === 'hidden'));
  // Against the screen, through all frames around this one.
  new IntersectionObserver((entries) => {
    // A slide that was left and come back to is told of as both at once.
    const seen = entries.at(-1).intersectionRatio > 0;
    send('sight', !seen);
    if (loading === 'lazy' && seen) goLive(begin);
  }).observe(root);
  new ResizeObserver(() => say({ event: 'height', height: root.scrollHeight })).observe(document.body);
  others.onmessage = ({ data }) => data !== me && pauseFor('other', true);
}

// Some frames have no channel to the others, and say so by throwing.
const others = (() => { try { return new BroadcastChannel('intab-frames'); } catch { return { postMessage() {} }; } })();
const me = Math.random();

function allowed(event) {
  return event.source === parent && (!origins || origins.includes(event.origin));
}

async function heard(event, begin) {
  if (!allowed(event)) return;
  const message = event.data;
  if (message === 'slide:start') {
    goLive(begin);
    send('slide', false);
  } else if (message === 'slide:stop') {
    send('slide', true);
  } else if (message?.intab === VERSION && typeof message.cmd === 'string') {
    const { cmd, args = [], call } = message;
    if (!COMMANDS.includes(cmd) || !Array.isArray(args)) {
      say({ event: 'error', call, error: `there is no command “${cmd}”; there are ${COMMANDS.join(', ')}` });
      return;
    }
    try {
      await goLive(begin);
      say({ event: 'answer', call, result: plain(await window.intab[cmd](...args)) });
    } catch (error) {
      say({ event: 'error', call, error: error.message });
    }
  }
}

const plain = (value) => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

/** One reason to pause begins or ends. Training goes on when the last one has ended. */
function send(reason, gone) {
  if (gone) away.add(reason);
  else away.delete(reason);
  pauseFor(reason, gone);
}

function pauseFor(reason, gone) {
  if (!window.intab) return;
  const { state } = window.intab.state().run;
  if (gone && (state === 'playing' || state === 'loading' && wants)) {
    // Another frame that trains does not come back by itself; everything else does.
    resume = reason !== 'other';
    remember(resume);
    window.intab.pause();
  } else if (!gone && away.size === 0 && resume) {
    resume = false;
    window.intab.play();
  }
}

/** What happens, for the page around it; and other frames are asked to rest while this one trains. */
function tell() {
  let last = 0;
  let before = '';
  window.intab.on('progress', (state) => {
    const now = performance.now();
    if (now - last < 250) return;
    last = now;
    say({ event: 'progress', run: plain(state.run) });
  });
  window.intab.on('state', (state) => {
    const { state: now } = state.run;
    wants = now === 'playing' || wants && now === 'loading';
    if (now === 'playing') others.postMessage(me);
    // Its data came when its slide was gone.
    if (now === 'playing' && away.size > 0) pauseFor('late', true);
    if (now !== 'loading' && now !== before) {
      before = now;
      remember(now === 'playing' || resume);
      say({ event: 'state', run: plain(state.run) });
    }
    if (state.run.state === 'done') say({ event: 'done', run: plain(state.run) });
  });
  window.intab.on('notice', (notice) => say({ event: 'notice', notice: plain(notice) }));
}

function passOn(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !DECK_KEYS.includes(event.key)) return;
  const uses = event.target.closest?.(USES_KEYS);
  const presses = event.key === ' ' && event.target.closest?.('button, summary, a, label');
  if (uses || presses) return;
  event.preventDefault();
  say({ event: 'key', key: event.key, code: event.code, shiftKey: event.shiftKey });
}
