/* The frame: folding rail, menus that close, arrow keys in suggestions. */
(function () {
  "use strict";
  var root = document.documentElement;

  function fold(button) {
    var folded = root.dataset.rail !== "folded";
    if (folded) root.dataset.rail = "folded";
    else delete root.dataset.rail;
    button.setAttribute("aria-pressed", String(folded));
    document.cookie = "rail=" + (folded ? "folded" : "open") + "; Path=/; SameSite=Lax; Max-Age=31536000";
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  function clearSuggestions(except) {
    document.querySelectorAll("[data-suggestions]").forEach(function (list) {
      if (!except || !except.contains(list)) list.textContent = "";
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-fold-rail]");
    if (button) fold(button);
    closeMenus(event.target.closest("details.menu"));
    clearSuggestions(event.target.closest("[data-arrows]"));
  });

  /* Escape closes what is open and leaves the focus where it was opened. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.isComposing) return;
    var menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    var search = event.target.closest("[data-arrows]");
    if (search) search.querySelector("input:not([type=hidden])").focus();
    clearSuggestions();
  });

  /* Arrow keys walk from the input through its suggestions and back. */
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    var search = step && !event.isComposing && event.target.closest("[data-arrows]");
    if (!search) return;
    var stops = Array.from(search.querySelectorAll("input:not([type=hidden]), [data-suggestions] a, [data-suggestions] button"));
    if (stops.length < 2) return;
    event.preventDefault();
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });
})();
