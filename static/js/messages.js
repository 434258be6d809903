/* Messages that float under the top bar: closing, fading, and keke.say() for other scripts. */
(function () {
  "use strict";
  var FADE_AFTER = 8000;

  function region() {
    return document.getElementById("messages");
  }

  /* A message fades only while nobody points at it or stands in it. */
  function fade(message) {
    window.setTimeout(function () {
      if (message.matches(":hover") || message.contains(document.activeElement)) fade(message);
      else message.remove();
    }, FADE_AFTER);
  }

  function watchFading() {
    document.querySelectorAll(".message[data-fades]").forEach(function (message) {
      message.removeAttribute("data-fades");
      fade(message);
    });
  }

  function text(key) {
    var strings = document.getElementById("strings");
    return (strings && strings.dataset[key]) || "";
  }

  /* Show one message of a kind (success, warning, error). The same key replaces its predecessor. */
  function say(kind, key, options) {
    var template = document.getElementById("message-template");
    if (!template || !region()) return null;
    options = options || {};
    forget(key);
    var message = template.content.firstElementChild.cloneNode(true);
    message.classList.add("message-" + kind);
    message.dataset.key = key;
    message.querySelector(".message-text").textContent = text(key) + (options.more ? " " + options.more : "");
    if (options.reload) {
      var link = document.createElement("a");
      link.href = window.location.href;
      link.textContent = text("reload");
      message.querySelector(".message-text").append(" ", link);
    }
    region().append(message);
    if (kind === "success") fade(message);
    return message;
  }

  function forget(key) {
    var old = region() && region().querySelector('[data-key="' + key + '"]');
    if (old) old.remove();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-close-message]");
    if (button) button.closest(".message").remove();
  });
  document.addEventListener("htmx:afterSettle", watchFading);
  document.addEventListener("htmx:oobAfterSwap", watchFading);
  watchFading();

  window.keke = { say: say, forget: forget, text: text };
})();
