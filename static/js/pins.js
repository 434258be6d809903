/* Pinned fields: a small button beside each [data-pin] field. The names stand comma separated in the form's hidden
   input `pins`; the server keeps those values for the next record. */
(function () {
  "use strict";

  function pinned(store) {
    return store.value.split(",").filter(Boolean);
  }

  function show(button, store, name) {
    button.setAttribute("aria-pressed", String(pinned(store).includes(name)));
  }

  function furnish(field, store) {
    var label = field.closest(".field") && field.closest(".field").querySelector(".field-label");
    var template = document.getElementById("pin-button");
    if (!label || !template || label.querySelector(".pin")) return;
    var button = template.content.firstElementChild.cloneNode(true);
    var words = (label.querySelector("label") || label).textContent.trim();
    button.setAttribute("aria-label", button.title + ": " + words);
    label.append(button);
    label.classList.add("has-pin");
    show(button, store, field.name);
    button.addEventListener("click", function () {
      var names = pinned(store);
      store.value = (names.includes(field.name)
        ? names.filter(function (name) {
            return name !== field.name;
          })
        : names.concat(field.name)
      ).join(",");
      show(button, store, field.name);
    });
  }

  function furnishAll() {
    document.querySelectorAll('input[name="pins"]').forEach(function (store) {
      store.form.querySelectorAll("[data-pin]").forEach(function (field) {
        furnish(field, store);
      });
    });
  }

  document.addEventListener("htmx:afterSettle", furnishAll);
  furnishAll();
})();
