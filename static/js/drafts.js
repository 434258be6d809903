/* The draft: every five seconds a form that has changed is sent to be kept; [data-draft] says when that was. */
(function () {
  "use strict";
  var EVERY = 5000;
  var NOT_KEPT = ["csrfmiddlewaretoken", "pasted", "filled"];
  var known = new WeakMap(); /* form -> what the server has, or what it began with */

  function text(form) {
    var data = new FormData(form);
    NOT_KEPT.forEach(function (name) {
      data.delete(name);
    });
    return new URLSearchParams(data).toString();
  }

  function draftOf() {
    return document.querySelector("[data-draft]");
  }

  function begin() {
    var place = draftOf();
    var form = place && place.closest("form");
    if (form && !known.has(form)) known.set(form, text(form));
  }

  function keep() {
    var place = draftOf();
    var form = place && place.closest("form");
    if (!form || "sending" in form.dataset || known.get(form) === text(form)) return;
    known.set(form, text(form));
    place.dispatchEvent(new CustomEvent("draft"));
  }

  /* What is kept on the server is not lost by leaving. */
  document.addEventListener("htmx:afterRequest", function (event) {
    var place = event.detail.elt;
    if (!place.matches || !place.matches("[data-draft]")) return;
    var form = place.closest("form");
    if (!event.detail.successful) known.delete(form);
    else if (form && known.get(form) === text(form)) delete form.dataset.changed;
  });

  document.addEventListener("htmx:afterSettle", begin);
  window.setInterval(keep, EVERY);
  begin();
})();
