// How fast the site is built, beside Hugo and Eleventy on the same pages: half of them Persian, about 2 kB of text each, minified, with canonical, alternates,
// OpenGraph, JSON-LD and sitemap, output on tmpfs.
//   dotnet publish -c Release src/AffiliateSidecar -o /tmp/sidecar && SIDECAR=/tmp/sidecar/affiliate-sidecar node bench/site.mjs [pages] [rounds]
// Without SIDECAR it is what `dotnet build -c Release` made, which compiles itself anew at each start.
// Hugo is used where it is on the path (apt-get install hugo), Eleventy where NODE_PROJECT names a folder in which
// `npm install @11ty/eleventy @minify-html/node` was run. Rounds take turns, and the best of each counts: other load on the machine only ever adds.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const count = +(process.argv[2] ?? 10000), rounds = +(process.argv[3] ?? 3);
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const sidecar = process.env.SIDECAR ?? path.join(root, 'src/AffiliateSidecar/bin/Release/net10.0/affiliate-sidecar');
const work = fs.mkdtempSync('/dev/shm/site-bench-');
const file = path.join(work, 'pages.json');
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

// A generator with a fixed seed: every run has the same pages.
let state = 1;
const random = n => (state = (state * 48271) % 2147483647) % n;
const lexicon = {
  en: 'link reader shop order click price partner window commission article month customer return discount honest table review winter coffee garden lamp paper small large daily quiet useful simple early late green blue kitchen travel summer letter camera phone'.split(' '),
  fa: 'لینک خواننده فروشگاه سفارش کلیک قیمت همکار مهلت کمیسیون نوشته ماه مشتری تخفیف صادق جدول نقد زمستان قهوه باغ چراغ کاغذ کوچک بزرگ روزانه آرام مفید ساده زود دیر سبز آبی آشپزخانه سفر تابستان نامه دوربین گوشی'.split(' '),
};
const words = (lang, n) => Array.from({ length: n }, () => lexicon[lang][random(lexicon[lang].length)]).join(' ');
function body(lang) {
  let html = '';
  while (html.length < 2000)
    html += (random(10) < 3 ? `<h2>${words(lang, 4)}</h2>\n  ` : '') + `<p>${words(lang, 40)}.</p>\n  `
      + (random(10) < 2 ? `<ul>\n    <li>${words(lang, 5)}</li>\n    <li>${words(lang, 6)}</li>\n  </ul>\n` : '');
  return html;
}
const pages = [];
for (let i = 0; i < count; i++) {
  const lang = i % 2 ? 'fa' : 'en';
  pages.push({ slug: `page-${i >> 1}`, title: `${words(lang, 3)} ${words(lang, 1)} ${lang}${i}`.padEnd(20, '.').slice(-55), description: `${words(lang, 14)} ${lang}${i}`.padEnd(60, '.').slice(-150),
    body_html: body(lang), lang, updated: `2026-11-0${1 + i % 9}` });
}
fs.writeFileSync(file, JSON.stringify(pages));

function run(name, command, args, cwd, out) {
  if (out)
    fs.rmSync(out, { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const ended = spawnSync('/usr/bin/time', ['-f', '%M %U %S', command, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (ended.status !== 0)
    throw new Error(`${name}: ${ended.stdout}${ended.stderr}`.slice(0, 3000));
  const [memory, user, system] = ended.stderr.trim().split('\n').pop().split(' ').map(Number);
  return { seconds, memory: memory / 1024, cpu: user + system, said: ended.stdout.trim().split('\n').pop() };
}

const build = (out, ...more) => ['site build', sidecar, ['site', 'build', '--data', path.join(work, 'data'), '--out', out, '--pages', file, '--base-url', 'https://partners.shop.example/', ...more], root];
const best = runs => runs.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
const contenders = { sidecar: () => run(...build(path.join(work, 'out')), path.join(work, 'out')) };
contenders.sidecar();

// The rivals render our own page with their own templates: what is the page's own becomes a placeholder.
const parts = Object.fromEntries(['en', 'fa'].map(lang => {
  const page = pages.find(p => p.lang === lang), html = fs.readFileSync(path.join(work, 'out', lang, page.slug, 'index.html'), 'utf8');
  const article = html.indexOf('</p>', html.indexOf('class="stamp"')) + 4, json = html.indexOf('<script type="application/ld+json">');
  let text = html.slice(0, json) + '@LD@' + html.slice(html.indexOf('</script>', json) + 9, article) + '@BODY@' + html.slice(html.indexOf('</article>'));
  const title = html.match(/<title>(.*?)<\/title>/)[1], description = html.match(/name="description" content="(.*?)"/)[1];
  return [lang, text.replaceAll(title, '@TITLE@').replaceAll(description, '@DESCRIPTION@').replaceAll(page.slug, '@SLUG@').replaceAll(/<time datetime="[^"]*">[^<]*/g, '<time datetime="@DAY@">@DAY@')];
}));
const ld = (url, title, description, day, lang) => ({ '@context': 'https://schema.org', '@graph': [{ '@type': 'Article', url, headline: title, description, inLanguage: lang, dateModified: day,
  author: { '@type': 'Organization', name: 'Our shop' } }, { '@type': 'BreadcrumbList', itemListElement: [{ '@type': 'ListItem', position: 1, name: title, item: url }] }] });

if (spawnSync('hugo', ['version']).status === 0) {
  const hugo = path.join(work, 'hugo');
  fs.mkdirSync(path.join(hugo, 'layouts/_default'), { recursive: true });
  fs.writeFileSync(path.join(hugo, 'config.json'), JSON.stringify({ baseURL: 'https://partners.shop.example/', disableKinds: ['taxonomy', 'term', 'RSS', 'section', 'home'], defaultContentLanguageInSubdir: true,
    defaultContentLanguage: 'en', languages: { en: { contentDir: 'content/en' }, fa: { contentDir: 'content/fa' } } }));
  const graph = '<script type="application/ld+json">{{ dict "@context" "https://schema.org" "@graph" (slice (dict "@type" "Article" "url" .Permalink "headline" .Title "description" .Description "inLanguage" .Lang "dateModified" .Params.day "author" (dict "@type" "Organization" "name" "Our shop")) (dict "@type" "BreadcrumbList" "itemListElement" (slice (dict "@type" "ListItem" "position" 1 "name" .Title "item" .Permalink)))) | jsonify | safeJS }}</script>';
  const fill = t => t.replaceAll('@TITLE@', '{{ .Title }}').replaceAll('@DESCRIPTION@', '{{ .Description }}').replaceAll('@SLUG@', '{{ .Slug }}').replaceAll('@DAY@', '{{ .Params.day }}').replace('@BODY@', '{{ .Content }}').replace('@LD@', graph);
  fs.writeFileSync(path.join(hugo, 'layouts/_default/single.html'), `{{ if eq .Lang "en" }}${fill(parts.en)}{{ else }}${fill(parts.fa)}{{ end }}`);
  for (const p of pages) {
    fs.mkdirSync(path.join(hugo, 'content', p.lang), { recursive: true });
    fs.writeFileSync(path.join(hugo, 'content', p.lang, `${p.slug}.html`), `---\ntitle: ${JSON.stringify(p.title)}\ndescription: ${JSON.stringify(p.description)}\nslug: ${p.slug}\nday: "${p.updated}"\n---\n${p.body_html}`);
  }
  contenders.hugo = () => run('hugo', 'hugo', ['--minify', '--quiet', '-d', path.join(work, 'hugo-out')], hugo, path.join(work, 'hugo-out'));
}

const project = process.env.NODE_PROJECT;
if (project && fs.existsSync(path.join(project, 'node_modules/@11ty/eleventy'))) {
  const eleventy = path.join(work, 'eleventy');
  fs.mkdirSync(path.join(eleventy, 'src'), { recursive: true });
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(eleventy, 'node_modules'));
  fs.writeFileSync(path.join(eleventy, 'package.json'), '{"type":"commonjs"}');
  fs.writeFileSync(path.join(eleventy, '.eleventy.js'), `const minify = require('@minify-html/node');
module.exports = config => {
  config.addTransform('minify', function (content) { return (this.page.outputPath || '').endsWith('.html') ? minify.minify(Buffer.from(content), { keep_closing_tags: true, keep_html_and_head_opening_tags: true }) .toString() : content; });
  return { dir: { input: 'src', output: ${JSON.stringify(path.join(work, 'eleventy-out'))} } };
};`);
  fs.writeFileSync(path.join(eleventy, 'src/pages.11ty.js'), `const fs = require('fs'), parts = ${JSON.stringify(parts)}, ld = ${ld.toString()};
const escape = t => t.replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
const pages = JSON.parse(fs.readFileSync(${JSON.stringify(file)}, 'utf8'));
const split = Object.fromEntries(Object.entries(parts).map(([lang, text]) => [lang, text.split(/@(TITLE|DESCRIPTION|SLUG|DAY|BODY|LD)@/)]));
module.exports = { data: { pages, pagination: { data: 'pages', size: 1, alias: 'p' }, permalink: d => d.p.lang + '/' + d.p.slug + '/index.html' },
  render({ p }) {
    const url = 'https://partners.shop.example/' + p.lang + '/' + p.slug + '/';
    const value = { TITLE: escape(p.title), DESCRIPTION: escape(p.description), SLUG: p.slug, DAY: p.updated, BODY: p.body_html,
      LD: '<script type="application/ld+json">' + JSON.stringify(ld(url, p.title, p.description, p.updated, p.lang)).replace(/</g, '\\\\u003c') + '</script>' };
    return split[p.lang].map((t, i) => i % 2 ? value[t] : t).join('');
  } };`);
  fs.writeFileSync(path.join(eleventy, 'src/sitemap.11ty.js'), `const pages = JSON.parse(require('fs').readFileSync(${JSON.stringify(file)}, 'utf8'));
module.exports = { data: { permalink: '/sitemap.xml' }, render: () => '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + pages.map(p => '<url><loc>https://partners.shop.example/' + p.lang + '/' + p.slug + '/</loc></url>').join('') + '</urlset>' };`);
  contenders.eleventy = () => run('eleventy', process.execPath, ['--max-old-space-size=8192', path.join(project, 'node_modules/@11ty/eleventy/cmd.cjs'), '--quiet'], eleventy, path.join(work, 'eleventy-out'));
}

const results = Object.fromEntries(Object.keys(contenders).map(name => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, contender] of Object.entries(contenders))
    results[name].push(contender());
console.log(`${count.toLocaleString('en')} pages, best of ${rounds}`);
for (const [name, runs] of Object.entries(results)) {
  const one = best(runs), folder = path.join(work, { sidecar: 'out', hugo: 'hugo-out', eleventy: 'eleventy-out' }[name]);
  const files = execFileSync('sh', ['-c', `find ${folder} -name '*.html' | wc -l; du -sb ${folder} | cut -f1`], { encoding: 'utf8' }).split('\n');
  console.log(`${name.padEnd(10)} ${one.seconds.toFixed(2)} s wall, ${one.cpu.toFixed(2)} s processor, ${one.memory.toFixed(0)} MB, ${files[0]} pages, ${(files[1] / 1e6).toFixed(1)} MB written; all: ${runs.map(r => r.seconds.toFixed(2)).join(' ')}`);
}
const own = best(results.sidecar).seconds;
for (const [name, limit] of [['hugo', 0.5], ['eleventy', 0.7]])
  if (results[name])
    console.log(`sidecar / ${name}: ${(own / best(results[name]).seconds).toFixed(2)} (promise: at most ${limit})`);
const again = best(Array.from({ length: rounds }, () => run(...build(path.join(work, 'out')))));
console.log(`again without changes: ${again.seconds.toFixed(2)} s wall; ${again.said}`);
