// The visitor's own classes: pictures that are nearly the same, in one class and in two, and the class for anything else.
import { readFile, readdir } from 'node:fs/promises';
import { FLAGS } from '../../playwright.config.mjs';
import { expect, test } from './lab.mjs';
import { add, card, count, name, open, pictures, status, trained, two } from './own.mjs';

test.use({
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

const SAMPLES = 'dist/samples/v1/';
const copies = (page, n) => card(page, n).getByTestId('copies');
const conflict = (page, n) => card(page, n).getByTestId('conflict');
const times = (file, n) => Array.from({ length: n }, (_, at) => ({ ...file, name: `${at}-${file.name}` }));

/** A photo of the site's own. */
async function photo(id) {
  const file = (await readdir(SAMPLES)).find((other) => other.startsWith(`${id}.`));
  return { name: file, mimeType: `image/${file.endsWith('png') ? 'png' : 'jpeg'}`, buffer: await readFile(SAMPLES + file) };
}

/** The same photo, smaller and compressed again. */
async function again(page, { buffer }, scale, quality) {
  const bytes = await page.evaluate(async ([bytes, scale, quality]) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = new OffscreenCanvas(picture.width * scale, picture.height * scale);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, [[...buffer], scale, quality]);
  return { name: 'again.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
}

test('copies of one file are named, are not held out to look good, and go at a click', async ({ lab, page, site }) => {
  await open(page, site);
  await name(page, 0, 'Stripes');
  await name(page, 1, 'Dots');
  const [one] = await pictures(page, 'stripes', 1);
  await add(page, 0, times(one, 10));
  await add(page, 1, await pictures(page, 'dots', 10));
  await expect(count(page, 0)).toHaveText('10 pictures');
  await expect(count(page, 1)).toHaveText('10 pictures');
  await expect(copies(page, 0).locator('summary')).toHaveText('9 pictures are nearly the same as another');
  await expect(copies(page, 1)).toHaveCount(0);
  await trained(page);
  await expect(page.getByTestId('own-of')).toHaveText('of only 2 held-out pictures right');
  await expect(page.getByTestId('unseen')).toContainText('No picture of “Stripes” is held out');
  await copies(page, 0).locator('summary').click();
  await expect(copies(page, 0).locator('img')).toHaveCount(8);
  await copies(page, 0).getByRole('button', { name: 'Remove 9 copies' }).click();
  await expect(count(page, 0)).toHaveText('1 picture');
  await expect(copies(page, 0)).toHaveCount(0);
  await expect(page.locator('#own-undo')).toBeFocused();
  await page.locator('#own-undo').click();
  await expect(count(page, 0)).toHaveText('10 pictures');
  await expect(copies(page, 0)).toBeVisible();
  // With copies alone in both classes nothing can be said.
  const [other] = await pictures(page, 'dots', 1, 40);
  await page.getByRole('button', { name: 'Remove Dots' }).click();
  await page.getByRole('button', { name: 'Add a class' }).click();
  await add(page, 1, times(other, 10));
  await expect(count(page, 1)).toHaveText('10 pictures');
  await trained(page);
  await expect(status(page)).toContainText('No picture was held out');
  expect(lab).toBeTruthy();
});

test('a photo that was made smaller and compressed again is a copy, another photo is none', async ({ lab, page, site }) => {
  await open(page, site);
  const [cat, bear] = [await photo('cat'), await photo('bear')];
  await add(page, 0, [cat, bear, await photo('poodle'), await again(page, cat, 0.5, 0.6), await again(page, bear, 0.8, 0.8)]);
  await expect(count(page, 0)).toHaveText('5 pictures');
  await expect(copies(page, 0).locator('summary')).toHaveText('2 pictures are nearly the same as another');
  await copies(page, 0).locator('summary').click();
  await expect(copies(page, 0).getByRole('listitem')).toHaveCount(2);
  expect(lab).toBeTruthy();
});

test('a picture in two classes is asked about once, and the answer is remembered', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page, 4);
  const [both] = await pictures(page, 'shades', 1);
  await add(page, 0, [both]);
  await expect(count(page, 0)).toHaveText('5 pictures');
  await add(page, 1, [both]);
  await expect(conflict(page, 1)).toContainText('Where does it belong?');
  await expect(page.getByTestId('announcer')).toContainText('Where does it belong?');
  await expect(conflict(page, 0)).toHaveCount(0);
  await expect(conflict(page, 1).locator('img')).toHaveCount(2);
  await conflict(page, 1).getByRole('button', { name: 'Only in “Stripes”' }).focus();
  await page.keyboard.press('Enter');
  await expect(count(page, 1)).toHaveText('4 pictures');
  await expect(count(page, 0)).toHaveText('5 pictures');
  await expect(conflict(page, 1)).toHaveCount(0);
  await page.locator('#own-undo').click();
  await conflict(page, 1).getByRole('button', { name: 'Keep both' }).click();
  await expect(conflict(page, 1)).toHaveCount(0);
  await expect(page.locator('input:focus')).toHaveValue('Dots');
  await expect(count(page, 1)).toHaveText('5 pictures');
  const kept = () => page.evaluate(async () => {
    const found = await (await caches.open('intab-v1')).match('own/project');
    return (await found?.json())?.shared.length;
  });
  await expect.poll(kept).toBe(2);
  await page.reload();
  await expect(count(page, 1)).toHaveText('5 pictures');
  await trained(page);
  await expect(conflict(page, 1)).toHaveCount(0);
  // A third one is another question.
  await page.getByRole('button', { name: 'Add a class' }).click();
  await add(page, 2, [both]);
  await expect(conflict(page, 2).getByRole('button', { name: 'Keep all' })).toBeVisible();
  expect(lab).toBeTruthy();
});

test('many pictures in two classes are settled at once', async ({ lab, page, site }) => {
  await open(page, site);
  const files = await pictures(page, 'shades', 3);
  await add(page, 0, files);
  await expect(count(page, 0)).toHaveText('3 pictures');
  await add(page, 1, [...files, ...await pictures(page, 'dots', 2)]);
  await expect(count(page, 1)).toHaveText('5 pictures');
  const all = conflict(page, 1).getByRole('checkbox', { name: 'The same for all 3 pictures' });
  await expect(all).toBeChecked();
  await all.uncheck();
  await conflict(page, 1).getByRole('button', { name: 'Only in “Class 1”' }).click();
  await expect(count(page, 1)).toHaveText('4 pictures');
  await expect(page.locator('button:focus')).toHaveText('Only in “Class 1”');
  await conflict(page, 1).getByRole('button', { name: 'Only in “Class 2”' }).click();
  await expect(count(page, 0)).toHaveText('1 picture');
  await expect(count(page, 1)).toHaveText('4 pictures');
  await expect(conflict(page, 1)).toHaveCount(0);
  expect(lab).toBeTruthy();
});

test('the frames of one recording are on one side of the split', async ({ lab, page, site }) => {
  await open(page, site);
  await card(page, 0).getByRole('button', { name: 'Camera' }).click();
  const hold = page.getByRole('button', { name: /Hold to take pictures/ });
  await expect(hold).toBeEnabled();
  await hold.focus();
  await page.keyboard.down('Space');
  await expect.poll(async () => Number.parseInt(await count(page, 0).innerText(), 10)).toBeGreaterThan(9);
  await page.keyboard.up('Space');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('intake')).toBeHidden();
  await add(page, 1, await pictures(page, 'dots', 10));
  await expect(count(page, 1)).toHaveText('10 pictures');
  await trained(page);
  await expect(page.getByTestId('own-of')).toHaveText('of only 2 held-out pictures right');
  await expect(page.getByTestId('unseen')).toContainText('No picture of “Class 1” is held out');
  expect(lab).toBeTruthy();
});

test('“None of these” is a class at one click, and an answer', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page);
  const more = page.getByRole('button', { name: 'Add “None of these”' });
  await more.click();
  await expect(more).toHaveCount(0);
  await expect(card(page, 2).getByRole('textbox')).toHaveValue('None of these');
  await expect(card(page, 2).getByRole('textbox')).toBeFocused();
  await expect(card(page, 2).getByTestId('none-note')).toContainText('pictures of anything else');
  await card(page, 2).getByRole('button', { name: 'Fill it with sample pictures' }).click();
  const samples = JSON.parse(await readFile(`${SAMPLES}index.json`, 'utf8')).length;
  await expect(count(page, 2)).toHaveText(`${samples} pictures`, { timeout: 60_000 });
  await trained(page);
  // A photo that is not among the samples: a part of one of them, mirrored.
  const bus = await photo('bus');
  const bytes = await page.evaluate(async (bytes) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = new OffscreenCanvas(picture.width / 2, picture.height / 2);
    const pen = canvas.getContext('2d');
    pen.scale(-1, 1);
    pen.drawImage(picture, -canvas.width, -canvas.height / 2);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  }, [...bus.buffer]);
  await page.getByLabel('A picture to try').setInputFiles({ name: 'part.png', mimeType: 'image/png', buffer: Buffer.from(bytes) });
  await expect(page.getByTestId('own-answer')).toContainText('It says None of these');
  await page.getByLabel('A picture to try').setInputFiles(await pictures(page, 'dots', 1, 40));
  await expect(page.getByTestId('own-answer')).toContainText('It says Dots');
  expect(lab).toBeTruthy();
});

for (const width of [390, 1280]) {
  test(`copies and questions are fit to read at ${width} px`, async ({ lab, page, site }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, site);
    await name(page, 0, 'A name as long as the field allows it to');
    const [one] = await pictures(page, 'stripes', 1);
    await add(page, 0, times(one, 12));
    await add(page, 1, await pictures(page, 'dots', 10));
    await expect(count(page, 0)).toHaveText('12 pictures');
    await expect(count(page, 1)).toHaveText('10 pictures');
    await trained(page);
    if (width < 500) await page.getByRole('tab').first().click();
    await page.getByRole('button', { name: 'Add “None of these”' }).click();
    await add(page, 1, [one]);
    await expect(conflict(page, 1)).toBeVisible();
    await copies(page, 0).locator('summary').click();
    if (process.env.INTAB_SHOTS) await page.screenshot({ path: `${process.env.INTAB_SHOTS}/copies-${width}.png`, fullPage: true });
    await lab.isFitToRead();
  });
}
