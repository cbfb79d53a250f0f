/* Decorates a real link: <affiliate-link code="sara"><a href="…">…</a></affiliate-link>; with a code, counts when it is seen. */
(() => {
  const script = document.currentScript, sheet = new CSSStyleSheet();
  if (!script || customElements.get('affiliate-link')) return;
  sheet.replaceSync('::slotted(a){text-decoration:underline dotted;text-underline-offset:.25em}::slotted(a:hover){text-decoration-style:solid}');

  customElements.define('affiliate-link', class extends HTMLElement {
    connectedCallback() {
      const code = this.getAttribute('code');
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      root.append(document.createElement('slot'));
      if (code) new IntersectionObserver((entries, observer) => {
        if (!entries.some(entry => entry.isIntersecting)) return;
        observer.disconnect();
        fetch(new URL('/v1/impressions', script.src), {
          method: 'POST', keepalive: true, credentials: 'omit', body: JSON.stringify({ code, link: this.getAttribute('link') || undefined })
        }).catch(() => {});
      }).observe(this);
    }
  });
})();
