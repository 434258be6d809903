/* The reason is asked for when a name or a phone changes: until one does, its field stays out of sight. The server asks
   in any case. What stood in a field when the form opened travels along in a hidden twin, initial-<name>. */
(function () {
  "use strict";

  function before(form, field) {
    var twin = form.elements["initial-" + field.name];
    return twin ? twin.value : field.defaultValue;
  }

  function changed(form, names) {
    return Array.from(form.elements).some(function (field) {
      var last = field.name ? field.name.split("-").pop() : "";
      if (names.indexOf(last) < 0 || field.name.indexOf("initial-") === 0) return false;
      if (field.type === "checkbox") return field.checked;
      var old = before(form, field);
      return field.value !== old && (old !== "" || last === "name");
    });
  }

  function look(box) {
    var form = box.closest("form");
    var field = box.querySelector("input");
    var asked = field.value !== "" || box.querySelector(".has-error") || changed(form, box.dataset.reasonFor.split(" "));
    box.hidden = !asked;
  }

  function lookAt(root) {
    root.querySelectorAll("[data-reason-for]").forEach(look);
  }

  ["input", "change"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.target.form && !event.target.closest("[data-reason-for]")) lookAt(event.target.form);
    });
  });
  document.addEventListener("htmx:load", function (event) {
    lookAt(event.target.parentNode || document);
  });
  lookAt(document);
})();
