/* Keyboard: `/` search, Enter to the next field, Ctrl+Enter saves, Ctrl+Shift+Enter saves and starts a new one,
   j/k through [data-row-keys]. Nothing happens while an input method is composing. */
(function () {
  "use strict";
  /* Safari may report Enter just after the composition ended; 30 ms keeps that Enter from moving the focus. */
  var AFTER_COMPOSITION = 30;
  var endedAt = -Infinity;

  function composing(event) {
    return event.isComposing || event.keyCode === 229 || performance.now() - endedAt < AFTER_COMPOSITION;
  }

  function isTyping(element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;
  }

  function isStop(element, current) {
    if (element.disabled || element.type === "hidden" || /^(BUTTON|FIELDSET|OUTPUT)$/.test(element.tagName)) return false;
    if (!element.getClientRects().length || element.readOnly || "beside" in element.dataset) return false;
    if (element.type !== "radio" || element === current) return true;
    if (current.type === "radio" && current.name === element.name) return false;
    var group = Array.from(element.form.elements).filter(function (other) {
      return other.type === "radio" && other.name === element.name;
    });
    var checked = group.find(function (other) {
      return other.checked;
    });
    return element === (checked || group[0]);
  }

  function saveButton(from, andNew) {
    var selector = andNew ? "[data-save-new]" : "[data-save]";
    var form = from.closest("form");
    return (form && form.querySelector(selector)) || document.querySelector(selector);
  }

  /* Enter goes on; in a textarea it is a new line, on a button it presses the button. */
  function next(event) {
    var current = event.target;
    var form = current.form;
    if (!form || !form.hasAttribute("data-enter-next") || /^(TEXTAREA|BUTTON)$/.test(current.tagName)) return;
    if (/^(submit|button|reset|image|file)$/.test(current.type)) return;
    event.preventDefault();
    var stops = Array.from(form.elements).filter(function (element) {
      return isStop(element, current);
    });
    var target = stops[stops.indexOf(current) + 1] || saveButton(current);
    if (!target) return;
    target.focus();
    if (target.select && target.type !== "checkbox" && target.type !== "radio") target.select();
  }

  function walk(event) {
    var list = document.querySelector("[data-row-keys]");
    if (!list) return;
    var rows = Array.from(list.querySelectorAll("[data-row-link]"));
    var here = rows.indexOf(document.activeElement);
    var there = rows[event.key === "j" ? here + 1 : Math.max(here - 1, 0)];
    if (there) there.focus();
  }

  document.addEventListener("compositionend", function () {
    endedAt = performance.now();
  });

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || composing(event)) return;
    var withControl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && withControl) {
      var button = saveButton(event.target, event.shiftKey);
      if (!button) return;
      event.preventDefault();
      button.click();
    } else if (event.key === "Enter") {
      next(event);
    } else if (!withControl && !event.altKey && !isTyping(event.target)) {
      var search = event.key === "/" && document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === "j" || event.key === "k") walk(event);
    }
  });
})();
