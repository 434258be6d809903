/* Rows of a formset: [data-formset=prefix] holds [data-rows] and a <template data-empty-row> with __prefix__.
   A removed row stays in the form, hidden, with Django's DELETE ticked. */
(function () {
  "use strict";

  function add(prefix) {
    var formset = document.querySelector('[data-formset="' + prefix + '"]');
    var total = formset.querySelector('[name="' + prefix + '-TOTAL_FORMS"]');
    var rows = formset.querySelector("[data-rows]");
    var html = formset.querySelector("template[data-empty-row]").innerHTML.replace(/__prefix__/g, total.value);
    total.value = Number(total.value) + 1;
    rows.insertAdjacentHTML("beforeend", html);
    var row = rows.lastElementChild;
    if (window.htmx) window.htmx.process(row);
    var first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
    row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  }

  function remove(row) {
    var mark = row.querySelector('input[name$="-DELETE"]');
    if (!mark) return;
    var formset = row.closest("[data-formset]");
    mark.checked = true;
    row.hidden = true;
    mark.dispatchEvent(new Event("change", { bubbles: true }));
    var button = document.querySelector('[data-add-row="' + formset.dataset.formset + '"]');
    if (button) button.focus();
  }

  document.addEventListener("click", function (event) {
    var adding = event.target.closest("[data-add-row]");
    if (adding) add(adding.dataset.addRow);
    var removing = event.target.closest("[data-remove-row]");
    if (removing) remove(removing.closest("[data-row]"));
  });
})();
