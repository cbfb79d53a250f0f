// Lighthouse, as a phone and as a desk sees each page: 100 in all four categories, and the times behind them.
import lighthouse, { desktopConfig } from 'lighthouse';

const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const limits = { 'largest-contentful-paint': 1200, 'total-blocking-time': 50, 'cumulative-layout-shift': 0 };

export async function judge(browser, pages) {
  const findings = [], worst = {};
  const keep = (name, value, worse) => { worst[name] = worst[name] === undefined ? value : worse(worst[name], value); };
  for (const page of pages)
    for (const [device, config] of [['mobile', undefined], ['desktop', desktopConfig]]) {
      const { lhr } = await run(browser, page, config);
      const say = (check, found, expected) => findings.push({ page: page.path, check: `lighthouse ${device} ${check}`, found, expected });
      if (lhr.runtimeError) say('run', lhr.runtimeError.message, 'a result');
      for (const { id, score, auditRefs } of Object.values(lhr.categories)) {
        keep(`${device} ${id}`, (score ?? 0) * 100, Math.min);
        if (score !== 1) say(id, `${score === null ? 'none' : score * 100}: ${lost(lhr, auditRefs)}`, 100);
      }
      for (const [id, limit] of Object.entries(limits)) {
        const value = lhr.audits[id].numericValue ?? Infinity;
        keep(`${device} ${id}`, value, Math.max);
        if (value > limit) say(id, value, `at most ${limit}`);
      }
    }
  return { findings, worst };
}

async function run(browser, page, config) {
  const tab = await browser.newPage();
  try {
    return await lighthouse(page.url, {
      logLevel: 'error', onlyCategories: categories, disableFullPageScreenshot: true,
      // A page that is kept out of search engines on purpose.
      skipAudits: page.indexable ? null : ['is-crawlable'],
      // Nothing happens on a page without scripts once it is there.
      pauseAfterFcpMs: 50, pauseAfterLoadMs: 50, networkQuietThresholdMs: 50, cpuQuietThresholdMs: 50
    }, config, tab);
  } finally {
    await tab.close();
  }
}

function lost(lhr, references) {
  return references.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1 || lhr.audits[id].errorMessage)
    .map(({ id }) => `${id}${lhr.audits[id].errorMessage ? ` (${lhr.audits[id].errorMessage})` : ''}`).join(', ');
}
