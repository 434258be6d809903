/* Live search that understands input methods. Half-typed pinyin arrives as `input` events, and Chromium sends no
   `input` after `compositionend`; so [data-settles] fields (or all fields inside such an element) emit `settled`
   when the text has rested for 200 ms and nothing is being composed. htmx listens: hx-trigger="settled". */
(function () {
  "use strict";
  var REST = 200;
  var timers = new WeakMap();
  var settledText = new WeakMap();

  function settle(field) {
    if (settledText.get(field) === field.value) return;
    settledText.set(field, field.value);
    field.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
  }

  function rest(event) {
    var field = event.target;
    if (!field.closest || !field.closest("[data-settles]")) return;
    window.clearTimeout(timers.get(field));
    if (event.isComposing || event.type === "compositionstart") return;
    timers.set(field, window.setTimeout(settle, event.type === "change" ? 0 : REST, field));
  }

  document.addEventListener("focusin", function (event) {
    var field = event.target;
    if (field.closest("[data-settles]") && !settledText.has(field)) settledText.set(field, field.defaultValue || "");
  });
  ["input", "change", "compositionstart", "compositionend"].forEach(function (name) {
    document.addEventListener(name, rest);
  });
})();
