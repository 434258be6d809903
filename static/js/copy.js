/* [data-copy=selector] copies the text of a read-only input and says so. Where the browser refuses (plain http on a
   company network), the text is selected, ready for Ctrl+C. */
(function () {
  "use strict";

  function copy(field) {
    if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
    field.select();
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("refused"));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    var field = document.querySelector(button.dataset.copy);
    copy(field).then(
      function () {
        button.querySelector("span").textContent = field.dataset.copied;
      },
      function () {
        field.focus();
        field.select();
      }
    );
  });

  document.addEventListener("focusin", function (event) {
    if (event.target.matches("input[readonly][data-copied]")) event.target.select();
  });
})();
