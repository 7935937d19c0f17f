// The lecture: the front page, the guide through each lesson, exercises, progress; by keyboard and screen reader.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './lab.mjs';

const guide = (page) => page.getByTestId('guide');
const state = (page) => page.getByTestId('guide-state');
const title = (page) => page.getByTestId('guide-step').getByRole('heading');

/** Every lesson with its text, from the file that the page names. */
async function lessonsOf(page, site) {
  await page.goto(site.url);
  const { files } = JSON.parse(await page.locator('#lessons').textContent());
  const lessons = await (await page.request.get(new URL(files.en, site.url).href)).json();
  await page.goto('about:blank');
  return lessons;
}

async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

test('the front page is the lecture: before and after the program the same, and it starts no engine', async ({ page, site }) => {
  const seen = (root) => root.locator('.stop').evaluateAll((stops) => stops.map((stop) => [
    stop.querySelector('a').getAttribute('href'), stop.innerText.replace(/\s+/g, ' '), stop.closest('.part').querySelector('h2').innerText,
  ]));
  const workers = [];
  page.on('worker', (worker) => workers.push(worker.url()));
  const plain = await page.context().browser().newPage({ javaScriptEnabled: false });
  await plain.goto(site.url);
  const words = (list) => list.map((row) => row.join(' | '));
  await page.goto(site.url);
  await expect(page.locator('.front:not(.front-static) .stop').first()).toBeVisible();
  const live = await seen(page.locator('.front'));
  expect(live.length).toBeGreaterThanOrEqual(9);
  // Without scripts nothing is shown as live, so the static list is read from the file.
  const html = await (await page.request.get(site.url)).text();
  const first = await page.evaluate((html) => [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('.front-static .stop')].map((stop) => [
    stop.querySelector('a').getAttribute('href'), [...stop.querySelectorAll('.stop-topic, .stop-title, .stop-sentence, .stop-goal span')].map((e) => e.textContent).join(' '), stop.closest('.part').querySelector('h2').textContent,
  ]), html);
  expect(words(live)).toEqual(words(first));
  await plain.close();
  expect(workers).toEqual([]);
  expect(await axe(page)).toEqual([]);
});

test('a lesson opens from the front page, Back leads there again, and its link is short', async ({ page, site }) => {
  await page.goto(site.url);
  await page.getByRole('link', { name: /Begin: Read handwritten digits/ }).click();
  await expect(guide(page)).toContainText('Read handwritten digits');
  await expect.poll(() => page.url()).toBe(`${site.url}#lesson=digits`);
  await expect(page.getByTestId('play')).toBeEnabled();
  await page.goBack();
  await expect(page.locator('.front')).toBeVisible();
  await expect(guide(page)).toHaveCount(0);
  await page.goForward();
  await expect(guide(page)).toBeVisible();
  await page.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(page.getByTestId('sentence')).toBeVisible();
  await page.goto(`${site.url}#lesson=nonsense`);
  await page.reload();
  await expect(page.getByTestId('notice')).toContainText('lesson=nonsense (no such lesson)');
});

test('every lesson: its lab opens, questions have one right answer', async ({ page, site }) => {
  test.setTimeout(300_000);
  for (const lesson of await lessonsOf(page, site)) {
    await page.goto(`${site.url}#lesson=${lesson.id}`);
    await expect(guide(page)).toContainText(lesson.title);
    await expect(page.getByTestId('notice')).toHaveCount(0);
    for (const [at, step] of lesson.steps.entries()) {
      if (!step.done.answered) continue;
      await guide(page).getByRole('button', { name: new RegExp(`^Step ${at + 1} of`) }).click();
      await expect(title(page)).toHaveText(step.title);
      expect(step.done.answered.filter((answer) => answer.right)).toHaveLength(1);
      await expect(guide(page).getByRole('group', { name: 'Answers' }).getByRole('button')).toHaveCount(step.done.answered.length);
    }
  }
});

test('a step is done by doing it; answers are judged; progress is kept', async ({ lab, page }) => {
  await lab.open('#lesson=digits');
  await expect(state(page)).toHaveText('Not done yet');
  await page.getByTestId('samples').getByRole('button').first().click();
  await expect(title(page), 'the next one opens by itself').toHaveText('Press Play');
  await expect(guide(page).getByRole('button', { name: 'Step 1 of 5: done' })).toBeVisible();
  await expect(state(page)).toHaveText('Not done yet');
  await guide(page).getByRole('button', { name: 'Step 5 of 5' }).click();
  const answers = guide(page).getByRole('group', { name: 'Answers' }).getByRole('button');
  await answers.nth(0).click();
  await expect(guide(page)).toContainText('Not quite:');
  await expect(state(page)).toHaveText('Not done yet');
  await answers.nth(1).click();
  await expect(guide(page)).toContainText('Right.');
  await expect(state(page)).toHaveText('Done');
  await page.reload();
  await lab.ready();
  await expect(title(page), 'the first step that is not done').toHaveText('Press Play');
  await page.getByRole('link', { name: 'intab: all lessons' }).click();
  await expect(page.locator('.stop').first()).toContainText('2 of 5 steps done');
});

test('the whole MNIST lesson by keyboard alone, as a screen reader tells it', async ({ lab, page }) => {
  await page.goto(lab.site.url);
  const press = async (key, times = 1) => { for (let i = 0; i < times; i += 1) await page.keyboard.press(key); };
  /** Tab until the focus is on what has this role and name. */
  const tabTo = async (role, name, most = 400) => {
    const target = page.getByRole(role, { name }).first();
    for (let i = 0; i < most; i += 1) {
      if (await target.evaluate((e) => e === document.activeElement).catch(() => false)) return;
      await page.keyboard.press('Tab');
    }
    await expect(target, `reached by Tab: ${name}`).toBeFocused();
  };
  /** Done, and on to the next one, which may have opened by itself. */
  const next = async (done) => {
    await expect(guide(page).getByRole('button', { name: `Step ${done} of 5: done` })).toBeVisible({ timeout: 60_000 });
    await tabTo('button', new RegExp(`^Step ${done + 1} of 5`));
    await press('Enter');
  };

  await tabTo('link', /^Begin: Read handwritten digits/);
  await press('Enter');
  await lab.ready();
  await lab.call('set', { engine: 'cpu', 'model.id': 'mlp' });
  await expect(guide(page)).toMatchAriaSnapshot(`
    - 'region "Lesson: Read handwritten digits"':
      - paragraph: Pictures
      - heading "Read handwritten digits" [level=2]
      - paragraph: "Goal: above 98 % of the 10,000 test digits"
      - region "This step":
        - list "Steps":
          - listitem:
            - 'button "Step 1 of 5: not done yet"'
        - heading "Look at what there is to learn from" [level=3]
        - button "Show me"
        - button "Next"
  `);
  await tabTo('button', /example|digit|picture|label/i);
  await press('Enter');
  await expect(page.locator('[aria-live=polite]').filter({ hasText: 'Step done: Look at what there is to learn from' })).toHaveCount(1);
  await expect(guide(page)).toMatchAriaSnapshot(`- heading "Press Play" [level=3]`);
  await tabTo('link', 'Skip to the training controls');
  await press('Enter');
  await tabTo('button', 'Play', 2);
  await press('Enter');
  await next(2);
  await expect(guide(page).getByRole('button', { name: 'Step 3 of 5: done' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('accuracy')).toMatchAriaSnapshot(`
    - paragraph:
      - strong: /\\d+(\\.\\d+)? %/
      - text: /of [\\d,]+ test digits/
  `);
  await next(3);
  await tabTo('application', /^Drawing pad/);
  await press('Space');
  await press('ArrowDown', 10);
  await press('Space');
  await next(4);
  await expect(page.getByTestId('answer')).toHaveText(/\S/);
  await tabTo('button', /^It could know them by heart/);
  await press('Enter');
  await expect(state(page)).toHaveText('Done');
  await expect(guide(page)).toMatchAriaSnapshot(`
    - group "Answers":
      - button /It would take too long/
      - button /It could know them by heart/ [pressed]
      - button /Nothing, both are digits/
  `);
  await tabTo('link', /^Next lesson/);
  await press('Enter');
  await expect(guide(page)).toContainText('The same network, other data');
});

/** One lesson of each kind of lab: what differs between themes and sizes differs by lab, not by lesson. */
const KINDS = ['digits', 'neurons', 'memory-networks', 'attention', 'fill-the-blank', 'million-photos', 'own-things', 'it-draws'];
const kinds = async (page, site) => {
  const found = (await lessonsOf(page, site)).filter((lesson) => KINDS.includes(lesson.id));
  expect(found.length).toBe(KINDS.length);
  return found;
};

for (const [name, size, scheme] of [['light', [1280, 800], 'light'], ['dark', [1280, 800], 'dark'], ['phone', [390, 844], 'light']]) {
  const all = name === 'light';
  test(`axe finds nothing on ${all ? 'any lesson' : 'a lesson of any kind'} (${name})`, async ({ page, site }) => {
    test.setTimeout(420_000);
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const lesson of await (all ? lessonsOf : kinds)(page, site)) {
      await page.goto(`${site.url}#lesson=${lesson.id}`);
      await expect(title(page)).toContainText(lesson.steps[0].title);
      expect(await axe(page), lesson.id).toEqual([]);
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(scroll, lesson.id).toBeLessThanOrEqual(client);
    }
  });
}

test('axe finds nothing on a lesson of any kind in a frame', async ({ page, site }) => {
  test.setTimeout(420_000);
  await page.setViewportSize({ width: 960, height: 540 });
  for (const lesson of await kinds(page, site)) {
    await page.goto(`${site.url}?embed=1&autoplay=1#lesson=${lesson.id}`);
    await expect(title(page)).toContainText(lesson.steps[0].title);
    expect(await axe(page), lesson.id).toEqual([]);
  }
});
