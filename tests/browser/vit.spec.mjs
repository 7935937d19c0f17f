// A Vision Transformer learns digits from patches, and shows where they look, or its class token.
import { expect, test } from './lab.mjs';

test('a Vision Transformer learns digits, and shows what each head takes of which patch', async ({ lab, page }) => {
  await lab.open('#preset=vit_digits');
  await expect(lab.network).toContainText('Patches 7 × 7');
  await expect(lab.network).not.toContainText('Class token');
  await lab.call('play');
  await lab.until({ step: 400 }, 120);
  await lab.call('pause');
  await expect.poll(async () => (await lab.state()).run.test?.accuracy, { message: 'far better than chance' }).toBeGreaterThan(0.3);
  const attention = page.getByTestId('patch-attention');
  await attention.scrollIntoViewIfNeeded();
  await expect(attention.getByTestId('cut')).toHaveText(/, cut into 4 × 4 patches of 7 × 7 pixels/);
  await expect(attention.getByRole('group', { name: 'Heads' }).getByRole('button')).toHaveCount(12);
  await attention.getByTestId('patch-head-1-2').click();
  await expect(attention.getByTestId('patch-head-1-2')).toHaveAttribute('aria-pressed', 'true');
  const looks = attention.getByTestId('looks');
  await expect(looks).toHaveText(/^All patches together take \d+\s?% of patch \d+ \(row [1-4], column [1-4]\), /);
  await attention.getByTestId('rollout').click();
  await expect(attention.getByTestId('rollout')).toHaveAttribute('aria-pressed', 'true');
  await expect(attention.getByTestId('patch-head-1-2')).toHaveAttribute('aria-pressed', 'false');
  const stage = attention.getByTestId('patches');
  await stage.scrollIntoViewIfNeeded();
  const { width, height } = await stage.boundingBox();
  await stage.click({ position: { x: width * 0.625, y: height * 0.375 } });
  await expect(looks).toHaveText(/^Patch 7 \(row 2, column 3\) takes \d+\s?% of patch \d+/);
  await page.keyboard.press('ArrowDown');
  await expect(looks).toHaveText(/^Patch 11 \(row 3, column 3\) takes/);
  await page.keyboard.press('Escape');
  await expect(looks).toHaveText(/^All patches together take/);
  await expect(attention.getByTestId('patch-places').getByRole('img')).toHaveCount(1);
  await expect(attention.getByTestId('patch-alike')).toHaveText(/^Place 1 is most like places \d+, \d+, \d+$/);
});

test('patches that leave something over are refused in words, other pictures get such that fit', async ({ lab, page }) => {
  await lab.open('#preset=vit_digits&model.width=16&model.blocks=1');
  await expect(lab.call('set', { 'model.patch': 5 })).rejects.toThrow('a patch can have 1, 2, 4, 7, 14, 28 pixels each way');
  await lab.call('set', { 'model.patch': 14, 'model.positions': 'none' });
  await lab.call('step', 3);
  const attention = page.getByTestId('patch-attention');
  await attention.scrollIntoViewIfNeeded();
  await expect(attention.getByTestId('cut')).toHaveText(/, cut into 2 × 2 patches of 14 × 14 pixels/);
  await expect(attention.getByTestId('looks')).toHaveText(/^All patches together take \d+\s?% of patch [1-4] /);
  await expect(attention.getByTestId('patch-places'), 'no rows are added').toHaveCount(0);
  await lab.call('set', { 'data.id': 'cifar10' });
  await expect(lab.network).toContainText('Patches 8 × 8');
});

test('a drawing is looked at, too', async ({ lab, page }) => {
  await lab.open('#preset=vit_digits&model.width=16&model.blocks=1&model.answer=class');
  await expect(lab.network).toContainText('Class token');
  await lab.call('step', 2);
  await lab.draw([[0.5, 0.2], [0.5, 0.8]]);
  const attention = page.getByTestId('patch-attention');
  await attention.scrollIntoViewIfNeeded();
  await expect(attention.getByTestId('cut')).toHaveText(/^Your drawing, cut into 4 × 4 patches/);
  await expect(attention.getByTestId('looks')).toHaveText(/^The class token takes/);
});
