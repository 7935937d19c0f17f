// The host has a new build, and the tab was opened with the old one, whose files are gone.
import { createHash } from 'node:crypto';
import { Lab, expect, test } from './lab.mjs';

/** The page's policy lets its own scripts run, as they are now. */
function sealed(html) {
  const scripts = [...html.matchAll(/<script(?: type="module")?>(.*?)<\/script>/gs)].map(([, text]) => text);
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return html.replace(/('sha256-[^']+' ?)+/, `${hashes.join(' ')} `);
}

/** The page as an older build would have it, with names of files that are no longer there. */
const older = (pattern) => (bytes) => Buffer.from(sealed(bytes.toString()
  .replace(/(name="build" content=")\w+/, '$1deadbeef')
  .replaceAll(pattern, (name) => name.replace(/-[0-9a-f]{8}/, '-deadbeef'))));

/** The first `times` times that the page is opened it is the older one; whoever asks for the newest gets that. */
function serve(site, pattern, times) {
  const opened = [];
  site.changes.push([/^index\.html$/, (bytes, request) => {
    if (request.headers['sec-fetch-mode'] !== 'navigate') return bytes;
    opened.push(request.url);
    return opened.length <= times ? older(pattern)(bytes) : bytes;
  }]);
  return opened;
}

const COME = 'A new version of this page has come; it was loaded.';

for (const [what, pattern] of [
  ['program', /app-[0-9a-f]{8}/g],
  ['style sheet', /style-[0-9a-f]{8}/g],
  ['engine', /engine_cpu-[0-9a-f]{8}/g],
]) {
  test(`an old page whose ${what} is gone is loaded anew, once, and says so`, async ({ page, site }) => {
    // Errors of the page that is given up are its own.
    const lab = new Lab(page, site);
    const opened = serve(site, pattern, 1);
    await page.goto(`${site.url}#preset=mnist&model.id=mlp&engine=cpu`);
    await expect(lab.notices).toHaveText([new RegExp(COME)]);
    await lab.ready();
    expect(await lab.firstLosses(3)).toHaveLength(3);
    expect(opened).toHaveLength(2);
    await page.reload();
    await lab.ready();
    await expect(lab.notices, 'said once').toHaveCount(0);
  });
}

test('a host that opens the old page again and again is not followed for ever', async ({ page, site }) => {
  const opened = serve(site, /app-[0-9a-f]{8}/g, Infinity);
  await page.goto(`${site.url}#preset=mnist`);
  await expect.poll(() => opened.length).toBe(2);
  await expect(page.locator('.status-state')).toContainText('could not be loaded');
  await page.waitForLoadState('networkidle');
  expect(opened).toHaveLength(2);
});

test('what was trained is not thrown away for a new version', async ({ page, site, lab }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 5);
  site.changes.push([/^index\.html$/, older(/nothing/g)], [/engine_cpu/, 404]);
  await page.evaluate(() => window.intab.engines.kill('cpu'));
  await expect(lab.notices.filter({ hasText: 'A new version of this page has come.' })).toContainText('kept in this browser');
  expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0].type), 'not reloaded').toBe('navigate');
});
