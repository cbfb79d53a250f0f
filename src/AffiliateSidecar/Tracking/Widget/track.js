/* Keeps the affiliate click of this visit: <script src="https://…/widget/v1/track.js" defer></script>.
   The click ends in the first-party cookie aff_click, where the shop's checkout picks it up. No dependencies, no globals.
   Where links carry the partner in another member than ref, say so: data-parameter="aff". */
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || !window.URLSearchParams || !window.fetch) return;
  var api = new URL('/v1/clicks', script.src).href;
  var query = new URLSearchParams(location.search);
  var key = 'aff_click', days = 90; // only a carrier: the service measures the window

  function read() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (e) { return {}; }
  }

  function keep(id, ref) {
    try { localStorage.setItem(key, JSON.stringify({ id: id, ref: ref, at: Date.now() })); } catch (e) { /* storage is off: the cookie is enough */ }
    write(id, days);
  }

  function write(id, left) {
    document.cookie = key + '=' + id + ';path=/;max-age=' + Math.round(left * 86400) + ';samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
  }

  var click = query.get('aff_click'), ref = query.get(script.getAttribute('data-parameter') || 'ref'), kept = read();
  var age = (Date.now() - (kept.at || 0)) / 86400000;
  if (click && /^clk_[0-9a-v]{44}$/.test(click)) {
    if (click !== kept.id) keep(click, null);
  } else if (ref && !(kept.ref === ref && age < 1 / 48)) {
    fetch(api, {
      method: 'POST', keepalive: true, credentials: 'omit', headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ code: ref.slice(0, 190), landing_url: location.href.slice(0, 4000), referrer: document.referrer.slice(0, 4000) || undefined })
    }).then(function (answer) {
      return answer.status === 201 ? answer.json() : null;
    }).then(function (made) {
      if (made) keep(made.click_id, ref);
    }).catch(function () { /* the shop goes on without us */ });
  } else if (kept.id && age < days && document.cookie.indexOf(key + '=') < 0) {
    write(kept.id, days - age);
  }
})();
