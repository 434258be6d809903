/* A field that belongs to one choice of another field stays out of sight while that is not chosen: data-only-with="name
   value". The server heeds it only then in any case. */
(function () {
  "use strict";

  function look(field) {
    var chosen = field.dataset.onlyWith.split(" ");
    field.closest(".field").hidden = field.form.elements[chosen[0]].value !== chosen[1];
  }

  function lookAtAll() {
    document.querySelectorAll("[data-only-with]").forEach(look);
  }

  document.addEventListener("change", lookAtAll);
  window.addEventListener("pageshow", lookAtAll); /* the browser may have filled the form again */
  lookAtAll();
})();
