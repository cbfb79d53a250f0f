/* A partner's link, counted when it is seen: <affiliate-link code="sara" path="/product/mug/" link="lnk_…">The mug I use</affiliate-link>
   <script src="https://…/widget/v1/footer.js" defer></script>. Without a script it is its own text. No dependencies, no globals. */
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || !window.customElements || customElements.get('affiliate-link')) return;
  var base = new URL('/', script.src).href;

  function seen(element) {
    var code = element.getAttribute('code'), link = element.getAttribute('link');
    fetch(base + 'v1/impressions', {
      method: 'POST', keepalive: true, credentials: 'omit', headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ code: code, link: link || undefined })
    }).catch(function () { /* an impression less */ });
  }

  customElements.define('affiliate-link', class extends HTMLElement {
    connectedCallback() {
      var code = this.getAttribute('code');
      if (!code || this.firstElementChild && this.firstElementChild.localName === 'a') return;
      var anchor = document.createElement('a');
      anchor.href = base + 'r/' + encodeURIComponent(code) + (this.getAttribute('path') || '');
      anchor.rel = 'sponsored nofollow';
      anchor.append.apply(anchor, this.childNodes.length ? Array.from(this.childNodes) : [this.getAttribute('text') || document.title]);
      this.append(anchor);
      if (!window.IntersectionObserver) return seen(this);
      var element = this, observer = new IntersectionObserver(function (entries) {
        if (!entries.some(function (entry) { return entry.isIntersecting; })) return;
        observer.disconnect();
        seen(element);
      });
      observer.observe(this);
    }
  });
})();
