// The page “Teach it your own things” as a person uses it: classes, pictures, training.
import { expect } from './lab.mjs';

/** Pictures that anyone can tell apart, no two alike. */
export async function pictures(page, kind, count, from = 0) {
  const made = await page.evaluate(async ([kind, count, from]) => {
    const files = [];
    for (let n = from; n < from + count; n += 1) {
      const canvas = new OffscreenCanvas(240, 240);
      const pen = canvas.getContext('2d');
      pen.fillStyle = `hsl(${n * 47} 60% 85%)`;
      pen.fillRect(0, 0, 240, 240);
      pen.fillStyle = `hsl(${n * 47 + 180} 70% 30%)`;
      const gap = 24 + (n % 5) * 4;
      for (let x = (n * 7) % gap; x < 240; x += gap) {
        if (kind === 'stripes') pen.fillRect(x, 0, gap / 2, 240);
        for (let y = (n * 5) % gap; kind === 'dots' && y < 240; y += gap) {
          pen.beginPath();
          pen.arc(x, y, gap / 3, 0, 7);
          pen.fill();
        }
      }
      if (kind === 'shades') {
        const shade = pen.createLinearGradient(0, 0, 240, (n % 10) * 20);
        shade.addColorStop(0, `hsl(${n * 47} 60% 90%)`);
        shade.addColorStop(1, `hsl(${n * 47} 60% 20%)`);
        pen.fillStyle = shade;
        pen.fillRect(0, 0, 240, 240);
      }
      const blob = await canvas.convertToBlob();
      files.push([...new Uint8Array(await blob.arrayBuffer())]);
    }
    return files;
  }, [kind, count, from]);
  return made.map((bytes, n) => ({ name: `${kind}-${from + n}.png`, mimeType: 'image/png', buffer: Buffer.from(bytes) }));
}

export const card = (page, n) => page.getByTestId('class').nth(n);
export const count = (page, n) => card(page, n).getByTestId('class-count');
export const train = (page) => page.getByTestId('train');
export const status = (page) => page.getByTestId('own-status');

export async function open(page, site) {
  await page.goto(`${site.url}#preset=own`);
  await expect(card(page, 1)).toBeVisible();
}

export async function name(page, n, words) {
  await card(page, n).getByRole('textbox').fill(words);
}

export async function add(page, n, files) {
  await card(page, n).locator('input[accept^="image/*"]').setInputFiles(files);
}

export async function trained(page) {
  await train(page).click();
  await expect(status(page)).toContainText(/held.out/, { timeout: 60_000 });
  await expect(train(page)).toBeEnabled();
}

/** Two classes that are told apart without a mistake. */
export async function two(page, each = 8) {
  await name(page, 0, 'Stripes');
  await name(page, 1, 'Dots');
  await add(page, 0, await pictures(page, 'stripes', each));
  await add(page, 1, await pictures(page, 'dots', each));
  await expect(count(page, 0)).toHaveText(`${each} pictures`);
  await expect(count(page, 1)).toHaveText(`${each} pictures`);
}
