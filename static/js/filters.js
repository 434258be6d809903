/* Filters that read as a sentence: what is set stands out; a choice made with the pointer applies at once. With the
   keyboard the form's button applies it, because there each arrow key is a change. */
(function () {
  "use strict";
  var pointed = null;

  function mark(select) {
    select.classList.toggle("is-set", select.selectedIndex > 0);
  }

  document.addEventListener("pointerdown", function (event) {
    pointed = event.target.closest("select");
  });
  document.addEventListener("keydown", function () {
    pointed = null;
  });
  document.addEventListener("change", function (event) {
    var select = event.target;
    if (!select.matches(".filters select")) return;
    mark(select);
    if (pointed === select && select.form.hasAttribute("data-submits-on-change")) select.form.requestSubmit();
  });
  document.querySelectorAll(".filters select").forEach(mark);
})();
