// What a Transformer would say after each block, and what it is without some of its heads.
import { expect, test } from './lab.mjs';

test('a head is switched off and on again, and each block’s guess can be read', async ({ lab, page }) => {
  await lab.open('#preset=gpt&model.blocks=2&model.width=32&model.heads=2&train.epochs=1');
  await lab.call('step', 60);
  await lab.until({ step: 60 });
  const view = page.getByTestId('attention');
  await view.scrollIntoViewIfNeeded();
  const tokens = view.getByTestId('looked-at').locator('.mind-token');
  await view.getByRole('textbox').fill('to be or not');
  await expect(tokens).toHaveCount(12);
  await view.getByTestId('lens').locator('summary').click();
  const rows = view.locator('.lens-table tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(rows.last()).toContainText('after block 2');
  await expect(rows.last().locator('td')).toHaveCount(12);
  const guesses = () => rows.last().locator('td').allInnerTexts();
  const before = await guesses();
  for (const [block, head] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const tile = view.getByTestId(`head-${block}-${head}`);
    await tile.click();
    await view.getByTestId('switch-head').click();
    await expect(tile).toHaveClass(/\boff\b/);
  }
  await expect(view.getByTestId('without-heads')).toContainText(/judged on held-out examples: [\d.]+.?% without .*% with all/);
  await expect.poll(guesses, { message: 'nobody looks at anybody' }).not.toEqual(before);
  await expect(view.getByTestId('switch-head')).toHaveText('Switch on: Block 2, head 2');
  await view.getByTestId('all-heads').click();
  await expect(view.locator('.looks-head.off')).toHaveCount(0);
  await expect.poll(guesses).toEqual(before);
});
