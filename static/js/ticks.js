/* Rows that are chosen: tick all of the page at once, and how many are ticked. Without a script the rows are ticked one
   by one. */
(function () {
  "use strict";
  var all = document.querySelector("[data-tick-all]");
  if (!all) return;
  var ticks = Array.from(document.querySelectorAll("[data-tick]"));
  var count = document.querySelector("[data-tick-count]");

  function show() {
    var chosen = ticks.filter(function (tick) {
      return tick.checked;
    }).length;
    all.checked = chosen === ticks.length;
    all.indeterminate = chosen > 0 && chosen < ticks.length;
    count.textContent = String(chosen);
  }

  all.hidden = false;
  all.addEventListener("change", function () {
    ticks.forEach(function (tick) {
      tick.checked = all.checked;
    });
    show();
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick]")) show();
  });
  window.addEventListener("pageshow", show);
  show();
})();
