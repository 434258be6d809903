/* When a fragment does not arrive: say what happened, keep the text, offer one thing to do. */
(function () {
  "use strict";
  var keke = window.keke;

  function explain(request) {
    var body = request.responseText || "";
    if (request.status === 403 && body.includes('data-reason="csrf"')) return keke.say("error", "expired", { reload: true });
    if (request.status === 403) return keke.say("warning", "forbidden");
    if (request.status === 404 || request.status === 410) return keke.say("warning", "missing");
    if (request.status === 429) return keke.say("warning", "many");
    var reference = body.match(/data-error-id="([\w-]+)"/);
    return keke.say("error", "server", { more: reference ? keke.text("reference") + " " + reference[1] : "" });
  }

  document.addEventListener("htmx:responseError", function (event) {
    explain(event.detail.xhr);
  });
  document.addEventListener("htmx:sendError", function () {
    keke.say("error", "offline");
  });
  document.addEventListener("htmx:timeout", function () {
    keke.say("error", "timeout");
  });

  /* A working request ends what an earlier one complained about. */
  document.addEventListener("htmx:afterOnLoad", function (event) {
    if (event.detail.xhr.status < 400) ["offline", "timeout", "server"].forEach(keke.forget);
  });

  window.addEventListener("offline", function () {
    keke.say("error", "offline");
  });
  window.addEventListener("online", function () {
    keke.forget("offline");
    keke.say("success", "online");
  });
})();
