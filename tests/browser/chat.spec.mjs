// A network that talks: its size is said before it is fetched; it answers token by token and can be stopped at any; each token
// opens its ten likeliest; what was fetched is kept.
import { expect, test } from './lab.mjs';

const WEIGHTS = /weights\/smollm2\/.*part-/;
// Of a machine that other tests share.
const PATIENCE = { timeout: 120_000 };

async function open(page, site) {
  await page.goto(`${site.url}#preset=chat`);
  await expect(page.getByTestId('chat-weights')).toContainText(/98(\.\d)?\s?MB/);
}

async function fetched(page) {
  await page.getByTestId('chat-fetch').click();
  await expect(page.getByTestId('chat-ready')).toBeVisible(PATIENCE);
}

async function say(page, words) {
  await page.getByTestId('chat-draft').fill(words);
  await page.getByTestId('chat-send').click();
}

test('its size is said first; it answers, remembers, and forgets nothing when it is opened again', async ({ lab, page, site }) => {
  test.setTimeout(360_000);
  await open(page, site);
  await expect(page.getByTestId('chat-unchecked')).toContainText('not checked by anyone');
  await expect(page.getByTestId('chat-send')).toBeDisabled();
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
  await fetched(page);
  expect(site.requests.filter((path) => WEIGHTS.test(path)).length).toBe(12);

  await say(page, 'What is the capital of France?');
  const answers = page.getByTestId('chat-answer');
  await expect(answers).toHaveText('The capital of France is Paris.', PATIENCE);
  await expect(page.getByTestId('chat-context')).toContainText(/4\d of 1.024 tokens/);
  await expect(page.getByTestId('chat-pace')).toContainText(/It reads [\d.]+ tokens a second and says [\d.]+/);
  await say(page, 'And of Italy?');
  await expect(answers.nth(1)).toContainText('Rome', PATIENCE);

  // Ten likeliest of a token, and another one in its place: what follows is said anew.
  await answers.first().getByRole('button', { name: 'Paris' }).click();
  const rows = page.getByTestId('likely').getByRole('listitem');
  await expect(rows).toHaveCount(10);
  await expect(rows.first()).toContainText('Paris');
  await rows.nth(1).getByRole('button').click();
  await expect(answers).toHaveCount(1, PATIENCE);
  await expect(answers).not.toHaveText('The capital of France is Paris.');

  site.requests.length = 0;
  await page.reload();
  await expect(page.getByTestId('chat-weights')).toContainText('already here');
  await fetched(page);
  expect(site.requests.filter((path) => WEIGHTS.test(path)), 'kept from before').toEqual([]);
});

test('it can be stopped at any token, and what it is too long for is given back', async ({ lab, page, site }) => {
  test.setTimeout(360_000);
  await open(page, site);
  await fetched(page);
  await say(page, 'Write a long story about a dog.');
  await expect(page.getByTestId('chat-coming')).toContainText(/\w+ \w+/, PATIENCE);
  await page.getByTestId('chat-stop').click();
  await expect(page.getByTestId('chat-messages')).toContainText('You stopped it here.');
  const said = await page.getByTestId('chat-answer').textContent();
  await page.waitForTimeout(500);
  expect(await page.getByTestId('chat-answer').textContent(), 'nothing follows').toBe(said);

  const long = 'word '.repeat(1500).trim();
  await say(page, long);
  await expect(page.getByTestId('chat-trouble')).toContainText('too long');
  await expect(page.getByTestId('chat-draft')).toHaveValue(long);
  await expect(page.getByTestId('chat-answer')).toHaveCount(1);
});

test('a download that was cut goes on where it was', async ({ lab, page, site }) => {
  test.setTimeout(360_000);
  await open(page, site);
  site.changes.push([/^weights\/smollm2\/.*part-005/, 503]);
  await page.getByTestId('chat-fetch').click();
  await expect(page.getByTestId('chat-refused')).toBeVisible(PATIENCE);
  site.changes.length = 0;
  site.requests.length = 0;
  await page.getByTestId('chat-refused').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('chat-ready')).toBeVisible(PATIENCE);
  const again = site.requests.filter((path) => WEIGHTS.test(path));
  expect(again.length, 'those before are kept').toBe(7);
});
