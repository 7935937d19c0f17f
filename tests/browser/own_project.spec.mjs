// The visitor's own classes as a file: saved, opened elsewhere, added to others; archives of other programs, broken ones.
import { readFile } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from './lab.mjs';
import { add, card, count, name, open, pictures, trained, two } from './own.mjs';

const failed = (page) => page.getByTestId('opening-failed');
const opening = (page) => page.getByTestId('opening');

async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the project' }).click()]);
  expect(download.suggestedFilename()).toBe('intab-own-pictures.zip');
  return readFile(await download.path());
}

async function openFile(page, buffer, name = 'mine.zip') {
  await page.getByLabel('Open a project or ZIP').setInputFiles({ name, mimeType: 'application/zip', buffer });
}

/** A ZIP archive as other programs write it: deflated, with folders as entries of their own. */
function zip(files) {
  const [parts, list] = [[], []];
  let at = 0;
  for (const { name, buffer } of files) {
    const packed = deflateRawSync(buffer);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(buffer), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(buffer.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, Buffer.from(name)]));
    parts.push(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed]));
    at += parts.at(-1).length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const results = async (page) => [
  await page.getByTestId('own-accuracy').innerText(),
  await page.getByTestId('own-of').innerText(),
  ...await page.getByTestId('own-confusion').getByRole('gridcell').evaluateAll((cells) => cells.map((c) => c.getAttribute('aria-label') ?? c.textContent)),
];

test('a project is saved and opened elsewhere: the same pictures, classes and accuracy', async ({ lab, page, site, browser }) => {
  await open(page, site);
  await two(page, 10);
  await page.getByRole('button', { name: 'Add “None of these”' }).click();
  await add(page, 2, await pictures(page, 'shades', 12));
  // Some in the wrong class, so that not every held-out picture is right; one in two classes.
  await add(page, 0, await pictures(page, 'shades', 8, 20));
  await add(page, 1, await pictures(page, 'shades', 1));
  await expect(count(page, 0)).toHaveText('18 pictures');
  await expect(count(page, 1)).toHaveText('11 pictures');
  await name(page, 0, 'Stripes: 1/2?');
  await card(page, 1).getByRole('button', { name: 'Keep both' }).click();
  await page.getByTestId('own-options').locator('summary').click();
  await page.getByRole('textbox', { name: 'Held out, %' }).fill('40');
  await page.getByRole('textbox', { name: 'Held out, %' }).press('Enter');
  await trained(page);
  const before = await results(page);
  expect(before[0]).not.toMatch(/100/);
  const first = await saved(page);
  const context = await browser.newContext({ acceptDownloads: true });
  const elsewhere = await context.newPage();
  await open(elsewhere, site);
  await openFile(elsewhere, first);
  await expect(elsewhere.getByTestId('class')).toHaveCount(3);
  for (const [at, words, pictures] of [[0, 'Stripes: 1/2?', 18], [1, 'Dots', 11], [2, 'None of these', 12]]) {
    await expect(card(elsewhere, at).getByRole('textbox')).toHaveValue(words);
    await expect(count(elsewhere, at)).toHaveText(`${pictures} pictures`);
  }
  await expect(card(elsewhere, 2).getByTestId('none-note')).toBeVisible();
  await expect(elsewhere.getByTestId('notice')).toContainText('“mine.zip” is open: 41 pictures.');
  await expect(card(elsewhere, 1).getByTestId('conflict'), 'asked and answered already').toHaveCount(0);
  expect((await saved(elsewhere)).equals(first), 'the same file again').toBe(true);
  await trained(elsewhere);
  expect(await results(elsewhere)).toEqual(before);
  await context.close();
  expect(lab).toBeTruthy();
});

test('a project that is open is not lost: add, replace or cancel', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page, 3);
  const file = await saved(page);
  await name(page, 0, 'Lines');
  await openFile(page, file);
  await expect(opening(page)).toContainText('“mine.zip” holds 2 classes with 6 pictures. On the page there are 6 pictures already.');
  await expect(opening(page).getByRole('button', { name: 'Add to my classes' })).toBeFocused();
  await opening(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(opening(page)).toHaveCount(0);
  await expect(count(page, 0)).toHaveText('3 pictures');
  await openFile(page, file);
  await opening(page).getByRole('button', { name: 'Add to my classes' }).click();
  await expect(page.getByTestId('class')).toHaveCount(3);
  await expect(card(page, 2).getByRole('textbox')).toHaveValue('Stripes');
  await expect(count(page, 2)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('6 pictures');
  await expect(card(page, 1).getByTestId('copies').locator('summary')).toContainText('3 pictures are nearly the same');
  await openFile(page, file);
  await opening(page).getByRole('button', { name: 'Replace my classes' }).click();
  await expect(page.getByTestId('class')).toHaveCount(2);
  await expect(card(page, 0).getByRole('textbox')).toHaveValue('Stripes');
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('3 pictures');
  await trained(page);
  expect(lab).toBeTruthy();
});

test('any archive with a folder for each class is opened, by its button and by a drop', async ({ lab, page, site }) => {
  await open(page, site);
  const files = async (kind) => (await pictures(page, kind, 3)).map((file) => ({ ...file, name: `All/${kind}/${file.name}` }));
  const archive = zip([
    { name: 'All/', buffer: Buffer.alloc(0) },
    ...await files('stripes'),
    { name: 'All/dots/.DS_Store', buffer: Buffer.from('not for us') },
    { name: '__MACOSX/All/dots/._dots-0.png', buffer: Buffer.from('not for us') },
    ...await files('dots'),
    { name: 'All/dots/notes.txt', buffer: Buffer.from('a letter') },
  ]);
  await openFile(page, archive);
  await expect(card(page, 0).getByRole('textbox')).toHaveValue('dots');
  await expect(card(page, 1).getByRole('textbox')).toHaveValue('stripes');
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('3 pictures');
  await expect(page.getByTestId('left-out')).toContainText('1 file was left out');
  await expect(page.getByTestId('left-out')).toContainText('notes.txt');
  // Pictures without a folder, dropped on a class.
  const loose = zip((await pictures(page, 'shades', 2)).map((file) => file));
  await card(page, 1).evaluate((target, bytes) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(bytes)], 'Loose.ZIP'));
    target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, [...loose]);
  await expect(count(page, 1)).toHaveText('5 pictures');
  expect(lab).toBeTruthy();
});

test('a file that is no archive, or not a whole one, is said in words, and nothing is lost', async ({ lab, page, site }) => {
  await open(page, site);
  await two(page, 3);
  const whole = await saved(page);
  await openFile(page, Buffer.from('a letter, not an archive'), 'letter.zip');
  await expect(failed(page)).toContainText('“letter.zip” could not be opened. It is not a ZIP file, or it is cut short.');
  await expect(failed(page).getByRole('button', { name: 'Dismiss' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(failed(page)).toHaveCount(0);
  await expect(page.getByLabel('Open a project or ZIP')).toBeFocused();
  await openFile(page, whole.subarray(0, whole.length / 2), 'half.zip');
  await expect(failed(page)).toContainText('“half.zip” could not be opened.');
  // One byte of a picture is another: that picture is named, the others come.
  const damaged = Buffer.from(whole);
  damaged[damaged.indexOf('Dots/0002.jpg', damaged.indexOf('features.bin')) + 200] ^= 0x55;
  await openFile(page, damaged);
  await opening(page).getByRole('button', { name: 'Replace my classes' }).click();
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('2 pictures');
  await expect(page.getByTestId('left-out')).toContainText('0002.jpg: It is cut short or damaged.');
  // Without its list it is a ZIP of folders.
  const bare = Buffer.from(whole);
  bare[bare.indexOf('intab.json') + 20] ^= 0x55;
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await openFile(page, bare);
  await expect(page.getByTestId('notice').filter({ hasText: 'The list of this project is damaged' })).toBeVisible();
  await expect(card(page, 0).getByRole('textbox')).toHaveValue('Dots');
  await expect(count(page, 0)).toHaveText('3 pictures');
  await expect(count(page, 1)).toHaveText('3 pictures');
  await expect(page.getByTestId('left-out')).toHaveCount(0);
  expect(lab).toBeTruthy();
});

for (const width of [390, 1280]) {
  test(`the question about an open project is fit to read at ${width} px`, async ({ lab, page, site }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, site);
    await two(page, 4);
    const file = await saved(page);
    await openFile(page, file, 'a name that is as long as files have now and then, with spaces and more.zip');
    await expect(opening(page)).toBeVisible();
    if (process.env.INTAB_SHOTS) await page.screenshot({ path: `${process.env.INTAB_SHOTS}/opening-${width}.png`, fullPage: true });
    await lab.isFitToRead();
  });
}
