// The pages of a built site, found in its folder. A file without a doctype is a snippet for the shop's own pages.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const language = text => text.match(/<html[^>]+lang="?([\w-]+)/)?.[1];

export function read(folder, address) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.html'))
    .map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .filter(file => /^<!doctype/i.test(readFileSync(join(folder, file), 'utf8')))
    .sort()
    .map(file => {
      const content = readFileSync(join(folder, file));
      const text = content.toString();
      const path = file.replace(/(^|\/)index\.html$/, '$1');
      // Pages of one template in one language share a picture for social networks; those that are not to be shared are one of a kind.
      const template = `${text.match(/og:image" content="([^"]+)/)?.[1] ?? path} ${/<script>/.test(text)}`;
      return {
        file, path, url: address + path, bytes: brotliCompressSync(content).length,
        name: (path || 'top').replace(/\/$/, '').replaceAll('/', '-').replace('.html', ''),
        indexable: !/<meta[^>]+name="?robots"?[^>]+noindex/.test(text), interactive: /<form|<output/.test(text),
        template, kind: template.replace(new RegExp(`\\b${language(text)}\\b`), '')
      };
    });
}

// The heaviest page of each template in each language, or of each of another kind.
export function heaviest(pages, kind = page => page.template) {
  const chosen = new Map();
  for (const page of pages) if (!(chosen.get(kind(page))?.bytes >= page.bytes)) chosen.set(kind(page), page);
  return [...chosen.values()];
}
