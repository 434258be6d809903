/* Clocks that count down: [data-clock] with data-from and data-due. Texts and the server's time stand on the clock of
   the top bar. Says the same as policy/clocks/words.py; every quarter of a minute, and when the page is looked at again. */
(function () {
  "use strict";
  var source = document.querySelector("[data-clock-texts]");
  if (!source) return;
  var texts = source.dataset;
  var ahead = Date.parse(texts.now) - Date.now();
  var MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  var LOOKS = ["calm", "half", "soon", "breached"];
  var SHANGHAI = 8 * HOUR;

  function fill(text, values) {
    return text.replace(/%\((\w+)\)s/g, function (_all, name) {
      return values[name];
    });
  }

  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function dayNumber(moment) {
    return Math.floor((moment + SHANGHAI) / DAY);
  }

  function words(due, now) {
    var over = now - due;
    if (over > 0) {
      if (over < HOUR) return fill(texts.over_minutes, { n: Math.max(Math.floor(over / MINUTE), 1) });
      if (over < 48 * HOUR) return fill(texts.over_hours, { n: Math.floor(over / HOUR) });
      return fill(texts.over_days, { n: Math.floor(over / DAY) });
    }
    if (-over < HOUR) return fill(texts.minutes, { n: Math.ceil(-over / MINUTE) });
    if (-over < 6 * HOUR) return fill(texts.hours, { n: Math.floor(-over / HOUR) });
    var local = new Date(due + SHANGHAI);
    var values = {
      time: two(local.getUTCHours()) + ":" + two(local.getUTCMinutes()),
      day: two(local.getUTCMonth() + 1) + "-" + two(local.getUTCDate()),
    };
    var days = dayNumber(due) - dayNumber(now);
    return fill(days === 0 ? texts.today : days === 1 ? texts.tomorrow : texts.later, values);
  }

  function show(clock, now) {
    var from = Date.parse(clock.dataset.from), due = Date.parse(clock.dataset.due);
    var gone = due > from ? Math.max(Math.floor((100 * (now - from)) / (due - from)), 0) : 100;
    var look = now > due ? 3 : gone >= 80 ? 2 : gone >= 50 ? 1 : 0;
    LOOKS.forEach(function (name, place) {
      clock.classList.toggle("clock-" + name, place === look);
    });
    clock.querySelector(".clock-arc").setAttribute("stroke-dasharray", Math.min(gone, 100) + " 100");
    var text = clock.querySelector(".clock-words"), said = words(due, now);
    if (text.textContent !== said) text.textContent = said;
  }

  function showAll() {
    if (document.hidden) return;
    var now = Date.now() + ahead;
    document.querySelectorAll("[data-clock]").forEach(function (clock) {
      show(clock, now);
    });
  }

  setInterval(showAll, 15000);
  document.addEventListener("visibilitychange", showAll);
  document.addEventListener("htmx:afterSwap", showAll);
})();
