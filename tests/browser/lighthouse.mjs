// Lighthouse on the built site: `node tests/browser/lighthouse.mjs URL FOLDER`; `cargo intab test` calls it. Reports
// go into the folder. Fails where a score is under its least; a page that was unlucky is measured again, because the
// score of a busy machine is the machine's: the same build scored 69 and 76 within an hour.
import { createServer } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';
import { FLAGS } from '../../playwright.config.mjs';

const LEAST = 95;
const TRIES = 4;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
/** By name: the hash, and the least performance. In the lab two cores start the engine beside the page, which can take all
 * of the 30 points that a thread without long tasks gives; whatever else would be lost is the page's fault. The front
 * page has 95 and 96 on such a machine, and a busier one must not decide. */
const PAGES = { front: ['', 92], mnist: ['#preset=mnist', 65] };

const [url, folder, ...only] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node tests/browser/lighthouse.mjs URL FOLDER [PAGE…]');
  process.exit(2);
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Scores by category, and what costs most, in a browser of its own. */
async function measure(name, hash) {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, `--remote-debugging-port=${port}`],
  });
  try {
    // Applied, not simulated: the simulation counts every preloaded program before the first paint, which needs none.
    const flags = { port, throttlingMethod: 'devtools', output: ['html', 'json'], onlyCategories: CATEGORIES, logLevel: 'error' };
    const { lhr, report } = await lighthouse(url + hash, flags, desktopConfig);
    await Promise.all(['html', 'json'].map((kind, at) => writeFile(join(folder, `lighthouse-${name}.${kind}`), report[at])));
    return lhr;
  } finally {
    await browser.close();
  }
}

const scores = (lhr) => Object.fromEntries(CATEGORIES.map((id) => [id, Math.round(lhr.categories[id].score * 100)]));
const good = (lhr, fast) => Object.entries(scores(lhr)).every(([id, score]) => score >= (id === 'performance' ? fast : LEAST));

/** Audits that took from the score. */
function lost(lhr) {
  const refs = CATEGORIES.flatMap((id) => lhr.categories[id].auditRefs.filter((ref) => ref.weight > 0));
  const audits = refs.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 0.9);
  return audits.map((audit) => `${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ''}`);
}

await mkdir(folder, { recursive: true });
let passed = 0;
for (const [name, [hash, fast]] of Object.entries(PAGES).filter(([name]) => only.length === 0 || only.includes(name))) {
  let lhr = null;
  for (let attempt = 0; attempt < TRIES && !(lhr && good(lhr, fast)); attempt += 1) lhr = await measure(name, hash);
  const said = Object.entries(scores(lhr)).map(([id, score]) => `${id} ${score}`).join(', ');
  console.log(`  ${good(lhr, fast) ? '✓' : '✘'} ${name}: ${said}`);
  if (good(lhr, fast)) passed += 1;
  else for (const reason of lost(lhr)) console.log(`      ${reason}`);
}
const asked = only.length || Object.keys(PAGES).length;
if (passed < asked) {
  console.log(`  under the least; the reports are in ${folder}`);
  process.exit(1);
}
console.log(`  ${passed} passed`);
