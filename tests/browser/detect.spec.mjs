// Where all the things are: a network that comes trained draws a box around each.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './lab.mjs';

const WEIGHTS = /weights\/yolox_nano\/.*part-/;
const sample = (file) => readFile(`dist/samples/v1/${file}`);

async function open(page, site, query = '') {
  await page.goto(`${site.url}${query}#preset=detect`);
  await expect(page.getByTestId('drop')).toBeVisible();
}

const give = (page, name, buffer) => page.getByLabel('Choose a picture').setInputFiles([{ name, mimeType: '', buffer }]);

const boxes = (page) => page.getByTestId('detect-stage').locator('.found-box');
const list = (page) => page.getByTestId('detect-list').locator('.found-row');
const score = (page) => page.locator('[data-control="score"]');

async function withBus(page, site) {
  await open(page, site);
  await give(page, 'bus.jpg', await sample('bus.jpg'));
  await expect(page.getByTestId('detect-count')).toContainText('bus');
}

/** A slider to a value, as a person who drags it. */
const slide = (slider, value) => slider.evaluate((input, value) => {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}, value);

test('nothing large is fetched before there is a picture; then things have boxes and a list', async ({ lab, page, site }) => {
  await open(page, site);
  await expect(page.getByTestId('weights')).toContainText('1.8 MB');
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
  await give(page, 'bus.jpg', await sample('bus.jpg'));
  await expect(page.getByTestId('detect-count')).toContainText('bus');
  await expect(page.getByTestId('announcer')).toContainText(/^Found: .*bus × /);
  await expect(page.getByTestId('took')).toContainText('ms for the network');
  expect(site.requests.filter((path) => WEIGHTS.test(path)).length).toBe(2);
  const count = await list(page).count();
  expect(count).toBeGreaterThan(0);
  await expect(boxes(page)).toHaveCount(count);
  // Every box lies on the picture.
  const stage = await page.getByTestId('detect-stage').boundingBox();
  for (const box of await boxes(page).all()) {
    const { x, y, width, height } = await box.boundingBox();
    expect(x).toBeGreaterThan(stage.x - 3);
    expect(y).toBeGreaterThan(stage.y - 3);
    expect(x + width).toBeLessThan(stage.x + stage.width + 3);
    expect(y + height).toBeLessThan(stage.y + stage.height + 3);
  }
});

test('a sample is looked at, with its credit, and against the truth', async ({ lab, page, site }) => {
  await open(page, site);
  await page.getByTestId('picture-samples').getByRole('button', { name: 'A pizza' }).click();
  await expect(page.getByTestId('took')).toBeVisible();
  await expect(page.getByTestId('credit')).toContainText('CC');
  const step = page.getByTestId('truth-step');
  await expect(step).toContainText(/boxes of the network \d+\.$/);
  await page.locator('[data-control="truth-next"]').click();
  await expect(step).toContainText(/^Box 1 of \d+: .*precision (1\.00|0\.00)/);
  await page.locator('[data-control="truth-all"]').click();
  const all = Number((await step.innerText()).match(/^Box (\d+) of \1:/)[1]);
  await expect(page.locator('.truth-dot')).toHaveCount(all);
  await expect(page.getByTestId('truth-area')).toContainText(/average precision [01]\.\d{3}$/);
  await expect(page.getByTestId('truth-mean')).toContainText('from 0.5 to 0.95');
});

test('the list and the boxes point at each other, with the keyboard too', async ({ lab, page, site }) => {
  await withBus(page, site);
  const first = list(page).first();
  await first.focus();
  await expect(page.locator('.found-box.pointed')).toHaveCount(1);
  await expect(page.locator('.found-box.pointed .found-label')).toContainText(await first.locator('.found-name').innerText());
  await first.blur();
  await expect(page.locator('.found-box.pointed')).toHaveCount(0);
  await boxes(page).last().hover();
  await expect(page.locator('.found-row.pointed')).toHaveCount(1);
});

test('a lower score shows more, a higher one less, and without suppression there are many', async ({ lab, page, site }) => {
  await withBus(page, site);
  const before = await list(page).count();
  await slide(score(page), '0.05');
  await expect.poll(() => list(page).count()).toBeGreaterThan(before);
  await slide(score(page), '0.95');
  await expect.poll(() => list(page).count()).toBeLessThanOrEqual(before);
  await slide(score(page), '0.3');
  await expect(list(page)).toHaveCount(before);
  await page.locator('[data-control="suppress"]').uncheck();
  await expect.poll(() => boxes(page).count()).toBeGreaterThan(before);
  await page.locator('[data-control="suppress"]').check();
  await expect(boxes(page)).toHaveCount(before);
});

test('step by step each box stays or goes, and it is said why', async ({ lab, page, site }) => {
  await withBus(page, site);
  await page.locator('[data-control="step-by-step"]').click();
  const step = page.getByTestId('detect-step');
  await expect(step).toContainText(/^Box 1 of \d+: .*it stays\./);
  const all = Number((await step.innerText()).match(/of (\d+)/)[1]);
  expect(all).toBeGreaterThan(await list(page).count());
  let gone = 0;
  for (let at = 2; at <= all; at += 1) {
    await page.getByRole('button', { name: 'Next box' }).click();
    await expect(step).toContainText(`Box ${at} of ${all}`);
    gone += Number((await step.innerText()).includes('it goes'));
  }
  expect(all - gone).toBe(await list(page).count());
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(step).toHaveCount(0);
});

test('labels never cover each other, and a box of one’s own grows while it is dragged and changes by numbers', async ({ lab, page, site }) => {
  await withBus(page, site);
  // Many boxes, and a phone's width: labels go to other corners, or are left off.
  await slide(score(page), '0.1');
  const covered = () => page.evaluate(async () => {
    await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    const labels = [...document.querySelectorAll('.found-label:not(.left-off)')].map((label) => label.getBoundingClientRect()).filter(({ width }) => width > 0);
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.6 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.6;
    return { shown: labels.length, covered: labels.filter((a, at) => labels.slice(at + 1).some((b) => meet(a, b))).length };
  });
  const wide = await covered();
  expect(wide.shown).toBeGreaterThan(1);
  expect(wide.covered).toBe(0);
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(async () => (await covered()).covered).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await slide(score(page), '0.3');

  await page.locator('[data-control="own-box"]').check();
  const paper = page.getByTestId('own-paper');
  await paper.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const { x, y, width, height } = await paper.boundingBox();
  const own = page.locator('.own-box');
  await page.mouse.move(x + width * 0.3, y + height * 0.3);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.4, y + height * 0.4);
  const small = (await own.boundingBox()).width;
  await page.mouse.move(x + width * 0.7, y + height * 0.7);
  expect((await own.boundingBox()).width, 'it grows under the pointer').toBeGreaterThan(small * 2);
  await page.mouse.up();
  const sum = page.getByTestId('own-sum');
  await expect(sum).toContainText('÷');
  // The arithmetic is right as it is written: both ÷ either.
  const holds = async () => {
    const cells = await sum.locator('tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.replaceAll(',', ''))));
    const [own, theirs, both, either] = cells.slice(0, 4).map(([, result]) => Number(result));
    expect(own + theirs - both).toBe(either);
    expect(cells[4][0]).toBe(`${both} ÷ ${either}`);
    expect(Number(cells[4][1])).toBeCloseTo(both / either, 2);
    return own;
  };
  const before = await holds();
  const wideField = page.getByLabel('Width', { exact: true });
  const shown = Number(await wideField.inputValue());
  await wideField.fill(String(shown - 10));
  await wideField.press('Enter');
  await expect.poll(holds).toBeLessThan(before);
  await expect(page.getByTestId('announcer')).toContainText('Intersection over union: 0.');
  await page.getByRole('button', { name: 'Remove the box' }).click();
  // With the keyboard alone.
  await page.locator('[data-control="own-middle"]').press('Enter');
  await expect(sum).toContainText('÷');
});

test('what was found is handed on as COCO JSON and as CSV', async ({ lab, page, site }) => {
  await withBus(page, site);
  const count = await list(page).count();
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
    return readFile(await download.path(), 'utf8');
  };
  const json = JSON.parse(await saved('COCO JSON'));
  expect(json.images[0].file_name).toBe('bus.jpg');
  expect(json.annotations).toHaveLength(count);
  expect(json.categories).toHaveLength(80);
  expect(json.annotations.some(({ category_id }) => category_id === 6), 'a bus is number 6').toBe(true);
  const lines = (await saved('CSV')).trim().split('\n');
  expect(lines[0]).toBe('picture,class,score,left,top,width,height');
  expect(lines).toHaveLength(count + 1);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG with boxes' }).click()]);
  const png = await readFile(await download.path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)], 'as large as the picture').toEqual([640, 427]);
});

for (const [name, file, words] of [
  ['a text', () => Buffer.from('a letter, not a picture'), 'not a picture'],
  ['empty', () => Buffer.alloc(0), 'empty'],
  ['a JPEG cut short', async () => (await sample('bus.jpg')).subarray(0, 300), 'cut short'],
]) {
  test(`a file that is ${name} is refused in words, and the page goes on`, async ({ lab, page, site }) => {
    await open(page, site);
    await give(page, 'x.jpg', await file());
    await expect(page.getByTestId('refused')).toContainText(words);
    await give(page, 'bus.jpg', await sample('bus.jpg'));
    await expect(page.getByTestId('detect-count')).toContainText('bus');
    await expect(page.getByTestId('refused')).toHaveCount(0);
  });
}

test('weights that are missing are told in words, and another try works', async ({ lab, page, site }) => {
  await open(page, site);
  site.changes.push([/yolox_nano.*part-001/, 404]);
  await give(page, 'bus.jpg', await sample('bus.jpg'));
  await expect(page.getByTestId('refused').first()).toContainText('404');
  site.changes.length = 0;
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.getByTestId('weights')).toContainText('is ready');
  await give(page, 'bus.jpg', await sample('bus.jpg'));
  await expect(page.getByTestId('detect-count')).toContainText('bus');
});

for (const [width, scheme] of [[360, 'light'], [360, 'dark'], [1280, 'dark']]) {
  test(`it fits ${width} pixels, ${scheme}, and can be read by everyone`, async ({ lab, page, site }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
    await withBus(page, site);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}
