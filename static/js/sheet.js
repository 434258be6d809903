/* The side sheet: opens when a fragment lands in #sheet, closes by Escape, its button or a click beside it, and gives
   the focus back to what opened it. */
(function () {
  "use strict";
  var dialog = document.getElementById("sheet-dialog");
  if (!dialog) return;
  var opener = null;

  function close() {
    if (dialog.close) dialog.close();
    else dialog.removeAttribute("open");
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "sheet" || dialog.open) return;
    opener = event.detail.requestConfig.elt;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  });

  dialog.addEventListener("close", function () {
    document.getElementById("sheet").textContent = "";
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  });

  dialog.addEventListener("click", function (event) {
    if (event.target === dialog || event.target.closest("[data-close-sheet]")) close();
  });
})();
