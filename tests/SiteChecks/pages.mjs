// The pages of a built site, found in its folder. A file without a doctype is a snippet for the shop's own pages.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

export function read(folder, address) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.html'))
    .map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .filter(file => /^<!doctype/i.test(readFileSync(join(folder, file), 'utf8')))
    .sort()
    .map(file => {
      const content = readFileSync(join(folder, file));
      const path = file.replace(/(^|\/)index\.html$/, '$1');
      return {
        file, path, url: address + path, bytes: brotliCompressSync(content).length,
        name: (path || 'top').replace(/\/$/, '').replaceAll('/', '-').replace('.html', ''),
        indexable: !/<meta[^>]+name="?robots"?[^>]+noindex/.test(content), interactive: /<form|<output/.test(content)
      };
    });
}
