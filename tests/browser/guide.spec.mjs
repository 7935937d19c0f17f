// The guide through the lessons: where a lesson begins, what counts as done, what “Show me” shows, and that the step
// stays in sight.
import { expect, test } from './lab.mjs';

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 720 };

const guide = (page) => page.getByTestId('guide');
const heading = (page) => page.getByTestId('guide-step').getByRole('heading');
const state = (page) => page.getByTestId('guide-state');
const next = (page) => page.getByRole('button', { name: 'Next', exact: true });
const show = (page) => page.getByRole('button', { name: 'Show me', exact: true });
const tab = (page, name) => page.getByRole('tab', { name });

/** Every lesson with its text, from the file that the page names. */
async function lessonsOf(page, site) {
  await page.goto(site.url);
  const { files } = JSON.parse(await page.locator('#lessons').textContent());
  return (await page.request.get(new URL(files.en, site.url).href)).json();
}

/** The live front page, with all of the program. */
async function front(page, site) {
  await page.goto(site.url);
  await expect(page.locator('.front:not(.front-static) .stop').first()).toBeVisible();
  await page.waitForLoadState('networkidle');
}

async function open(page, site, lesson) {
  await page.goto(`${site.url}#lesson=${lesson.id}`);
  await expect(guide(page)).toContainText(lesson.title);
  await expect(heading(page)).toContainText(lesson.steps[0].title);
}

/** What is lit, and what of the window is not covered by what sticks to its top and bottom. */
const lit = (page) => page.waitForFunction(() => {
  // It goes out by itself: found and measured at once.
  const place = document.querySelector('.lit');
  if (!place?.checkVisibility()) return null;
  const { left, right, top, bottom, width, height } = place.getBoundingClientRect();
  const bars = [...document.querySelectorAll('.guide-now, .tabs, .transport-place')].map((bar) => bar.getBoundingClientRect()).filter((bar) => bar.height > 0);
  const inBar = place.closest('.transport-place') !== null;
  const under = bars.filter((bar) => bar.top <= 1).map((bar) => bar.bottom);
  const over = bars.filter((bar) => bar.bottom >= innerHeight - 1).map((bar) => bar.top);
  const [from, to] = inBar ? [0, innerHeight] : [Math.max(0, ...under), Math.min(innerHeight, ...over)];
  return {
    begins: top >= from - 1 && top <= to - 20,
    share: Math.max(0, Math.min(bottom, to) - Math.max(top, from)) / Math.min(height, 2 * 0.8 * (to - from)),
    across: (Math.min(right, innerWidth) - Math.max(left, 0)) / width,
  };
}, null, { timeout: 10_000 }).then((found) => found.jsonValue()).catch(() => ({ begins: false, share: 0, across: 0 }));

/** Steps that are only read, by lesson: “Show me” is all that can be done. */
const READ = { colour: [2], convolution: [2], foundation: [3], 'memory-networks': [0], 'fill-the-blank': [0] };

for (const [name, size] of [['phone', PHONE], ['desktop', DESKTOP]]) {
  test(`“Show me” shows every place of every lesson, and does no step that asks for a deed (${name})`, async ({ lab, page, site }) => {
    test.setTimeout(300_000);
    await page.setViewportSize(size);
    for (const lesson of await lessonsOf(page, site)) {
      await open(page, site, lesson);
      for (const [at, step] of lesson.steps.entries()) {
        const where = `${lesson.id} ${at + 1}: ${step.title}`;
        await expect(heading(page)).toContainText(step.title);
        if (step.show) {
          await page.evaluate(() => document.querySelector('.lit')?.classList.remove('lit'));
          await show(page).evaluate((button) => button.click());
          const seen = await lit(page);
          expect.soft(seen, where).toMatchObject({ begins: true });
          expect.soft(Math.min(seen.share, seen.across), where).toBeGreaterThanOrEqual(0.5);
        }
        const read = READ[lesson.id]?.includes(at) ?? false;
        expect.soft(await state(page).textContent(), where).toBe(read ? 'Done' : 'Not done yet');
        if (at + 1 < lesson.steps.length) await next(page).evaluate((button) => button.click());
      }
      expect.soft(await page.getByTestId('guide-goal').textContent(), lesson.id).toBe(`Goal: ${lesson.goal}`);
    }
  });
}

test('another lesson or lab begins at its top, with the focus on its title and the panel that its first step needs', async ({ lab, page, site }) => {
  const focused = () => page.evaluate(() => {
    const { localName, textContent } = document.activeElement;
    return `${localName}: ${textContent}`;
  });
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size);
    await front(page, site);
    const last = page.getByRole('link', { name: /What a trained network sees/ });
    await last.scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(200);
    await last.click();
    await expect(guide(page)).toContainText('What a trained network sees');
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await expect.poll(focused).toBe('h2: What a trained network sees');
    await front(page, site);
    const labs = page.locator('.front-labs').getByRole('link', { name: 'Points in the plane' });
    await labs.scrollIntoViewIfNeeded();
    await labs.click();
    await expect(page.getByTestId('graph')).toBeAttached();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await expect.poll(focused).toBe('h2: Points in the plane');
  }
  await page.goto(`${site.url}#lesson=feed-forward`);
  await lab.ready();
  await tab(page, 'Learned').click();
  for (let step = 0; step < 4; step += 1) await next(page).click();
  await page.getByRole('link', { name: /^Next lesson/ }).click();
  await expect(guide(page)).toContainText('The learning rate decides');
  await expect(tab(page, 'Data')).toHaveAttribute('aria-selected', 'true');
});

test('the step stays in sight; the next one opens when it is done, and it can be taken back', async ({ lab, page }) => {
  /** The step is inside the window, and on a phone above the bar. */
  const inSight = async () => {
    const [top, bottom, bar] = await page.evaluate(() => {
      const step = document.querySelector('[data-testid=guide-now]').getBoundingClientRect();
      return [step.top, step.bottom, document.querySelector('[data-testid=transport]').getBoundingClientRect().top];
    });
    expect(top).toBeGreaterThanOrEqual(0);
    expect(bottom).toBeLessThanOrEqual(bar + 1);
  };
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size);
    await lab.page.goto('about:blank');
    await lab.open('#lesson=digits');
    await page.evaluate(() => { localStorage.removeItem('intab.lessons'); });
    await page.reload();
    await lab.ready();
    await expect(heading(page)).toContainText('Look at what there is to learn from');
    await inSight();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await inSight();
    await expect(heading(page)).toBeInViewport();
    await show(page).click();
    await expect(page.locator('.lit')).toBeInViewport();
    const digit = lab.samples.getByRole('button').nth(12);
    const before = await digit.boundingBox();
    await digit.click();
    await expect(heading(page)).toContainText('Press Play');
    await expect(state(page)).toHaveText('Not done yet');
    await expect(page.getByTestId('guide-now')).toContainText('Step 1 is done.');
    if (size === DESKTOP) expect(Math.abs((await digit.boundingBox()).y - before.y), 'what is under the pointer stays there').toBeLessThan(3);
    await page.getByRole('button', { name: 'Back to it' }).click();
    await expect(heading(page)).toContainText('Look at what there is to learn from');
    await expect(state(page)).toHaveText('Done');
    await inSight();
  }
});

test('who leaves out for a class what the lesson needs is told so, and so is the class', async ({ lab, page, site }) => {
  await lab.open('#lesson=learning-rate');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByLabel('Prepare for a class').setChecked(true);
  await expect(dialog.getByTestId('lesson-lacks')).toHaveCount(0);
  await dialog.getByLabel('Model', { exact: true }).uncheck();
  await expect(dialog.getByTestId('lesson-lacks')).toContainText('“Let Adam choose” needs: Model');
  await dialog.getByLabel('Play', { exact: true }).uncheck();
  await expect(dialog.getByTestId('lesson-lacks')).toContainText('“Too careful” needs: Play');
  await dialog.getByRole('button', { name: 'Leave nothing out' }).click();
  await expect(dialog.getByTestId('lesson-lacks')).toHaveCount(0);
  // “Show me” says what it cannot show, instead of nothing.
  await page.goto('about:blank');
  await lab.open('#lesson=learning-rate&only=learned,try');
  for (let step = 0; step < 3; step += 1) await next(page).click();
  await show(page).click();
  await expect(page.getByTestId('guide-step')).toContainText('This link leaves out the part of the page that this step is about.');
  await expect(page.locator('.lit')).toHaveCount(0);
});
