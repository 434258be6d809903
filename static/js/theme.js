/* In the head, before the first paint: "system" becomes what the system says. Also the three buttons that choose; the
   server keeps the choice in a cookie that scripts cannot read. */
(function () {
  "use strict";
  var root = document.documentElement;
  var systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    var chosen = root.dataset.theme || "system";
    var theme = chosen === "system" ? (systemIsDark.matches ? "dark" : "light") : chosen;
    var bar = document.querySelector('meta[name="theme-color"]');
    root.setAttribute("data-bs-theme", theme);
    if (bar) bar.setAttribute("content", bar.getAttribute("data-" + theme));
    document.querySelectorAll("[data-theme-form] button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    });
  }

  apply();
  if (systemIsDark.addEventListener) systemIsDark.addEventListener("change", apply);

  /* Changes at once and keeps what is typed on the page; the answer, a redirect, is not needed. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-form] button");
    if (!button) return;
    event.preventDefault();
    root.dataset.theme = button.value;
    apply();
    var data = new FormData(button.form);
    data.set("theme", button.value);
    fetch(button.form.action, { method: "POST", body: data, redirect: "manual", credentials: "same-origin" });
  });
})();
