// What a host and a browser are promised: a policy that the pages keep, and an app that can be installed.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { FLAGS } from '../../playwright.config.mjs';
import { expect, test } from './lab.mjs';

/** What the policy forbade, in this page and in the frames of it. */
async function watched(page) {
  const forbidden = [];
  await page.exposeFunction('forbade', (what) => forbidden.push(what));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    window.forbade(`${violatedDirective} ${blockedURI} ${sourceFile}`);
  }));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) forbidden.push(message.text());
  });
  return forbidden;
}

const policyOf = (html) => /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)[1];

/** Everything that runs: a lab that trains, a lab in a frame, the deck. */
async function useAll(page, site, lab) {
  await lab.open('#preset=mnist&model.id=mlp');
  expect(await lab.firstLosses(3)).toHaveLength(3);
  await page.goto(`${site.url}?embed=1&autoplay=1#preset=mnist&model.id=mlp&engine=cpu`);
  await page.waitForFunction(() => window.intab);
  await lab.until({ step: 3 });
  await page.goto(`${site.url}slides/`);
  await expect(page.locator('.reveal.ready')).toBeAttached();
  await page.evaluate(() => window.deck.slide(1));
  await expect(page.frameLocator('intab-lab iframe').first().locator('.page')).toBeVisible();
}

test('no page does what its own policy forbids, and none lets inline scripts run', async ({ lab, page, site }) => {
  const forbidden = await watched(page);
  await useAll(page, site, lab);
  expect(forbidden).toEqual([]);
  for (const path of ['', 'slides/', 'speed/']) {
    const html = await (await page.request.get(site.url + path)).text();
    const scripts = /script-src ([^;]+)/.exec(policyOf(html))[1];
    expect(scripts).not.toContain('unsafe-inline');
    expect(scripts).not.toContain("'unsafe-eval'");
  }
});

test('the same policy holds as a header, workers included', async ({ lab, page, site }) => {
  const [index, deck] = await Promise.all(['index.html', 'slides/index.html'].map((name) => readFile(`dist/${name}`, 'utf8')));
  const scripts = policyOf(deck).match(/'sha256-[^']+'/g).join(' ');
  site.headers = { 'content-security-policy': policyOf(index).replace('script-src ', `script-src ${scripts} `) };
  const forbidden = await watched(page);
  await useAll(page, site, lab);
  expect(forbidden).toEqual([]);
});

for (const path of ['#preset=mnist', '?embed=1#preset=mnist', 'slides/', 'speed/']) {
  test(`a script that is put into ${path} does not run`, async ({ page, site }) => {
    const forbidden = await watched(page);
    await page.goto(site.url + path);
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = "inline"' }));
      document.body.insertAdjacentHTML('beforeend', '<img src="nothing" onerror="window.ran = \'handler\'">');
    });
    await expect.poll(() => forbidden.filter((what) => what.startsWith('script-src')).length).toBeGreaterThanOrEqual(2);
    expect(await page.evaluate(() => window.ran)).toBeUndefined();
  });
}

test('a browser offers to install it', async ({ site }) => {
  // Not in a private window, which is what tests otherwise have.
  const folder = await mkdtemp(join(tmpdir(), 'intab-install-'));
  const context = await chromium.launchPersistentContext(folder, { executablePath: '/usr/bin/chromium', args: FLAGS, serviceWorkers: 'allow' });
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    await page.evaluate(async () => { await navigator.serviceWorker.ready; });
    const devtools = await context.newCDPSession(page);
    const { data, errors } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data).icons.map((icon) => icon.purpose)).toContain('maskable');
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});
