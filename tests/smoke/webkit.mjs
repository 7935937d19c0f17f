// WebKitGTK, the kin of Safari: its MiniBrowser on a screen that nobody sees, by plain WebDriver.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';

/** What a selector found, in WebDriver's answers. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const LIBRARIES = '/usr/lib';

const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

/** Debian keeps it in a folder that is named after the machine. */
function miniBrowser() {
  const all = readdirSync(LIBRARIES).map((machine) => `${LIBRARIES}/${machine}/webkit2gtk-4.1/MiniBrowser`);
  return all.find((path) => existsSync(path));
}

/** Errors from here on; WebDriver does not tell those from before. */
const listen = () => {
  window.smoke = [];
  addEventListener('error', ({ message }) => message && window.smoke.push(message));
  addEventListener('unhandledrejection', ({ reason }) => window.smoke.push(String(reason)));
  const say = console.error;
  console.error = (...words) => {
    window.smoke.push(words.join(' '));
    say.apply(console, words);
  };
};

/** A browser with an empty profile and one tab. */
export async function start() {
  const port = await freePort();
  // A group of its own, so that the screen ends with the driver.
  const driver = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x1024x24', 'WebKitWebDriver', `--port=${port}`], { detached: true, stdio: 'ignore' });
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const end = async () => {
    process.kill(-driver.pid);
    await once(driver, 'exit');
  };
  await expect.poll(() => call('GET', '/status').then(({ ready }) => ready, () => false), { timeout: 60_000 }).toBe(true);
  // Of the ways to wait for a page, “normal”, which is the usual one, is the only one here that never waits for ever.
  const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: {
    timeouts: { script: 240_000, implicit: 20_000 },
    'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
  } } }).catch((error) => end().then(() => Promise.reject(error)));
  const post = (path, body = {}) => call('POST', `/session/${sessionId}/${path}`, body);
  const find = async (selector) => (await post('element', { using: 'css selector', value: selector }))[ELEMENT];

  const evaluate = async (work, ...values) => {
    const script = `const [values, done] = arguments;
      (async () => (${work})(...values))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await post('execute/async', { script, args: [values] });
    if (error) throw new Error(error);
    return value;
  };
  const problems = [];
  const gather = async () => problems.push(...await evaluate(() => window.smoke?.splice(0) ?? []));
  const leave = async (path, body) => {
    await gather();
    await post(path, body);
    await evaluate(listen);
  };
  return {
    open: (url) => leave('url', { url }),
    reload: () => leave('refresh'),
    evaluate,
    click: async (selector) => post(`element/${await find(selector)}/click`),
    upload: async (selector, path) => post(`element/${await find(selector)}/value`, { text: resolve(path) }),
    problems: async () => {
      await gather();
      return problems;
    },
    close: async () => {
      await call('DELETE', `/session/${sessionId}`).finally(end);
    },
  };
}
