// The visitor's own classes: collected, trained, put right, kept; with the camera, the keyboard alone, on a phone.
import AxeBuilder from '@axe-core/playwright';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAGS } from '../../playwright.config.mjs';
import { expect, test } from './lab.mjs';
import { add, card, count, name, open, pictures, status, train, trained, two } from './own.mjs';

test.use({
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

test('three classes: trained, wrong labels found and put right, back after a reload', async ({ lab, page, site }) => {
  await open(page, site);
  await expect(train(page)).toBeDisabled();
  await expect(status(page)).toContainText('Add pictures to two classes');
  await two(page, 10);
  await page.getByRole('button', { name: 'Add a class' }).click();
  await name(page, 2, 'Shades');
  await add(page, 2, await pictures(page, 'shades', 20));
  // Four of one class are put into another.
  await add(page, 0, await pictures(page, 'shades', 4, 20));
  await expect(count(page, 0)).toHaveText('14 pictures');
  await expect(count(page, 2)).toHaveText('20 pictures');
  await page.getByTestId('own-options').locator('summary').click();
  await page.getByRole('textbox', { name: 'Held out, %' }).fill('50');
  await page.getByRole('textbox', { name: 'Held out, %' }).press('Enter');
  await trained(page);
  await expect(page.getByTestId('own-accuracy')).toHaveText(/\d+\s*%/);
  await expect(page.getByTestId('own-of')).toContainText('of 22 held-out pictures right');
  // The cell where shades are labelled as stripes.
  const cell = page.getByRole('gridcell', { name: /labelled Stripes, predicted Shades, [1-4] picture/ });
  await cell.click();
  const shown = page.getByTestId('own-cell').getByTestId('fix');
  const before = await shown.count();
  expect(before).toBeGreaterThan(0);
  await expect(shown.first().locator('img')).toBeVisible();
  await expect(shown.first()).toContainText('it says Shades');
  const id = await shown.first().getAttribute('data-id');
  await shown.first().getByRole('button', { name: 'Change', exact: true }).click();
  await expect(count(page, 0)).toHaveText('13 pictures');
  await expect(count(page, 2)).toHaveText('21 pictures');
  await expect(shown).toHaveCount(before - 1);
  await expect(card(page, 2).locator(`#thumb-${id}`)).toBeVisible();
  await expect(page.getByTestId('stale')).toContainText('1 picture new, gone or labelled otherwise');
  // Back, and again.
  await page.getByTestId('undo').getByRole('button', { name: 'Undo' }).click();
  await expect(count(page, 0)).toHaveText('14 pictures');
  await expect(shown).toHaveCount(before);
  // Doubtful labels hold those that were trained on too.
  const doubts = page.getByTestId('own-doubts').getByTestId('fix');
  expect(await doubts.count()).toBeGreaterThan(0);
  while (await doubts.filter({ hasText: 'labelled Stripes' }).filter({ hasText: 'it says Shades' }).count()) {
    await doubts.filter({ hasText: 'labelled Stripes' }).filter({ hasText: 'it says Shades' }).first().getByRole('button', { name: 'Change', exact: true }).click();
  }
  await page.getByTestId('stale').getByRole('button', { name: 'Train again' }).click();
  await expect(page.getByTestId('stale')).toBeHidden();
  await expect(train(page)).toBeEnabled();
  const [zero, three] = [await count(page, 0).innerText(), await count(page, 2).innerText()];
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(page.getByTestId('notice').filter({ hasText: '3 classes, 44 pictures, from last time' })).toBeVisible();
  await expect(count(page, 0)).toHaveText(zero);
  await expect(count(page, 2)).toHaveText(three);
  await expect(card(page, 2).getByRole('textbox')).toHaveValue('Shades');
  await expect(card(page, 0).locator('img').first()).toBeVisible();
  await page.getByLabel('A picture to try').setInputFiles(await pictures(page, 'dots', 1, 40));
  await expect(page.getByTestId('own-answer')).toContainText('It says Dots');
  await expect(page.getByTestId('own-answer')).toContainText('ms a picture');
  // And it goes on: nothing of the features was lost.
  await trained(page);
  expect(lab).toBeTruthy();
});

test('a file that is no picture is named, and the others go on', async ({ lab, page, site }) => {
  await open(page, site);
  const files = await pictures(page, 'dots', 3);
  files.splice(1, 0, { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('a letter, not a picture') });
  await add(page, 0, files);
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(page.getByTestId('left-out')).toContainText('1 file was left out');
  await expect(page.getByTestId('left-out')).toContainText('letter.png');
  await expect(page.getByTestId('intake')).toBeHidden();
  expect(lab).toBeTruthy();
});

test('folders become classes', async ({ lab, page, site }) => {
  await open(page, site);
  const root = await mkdtemp(join(tmpdir(), 'own-'));
  for (const kind of ['stripes', 'dots']) {
    await mkdir(join(root, kind));
    for (const file of await pictures(page, kind, 3)) await writeFile(join(root, kind, file.name), file.buffer);
  }
  await writeFile(join(root, 'dots', '.DS_Store'), 'not for us');
  await page.getByLabel('Folders as classes').setInputFiles(root);
  await expect(page.getByTestId('class')).toHaveCount(2);
  await expect(card(page, 0).getByRole('textbox')).toHaveValue('dots');
  await expect(card(page, 1).getByRole('textbox')).toHaveValue('stripes');
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('3 pictures');
  await expect(page.getByTestId('left-out')).toBeHidden();
  await expect(page.getByTestId('notice')).toContainText('Every folder is a class');
  expect(lab).toBeTruthy();
});

test('dropped on a class, pasted into the one in use', async ({ lab, page, site }) => {
  await open(page, site);
  const [one, other] = await pictures(page, 'dots', 2);
  const transfer = (bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'x.png', { type: 'image/png' }));
    return data;
  };
  await card(page, 1).evaluate((target, [make, bytes]) => {
    const dataTransfer = new Function(`return (${make})`)()(bytes);
    target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, [transfer.toString(), [...one.buffer]]).catch(() => {});
  await expect(count(page, 1)).toHaveText('1 picture');
  await card(page, 1).getByRole('textbox').focus();
  await page.evaluate(([make, bytes]) => {
    const clipboardData = new Function(`return (${make})`)()(bytes);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, [transfer.toString(), [...other.buffer]]);
  await expect(count(page, 1)).toHaveText('2 pictures');
  await expect(count(page, 0)).toHaveText('0 pictures');
  expect(lab).toBeTruthy();
});

test('the camera: a burst while the button is held, and live answers', async ({ lab, page, site }) => {
  await open(page, site);
  await card(page, 0).getByRole('button', { name: 'Camera' }).click();
  const hold = page.getByRole('button', { name: /Hold to take pictures/ });
  await expect(hold).toBeEnabled();
  await hold.hover();
  await page.mouse.down();
  await page.waitForTimeout(1600);
  await page.mouse.up();
  const taken = async () => Number.parseInt(await count(page, 0).innerText(), 10);
  await expect.poll(taken).toBeGreaterThan(5);
  await expect(page.getByTestId('intake')).toBeHidden();
  const before = await taken();
  // The space bar does the same.
  await hold.focus();
  await page.keyboard.down('Space');
  await page.waitForTimeout(700);
  await page.keyboard.up('Space');
  await expect.poll(taken).toBeGreaterThan(before + 2);
  await expect(page.getByTestId('intake')).toBeHidden();
  const after = await taken();
  await page.waitForTimeout(500);
  expect(await taken(), 'nothing more once it is let go').toBe(after);
  await page.getByRole('button', { name: 'Done' }).click();
  expect(await tracks(page), 'the light is out').toEqual([]);
  await add(page, 1, await pictures(page, 'dots', 8));
  await expect(count(page, 1)).toHaveText('8 pictures');
  await trained(page);
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.getByTestId('own-answer')).toContainText('It says Class 1');
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  expect(await tracks(page)).toEqual([]);
  expect(lab).toBeTruthy();
});

/** Videos on the page that still have a running camera. */
function tracks(page) {
  return page.evaluate(() => (window.streams ?? []).flatMap((s) => s.getTracks()).filter((t) => t.readyState === 'live').map((t) => t.kind));
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.streams = [];
    const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (!ask) return;
    navigator.mediaDevices.getUserMedia = async (wish) => {
      if (window.refuseCamera) throw new DOMException('no', window.refuseCamera);
      const stream = await ask(wish);
      window.streams.push(stream);
      return stream;
    };
  });
});

test('a camera that is refused, absent or unplugged is a sentence, and nothing is lost', async ({ lab, page, site }) => {
  await open(page, site);
  const trouble = page.getByTestId('camera-trouble');
  await page.evaluate(() => { window.refuseCamera = 'NotAllowedError'; });
  await card(page, 0).getByRole('button', { name: 'Camera' }).click();
  await expect(trouble).toContainText('refused');
  await page.evaluate(() => { window.refuseCamera = 'NotFoundError'; });
  await trouble.getByRole('button', { name: 'Try again' }).click();
  await expect(trouble).toContainText('no camera');
  await page.evaluate(() => { window.refuseCamera = ''; });
  await trouble.getByRole('button', { name: 'Try again' }).click();
  const hold = page.getByRole('button', { name: /Hold to take pictures/ });
  await expect(hold).toBeEnabled();
  await hold.hover();
  await page.mouse.down();
  await expect.poll(async () => Number.parseInt(await count(page, 0).innerText(), 10)).toBeGreaterThan(2);
  await page.evaluate(() => window.streams.at(-1).getTracks()[0].dispatchEvent(new Event('ended')));
  await expect(trouble).toContainText('unplugged');
  await page.mouse.up();
  expect(Number.parseInt(await count(page, 0).innerText(), 10)).toBeGreaterThan(2);
  expect(lab).toBeTruthy();
});

test('a classifier is downloaded, and predicts elsewhere without pictures', async ({ lab, page, site, browser }) => {
  await open(page, site);
  await two(page);
  await trained(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the classifier' }).click()]);
  const buffer = await readFile(await download.path());
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Labels as CSV' }).click()]);
  const rows = (await readFile(await csv.path(), 'utf8')).trim().split('\n');
  expect(rows[0]).toBe('id,class,held_out,predicted,probability');
  expect(rows).toHaveLength(17);
  expect(rows[1]).toMatch(/^\d+,"Stripes",(true|false),"(Stripes|Dots)",[01]\.\d{4}$/);
  const context = await browser.newContext();
  const elsewhere = await context.newPage();
  await open(elsewhere, site);
  await elsewhere.getByLabel('Load a classifier').setInputFiles({ name: 'own.safetensors', mimeType: 'application/octet-stream', buffer });
  await expect(elsewhere.getByTestId('own-of')).toContainText('Stripes, Dots');
  await elsewhere.getByLabel('A picture to try').setInputFiles(await pictures(page, 'stripes', 1, 50));
  await expect(elsewhere.getByTestId('own-answer')).toContainText('It says Stripes');
  await context.close();
  expect(lab).toBeTruthy();
});

test('a browser that keeps nothing is told of once, and work goes on', async ({ lab, page, site }) => {
  await page.addInitScript(() => Object.defineProperty(window, 'caches', { value: undefined }));
  await open(page, site);
  await two(page);
  await expect(page.getByTestId('notice').filter({ hasText: 'Not kept' })).toHaveCount(1);
  await trained(page);
  await expect(page.getByTestId('notice').filter({ hasText: 'Not kept' })).toHaveCount(1);
  expect(lab).toBeTruthy();
});

test('weights that cannot be fetched stop the reading, and it goes on where it was', async ({ lab, page, site }) => {
  site.changes.push([/^weights\/.*(?<!\.json)$/, 503]);
  await open(page, site);
  await add(page, 0, await pictures(page, 'dots', 4));
  await expect(page.getByTestId('halted')).toBeVisible({ timeout: 60_000 });
  await expect(count(page, 0)).toHaveText('0 pictures');
  site.changes.pop();
  await page.getByTestId('halted').getByRole('button', { name: 'Try again' }).click();
  await expect(count(page, 0)).toHaveText('4 pictures');
  await expect(page.getByTestId('halted')).toBeHidden();
  expect(lab).toBeTruthy();
});

test('an engine that dies is followed by one that knows all', async ({ lab, page, site }) => {
  await page.addInitScript(() => {
    window.workers = [];
    window.Worker = class extends Worker {
      constructor(...all) {
        super(...all);
        window.workers.push(this);
      }
    };
  });
  await open(page, site);
  await two(page);
  await trained(page);
  const die = () => page.evaluate(() => window.workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })));
  await die();
  await page.getByLabel('A picture to try').setInputFiles(await pictures(page, 'dots', 1, 40));
  await expect(page.getByTestId('own-answer')).toContainText('It says Dots');
  await die();
  await trained(page);
  await expect(page.getByTestId('own-of')).toContainText('held-out');
  await expect(count(page, 0)).toHaveText('8 pictures');
  expect(lab).toBeTruthy();
});

test('a second tab with the same pictures is warned', async ({ lab, page, site, context }) => {
  await open(page, site);
  const second = await context.newPage();
  await open(second, site);
  await expect(second.getByTestId('notice')).toContainText('open in another tab');
  await expect(page.getByTestId('notice')).toHaveCount(0);
  expect(lab).toBeTruthy();
});

test('with the keyboard alone: select, delete, undo, train, a cell', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page, 6);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tab = async (until) => {
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press('Tab');
      if (until.test(await focused())) return;
    }
    throw new Error(`never reached ${until}`);
  };
  await card(page, 0).getByRole('textbox').focus();
  await tab(/^thumb-/);
  const first = await focused();
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).not.toBe(first);
  await page.keyboard.press('Space');
  await expect(card(page, 0).getByTestId('selection')).toContainText('1 picture selected');
  await page.keyboard.press('Delete');
  await expect(count(page, 0)).toHaveText('5 pictures');
  await expect.poll(focused).toMatch(/^thumb-/);
  await tab(/^own-undo$/);
  await page.keyboard.press('Enter');
  await expect(count(page, 0)).toHaveText('6 pictures');
  await train(page).focus();
  await page.keyboard.press('Enter');
  await expect(status(page)).toContainText(/held.out/);
  await page.keyboard.press('Shift+Tab');
  await page.locator('#own-cell-0-0').focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('own-cell-1-0');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('own-cell')).toBeVisible();
  await expect(page.getByTestId('announcer')).not.toBeEmpty();
  expect(lab).toBeTruthy();
});

test('a class goes and comes back; starting over asks first', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page, 4);
  await page.getByRole('button', { name: 'Remove Stripes' }).click();
  await expect(page.getByTestId('class')).toHaveCount(1);
  await expect(page.getByTestId('undo')).toContainText('“Stripes” is removed with 4 pictures');
  await page.getByTestId('undo').getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 0).getByRole('textbox')).toHaveValue('Stripes');
  await expect(count(page, 0)).toHaveText('4 pictures');
  await trained(page);
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.getByTestId('start-over')).toContainText('2 classes with 8 pictures and the trained classifier are deleted for good');
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await expect(count(page, 0)).toHaveText('0 pictures');
  await expect(train(page)).toBeDisabled();
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(card(page, 1)).toBeVisible();
  await expect(count(page, 0)).toHaveText('0 pictures');
  const kept = await page.evaluate(async () => (await (await caches.open('intab-v1')).keys()).map((r) => new URL(r.url).pathname));
  expect(kept.filter((path) => /own\/(?!project)/.test(path)), 'what is left in the browser').toEqual([]);
  expect(lab).toBeTruthy();
});

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing serious (${scheme})`, async ({ lab, page, site }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open(page, site);
    await two(page);
    await add(page, 0, await pictures(page, 'dots', 4, 30));
    await expect(count(page, 0)).toHaveText('12 pictures');
    await trained(page);
    for (const summary of await page.locator('.own summary').all()) await summary.click();
    await card(page, 1).locator('.thumb-button').first().click();
    await card(page, 1).getByRole('button', { name: 'Camera' }).click();
    await page.locator('#own-cell-0-0').click();
    await page.getByRole('button', { name: 'Start over' }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(lab).toBeTruthy();
  });
}

for (const width of [320, 390, 640, 960, 1280, 1920]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ lab, page, site }) => {
    await page.setViewportSize({ width, height: 720 });
    await open(page, site);
    await name(page, 0, 'A name as long as the field allows it to');
    await add(page, 0, await pictures(page, 'stripes', 5));
    await add(page, 1, await pictures(page, 'dots', 5));
    await expect(count(page, 0)).toHaveText('5 pictures');
    await expect(count(page, 1)).toHaveText('5 pictures');
    await trained(page);
    const tabs = page.getByRole('tab');
    for (let tab = 0; tab < Math.max(1, await tabs.count()); tab += 1) {
      if (await tabs.nth(tab).isVisible().catch(() => false)) await tabs.nth(tab).click();
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(scroll).toBeLessThanOrEqual(client);
      const wide = await page.evaluate(() => [...document.querySelectorAll('.own *')]
        .filter((e) => !e.closest('.sr-only, svg, .confusion th') && !e.classList.contains('sr-only') && e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.className || e.tagName));
      expect(wide, 'reaches out of the page').toEqual([]);
      await expect(train(page)).toBeInViewport();
    }
    expect(lab).toBeTruthy();
  });
}
