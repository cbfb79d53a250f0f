(function () {
  var form = document.getElementById('calculator'), rows = JSON.parse(form.dataset.rows), decimals = +form.dataset.decimals;
  var value = document.getElementById('value'), orders = document.getElementById('orders');
  function money(amount) {
    return form.dataset.money.replace('#', amount.toLocaleString(document.documentElement.lang, { minimumFractionDigits: amount % 1 ? decimals : 0, maximumFractionDigits: decimals }));
  }
  function show() {
    var row = rows[value.value];
    document.getElementById('shown').textContent = money(row[0]);
    document.getElementById('result').textContent = money(row[1] * Math.max(0, Math.floor(orders.value)));
  }
  form.onsubmit = function () { return false; };
  form.oninput = show;
  // The first sums are in the page already: to write numbers a browser reads what it knows of the language.
  form.hidden = false;
})();
