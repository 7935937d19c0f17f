// What is in a picture: a network that comes trained reads the visitor's pictures, and shows why.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import { FLAGS } from '../../playwright.config.mjs';
import { expect, png, test } from './lab.mjs';

const WEIGHTS = /weights\/.*part-/;
const sample = (file) => readFile(`dist/samples/v1/${file}`);

async function open(page, site) {
  await page.goto(`${site.url}#preset=imagenet`);
  await expect(page.getByTestId('drop')).toBeVisible();
}

function give(page, ...files) {
  const all = files.map(([name, buffer]) => ({ name, mimeType: '', buffer }));
  return page.getByLabel('Choose pictures').setInputFiles(all);
}

async function withBananas(page, site) {
  await open(page, site);
  await page.getByRole('button', { name: 'Bananas' }).click();
  await expect(page.getByTestId('verdict')).toContainText('Banana');
}

/** What stands on the canvas. */
const pixels = (locator) => locator.evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, colours: new Set(new Uint32Array(data.buffer)).size, sum: data.reduce((a, b) => a + b, 0) };
});

const percentages = async (page) => {
  const values = await page.locator('.five-value').allInnerTexts();
  return values.map((value) => [...value.matchAll(/([\d.]+)\s*%/g)].map((match) => Number(match[1])));
};

test('nothing large is fetched before there is a picture; then a sample is named', async ({ lab, page, site }) => {
  await open(page, site);
  await expect(page.getByTestId('weights')).toContainText('9.3 MB');
  await expect(page.getByTestId('play')).toHaveCount(0);
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
  await page.getByRole('button', { name: 'Bananas' }).click();
  await expect(page.getByTestId('verdict')).toContainText('Banana');
  await expect(page.getByTestId('announcer')).toContainText(/^Banana, \d+/);
  await expect(page.getByTestId('took')).toContainText('ms for the network');
  await expect(page.getByTestId('credit')).toContainText('CC BY');
  await expect(page.locator('.five-row')).toHaveCount(5);
  await expect(page.getByTestId('gallery')).toHaveCount(0);
  const seen = await pixels(page.getByTestId('stage').locator('canvas'));
  expect([seen.width, seen.height]).toEqual([224, 224]);
  expect(seen.colours).toBeGreaterThan(1000);
  await expect(page.getByTestId('play'), 'it trains nothing').toHaveCount(0);
});

test('the second visit fetches no weights', async ({ lab, page, site }) => {
  await withBananas(page, site);
  site.requests.length = 0;
  await page.reload();
  await expect(page.getByTestId('weights')).toContainText('already here');
  await page.getByRole('button', { name: 'Bananas' }).click();
  await expect(page.getByTestId('verdict')).toContainText('Banana');
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
});

test('a button fetches the network before there is a picture', async ({ lab, page, site }) => {
  await open(page, site);
  await page.getByRole('button', { name: 'Fetch the network now' }).click();
  await expect(page.getByTestId('weights')).toContainText('is ready');
  expect(site.requests.filter((path) => WEIGHTS.test(path)).length).toBeGreaterThan(3);
});

for (const [name, change, words] of [
  ['missing', 404, '404'],
  ['cut short', (bytes) => bytes.subarray(0, 5000), 'cut short'],
]) {
  test(`weights that are ${name} are told in words, and another try works`, async ({ lab, page, site }) => {
    await open(page, site);
    site.changes.push([/part-003/, change]);
    await page.getByRole('button', { name: 'Bananas' }).click();
    await expect(page.getByTestId('stage').getByRole('alert')).toContainText(words);
    site.changes.length = 0;
    await page.getByTestId('stage').getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByTestId('verdict')).toContainText('Banana');
  });
}

test('several files become a gallery; one that is none is told by name, and nothing else is lost', async ({ lab, page, site }) => {
  await open(page, site);
  const files = [['pizza.jpg', await sample('pizza.jpg')], ['letter.txt', Buffer.from('Dear all')], ['bus.jpg', await sample('bus.jpg')]];
  await give(page, ...files);
  await expect(page.getByTestId('gallery-count')).toHaveText('2 of 3 read, 1 could not be');
  const cards = page.getByTestId('gallery').locator('.card');
  await expect(cards.nth(0)).toContainText('Pizza');
  await expect(cards.nth(1)).toContainText('letter.txt');
  await expect(cards.nth(1)).toContainText('not a picture');
  await cards.nth(1).locator('.card-open').click();
  await expect(page.getByTestId('stage-failed')).toContainText('letter.txt');
  await cards.nth(2).locator('.card-open').click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  const third = await page.getByTestId('verdict').innerText();
  await cards.nth(0).locator('.card-open').click();
  await expect(page.getByTestId('verdict')).toContainText('Pizza');
  expect(third).not.toContain('Pizza');
  await page.getByRole('button', { name: 'Remove letter.txt' }).click();
  await expect(cards).toHaveCount(2);
  // The shelf belongs to the page, not to the view.
  await page.getByLabel('Lab', { exact: true }).selectOption('own');
  await page.getByLabel('Lab', { exact: true }).selectOption('imagenet');
  await expect(cards).toHaveCount(2);
});

test('of many pictures only so many are drawn, and reading can be stopped', async ({ lab, page, site }) => {
  await open(page, site);
  const dot = await png(page, { draw: 'M40 40 L160 160', size: 64 });
  await give(page, ...Array.from({ length: 150 }, (_, at) => [`${at}.png`, dot]));
  await expect(page.getByTestId('gallery').locator('.card')).toHaveCount(60);
  await expect(page.getByRole('button', { name: /Show more/ })).toContainText('90');
  await expect(page.getByTestId('gallery-count')).toContainText(/^([3-9]|\d\d+) of 150 read/);
  await page.getByRole('button', { name: 'Stop reading' }).click();
  await expect(page.getByRole('button', { name: 'Remove all' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(page.getByTestId('gallery')).toHaveCount(0);
});

/** A PNG that says it has 30,000 × 30,000 pixels. */
const HUGE = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  Buffer.from('IHDR'),
  Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 6, 0, 0, 0, 0, 0, 0, 0]),
]);
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(400)]);

for (const [name, file, words] of [
  ['a text', () => Buffer.from('a letter, not a picture'), 'not a picture'],
  ['empty', () => Buffer.alloc(0), 'empty'],
  ['a JPEG cut short', async () => (await sample('bananas.jpg')).subarray(0, 300), 'cut short'],
  ['900 megapixels', () => HUGE, '900 megapixels'],
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'SVG'],
  ['a HEIC photo', () => HEIC, 'HEIC'],
]) {
  test(`a file that is ${name} is refused in words, and the page goes on`, async ({ lab, page, site }) => {
    await open(page, site);
    await give(page, ['x.jpg', await file()]);
    await expect(page.getByTestId('stage-failed')).toContainText(words);
    await expect(page.getByTestId('stage-failed')).toContainText('x.jpg');
    await page.getByRole('button', { name: 'Bananas' }).click();
    await expect(page.getByTestId('verdict')).toContainText('Banana');
  });
}

test('an animated GIF is read as its first picture', async ({ lab, page, site }) => {
  await open(page, site);
  // Two frames of 1 × 1.
  const gif = Buffer.from('47494638396101000100800000ff0000ffffff21ff0b4e45545343415045322e30030100000021f90400000000002c000000000100010000020244010021f90400000000002c00000000010001000002024c01003b', 'hex');
  await give(page, ['moving.gif', gif]);
  await expect(page.getByTestId('verdict')).toBeVisible();
  await page.getByTestId('stage').hover();
  await expect(page.getByTestId('place')).toContainText('red 255, green 0, blue 0');
});

test('pictures that are dropped or pasted are read', async ({ lab, page, site }) => {
  await open(page, site);
  const bytes = [...await sample('bananas.jpg')];
  const send = (type) => page.evaluate(([type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], `${type}.jpg`, { type: 'image/jpeg' }));
    const event = type === 'drop'
      ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }, [type, bytes]);
  await send('drop');
  await expect(page.getByTestId('verdict')).toContainText('Banana');
  await send('paste');
  await expect(page.getByTestId('gallery-count')).toHaveText('2 of 2 read');
});

test('where it looked: a map for each of the five, another for each', async ({ lab, page, site }) => {
  await withBananas(page, site);
  const canvas = page.getByTestId('stage').locator('canvas');
  const plain = await pixels(canvas);
  await page.locator('.five-row').first().click();
  await expect(page.getByRole('radio', { name: 'Where it looked' })).toBeChecked();
  await expect.poll(async () => (await pixels(canvas)).sum).not.toBe(plain.sum);
  const first = await pixels(canvas);
  await page.locator('.five-row').nth(2).click();
  await expect.poll(async () => (await pixels(canvas)).sum).not.toBe(first.sum);
  await page.getByTestId('stage').hover();
  await expect(page.getByTestId('place')).toContainText(/Row 4, column 4: .*to the score/);
});

test('each place is covered in turn; it can be stopped and gone on with', async ({ lab, page, site }) => {
  await withBananas(page, site);
  await page.getByText('Cover places').click();
  await page.getByRole('button', { name: 'Cover each place in turn' }).click();
  await expect(page.getByTestId('cover-progress')).toContainText(/^[1-9]\d* of 49/);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByTestId('cover-progress')).toHaveCount(0);
  await page.getByTestId('stage').hover();
  await expect(page.getByTestId('place')).toContainText(/with this covered, “banana” goes from \d+/i);
  // Kept, and another class costs nothing.
  const canvas = page.getByTestId('stage').locator('canvas');
  const before = await pixels(canvas);
  await page.locator('.five-row').nth(1).click();
  await expect.poll(async () => (await pixels(canvas)).sum).not.toBe(before.sum);
  await expect(page.getByTestId('cover-progress')).toHaveCount(0);
});

test('painting grey over the picture changes the answer, and can be undone', async ({ lab, page, site }) => {
  await withBananas(page, site);
  const [[before]] = await percentages(page);
  await page.getByText('Paint over').click();
  const stage = page.getByTestId('stage');
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.1, 0.2));
  await page.mouse.down();
  for (const y of [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) {
    await page.mouse.move(...at(0.1, y));
    await page.mouse.move(...at(0.9, y), { steps: 4 });
  }
  await page.mouse.up();
  await expect(page.getByTestId('after')).toBeVisible();
  const [[was, now]] = await percentages(page);
  expect(was).toBe(before);
  expect(now).not.toBe(before);
  await page.getByRole('button', { name: 'Undo all' }).click();
  await expect(page.getByTestId('after')).toHaveCount(0);
  // Without a pointer.
  await page.getByRole('button', { name: 'Middle' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('after')).toBeVisible();
  await expect(page.getByTestId('announcer')).toContainText('With the grey');
});

test('a layer shows its maps for this picture', async ({ lab, page, site }) => {
  await open(page, site);
  const inside = page.getByTestId('inside');
  await expect(inside).toContainText('4,631,000');
  await expect(inside).toContainText('385 million');
  await expect(page.getByTestId('part')).toHaveCount(19);
  await page.getByTestId('part').filter({ hasText: 'Block 2' }).first().locator('summary').click();
  await page.getByRole('button', { name: /Depthwise 3 × 3, stride 2/ }).click();
  await expect(page.getByTestId('maps')).toContainText('Choose a picture first');
  await page.getByRole('button', { name: 'Bananas' }).click();
  await expect(page.getByTestId('maps-words')).toContainText('64 of 96 maps shown, 56 × 56 each');
  const maps = await pixels(page.getByTestId('maps').locator('canvas'));
  expect(maps.colours).toBeGreaterThan(100);
  await page.getByTestId('maps').getByRole('button', { name: /Arrows go/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('maps-words')).toContainText('Map 2 of 96');
});

test('scripts ask too, from the page that trains', async ({ lab, page, site }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  const answer = await page.evaluate(async (bytes) => {
    const blob = new Blob([new Uint8Array(bytes)]);
    const found = await window.intab.ask({ kind: 'classify', input: blob });
    const boxes = [{ left: 0, top: 0, width: 224, height: 224 }];
    const covered = await window.intab.ask({ kind: 'occlude', input: found.input, boxes, classes: [found.labels[0].id] });
    const inside = await window.intab.ask({ kind: 'inside', input: found.input, layer: 0 });
    const frame = await window.intab.ask({ kind: 'classify', input: new ImageData(300, 200) });
    return { first: found.labels[0], logits: found.logits.length, size: found.size, network: found.milliseconds.network, covered: covered.probabilities, maps: [inside.title, inside.maps, inside.width], frame: frame.size };
  }, [...await sample('bananas.jpg')]);
  expect(answer.first.name).toBe('banana');
  expect(answer.logits).toBe(1000);
  expect(answer.network).toBeGreaterThan(0);
  expect(answer.covered[0][0]).toBeLessThan(0.5);
  expect(answer.maps).toEqual(['Convolution 3 × 3, stride 2', 32, 112]);
  expect(answer.frame).toEqual([300, 200]);
});

test('with the keyboard alone: a sample, its pixels, another way to look', async ({ lab, page, site }) => {
  await open(page, site);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Choose pictures')).toBeFocused();
  const bananas = page.getByRole('button', { name: 'Bananas' });
  await bananas.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('verdict')).toContainText('Banana');
  await expect(bananas).toBeFocused();
  await page.getByRole('radio', { name: 'Pixels' }).focus();
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('stage')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('place')).toContainText('Row 113, column 114: red');
  await expect(page.getByTestId('announcer')).toContainText('the network gets');
  await page.getByRole('radio', { name: 'Pixels' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Where it looked' })).toBeChecked();
});

for (const width of [320, 480, 960, 1280]) {
  test(`pictures: nothing scrolls sideways at ${width} px`, async ({ lab, page, site }) => {
    await page.setViewportSize({ width, height: 700 });
    const fits = async () => {
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(scroll).toBeLessThanOrEqual(client);
    };
    await open(page, site);
    await fits();
    await give(page, ['bananas.jpg', await sample('bananas.jpg')], ['a-name-that-is-much-too-long-to-stand-anywhere-in-one-line.txt', Buffer.from('x')]);
    await expect(page.getByTestId('gallery-count')).toContainText('1 of 2 read');
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.getByRole('button', { name: /Convolution 3 × 3/ }).click();
    await expect(page.getByTestId('maps-words')).toContainText('32 maps');
    await fits();
    await expect(page.getByTestId('verdict')).toContainText('Banana');
  });
}

for (const scheme of ['light', 'dark']) {
  test(`pictures: axe finds nothing serious (${scheme})`, async ({ lab, page, site }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    };
    await open(page, site);
    await expect(page.getByTestId('picture-samples')).toBeVisible();
    await check();
    await give(page, ['bananas.jpg', await sample('bananas.jpg')], ['letter.txt', Buffer.from('x')]);
    await expect(page.getByTestId('gallery-count')).toContainText('1 of 2 read');
    for (const mode of ['Where it looked', 'Cover places', 'Paint over']) {
      await page.getByText(mode, { exact: true }).click();
      await check();
    }
    for (const summary of await page.locator('summary').all()) await summary.click();
    await check();
  });
}

test('without a camera there is a sentence', async ({ lab, page, site }) => {
  await open(page, site);
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText(/camera/i);
  await expect(page.getByRole('dialog').getByRole('status')).toContainText(/try again|choose a picture/i);
  await expect(page.getByRole('button', { name: 'Take the picture' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the camera’s picture is read, and the camera is shut', async ({ site }) => {
  const args = [...FLAGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  const page = await browser.newPage();
  await open(page, site);
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByRole('button', { name: 'Take the picture' })).toBeEnabled();
  const tracks = await page.evaluateHandle(() => document.querySelector('video').srcObject.getTracks());
  await page.getByRole('button', { name: 'Take the picture' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect.poll(() => tracks.evaluate((all) => all.every((track) => track.readyState === 'ended'))).toBe(true);
  await expect(page.getByTestId('verdict')).toBeVisible();
  await browser.close();
});
