/* Forms: sent once, not lost by leaving, errors found at once and gone as soon as they are being mended. */
(function () {
  "use strict";

  function buttons(form) {
    return Array.from(form.elements).filter(function (element) {
      return element.type === "submit";
    });
  }

  function lock(form) {
    form.dataset.sending = "";
    form.setAttribute("aria-busy", "true");
    /* Later, so that the pressed button's own name and value still travel with the form. */
    window.setTimeout(function () {
      if ("sending" in form.dataset)
        buttons(form).forEach(function (button) {
          button.disabled = true;
        });
    });
  }

  function unlock(form) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
    buttons(form).forEach(function (button) {
      button.disabled = false;
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented) return;
    if ("sending" in form.dataset) event.preventDefault();
    else if (form.method === "post") lock(form);
  });

  /* Fragments: htmx sends the form itself, and would send a second press after the first one's answer. */
  document.addEventListener("htmx:confirm", function (event) {
    if ("sending" in event.detail.elt.dataset) event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.tagName === "FORM" && event.detail.requestConfig.verb !== "get") lock(event.detail.elt);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt.tagName === "FORM") {
      unlock(event.detail.elt);
      if (event.detail.successful) delete event.detail.elt.dataset.changed;
    }
  });

  function unsaved() {
    return document.querySelector("form[data-guard][data-changed]:not([data-sending])");
  }

  /* The session ended. The server has kept a form that was sent and will show it again, so nothing asks on leaving.
     Where another request found out, for example the bell, what is being typed stays: saving it leads the same way. */
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    var form = event.detail.requestConfig.verb === "post" && event.detail.elt.closest("form[data-guard]");
    if (form) delete form.dataset.changed;
    else if (unsaved()) {
      event.preventDefault();
      window.keke.say("warning", "signedout");
    }
  });

  /* Back in the history: the page comes out of the cache with its buttons still locked. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sending]").forEach(unlock);
  });

  window.addEventListener("beforeunload", function (event) {
    if (!unsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* The error goes away, beside the field and in the summary, as soon as the field is being changed. */
  function mend(field) {
    var group = field.closest(".field.has-error");
    if (!group) return;
    group.classList.remove("has-error");
    group.querySelectorAll(".errorlist").forEach(function (list) {
      list.remove();
    });
    group.querySelectorAll("[aria-invalid]").forEach(function (input) {
      input.removeAttribute("aria-invalid");
    });
    var summary = document.querySelector("[data-error-summary]");
    if (!summary) return;
    summary.querySelectorAll("a").forEach(function (link) {
      var target = document.getElementById(link.hash.slice(1));
      if (target && group.contains(target)) link.closest("li").remove();
    });
    if (!summary.querySelector("li")) summary.remove();
  }

  ["input", "change"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.form;
      if (form && form.hasAttribute("data-guard")) form.dataset.changed = "";
      mend(event.target);
    });
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-error-summary] a");
    var target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    var field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (field || target).scrollIntoView({ block: "center" });
    if (field) field.focus();
  });

  /* On a phone the duplicate card lies over the form; the field being typed into moves out from under it. */
  document.addEventListener("htmx:afterSwap", function (event) {
    var slot = event.detail.target;
    var field = document.activeElement;
    if (!slot.matches(".duplicate-slot") || slot.contains(field)) return;
    var under = field.getBoundingClientRect();
    var over = slot.getBoundingClientRect();
    if (under.left < over.right && under.right > over.left && under.bottom > over.top && under.top < over.bottom)
      window.scrollBy(0, under.bottom - over.top + 16);
  });

  function focusSummary(root) {
    var summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
    return summary;
  }

  /* The event comes from each element that was put in, after htmx has focused an autofocus field in it. A form that
     arrives is meant to be typed into: its summary, else its first field gets the focus. */
  document.addEventListener("htmx:afterSettle", function (event) {
    var form = event.target;
    if (focusSummary(form) || !form.matches("form[data-enter-next]") || form.contains(document.activeElement)) return;
    var first = form.querySelector("input:not([type=hidden]):not([readonly]), select, textarea");
    if (first) first.focus();
  });
  focusSummary(document);
})();
