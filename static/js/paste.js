/* Recognition of a pasted block: the server says which empty fields get which value ([data-fill] in #recognised), this
   puts them in and marks them; one step, the button or Ctrl+Z, takes them out again. */
(function () {
  "use strict";
  var filled = []; /* {field, before, options, value}: what the last block brought */
  var untouched = false; /* nothing was typed since, so Ctrl+Z means the block */

  function unmark(field) {
    var group = field.closest(".field");
    if (!group) return;
    group.classList.remove("is-filled", "is-doubtful");
    group.querySelectorAll(".fill-mark").forEach(function (mark) {
      mark.remove();
    });
  }

  function mark(field, answer, doubtful) {
    var group = field.closest(".field");
    if (!group) return;
    unmark(field);
    group.classList.add(doubtful ? "is-doubtful" : "is-filled");
    var words = answer.querySelector(doubtful ? "template[data-doubt-mark]" : "template[data-mark]");
    group.querySelector(".field-body").append(words.content.cloneNode(true));
  }

  function fill(answer) {
    var form = answer.closest("form");
    filled = [];
    answer.querySelectorAll("[data-fill]").forEach(function (said) {
      var field = form.elements.namedItem(said.dataset.fill);
      if (!field) return;
      var options = answer.querySelector('template[data-options="' + said.dataset.fill + '"]');
      filled.push({ field: field, before: field.value, options: options && field.innerHTML, value: said.dataset.value });
      if (options) field.innerHTML = options.innerHTML;
      field.value = said.dataset.value;
      mark(field, answer, "doubt" in said.dataset);
    });
    if (!filled.length) return;
    untouched = true;
    form.dataset.changed = "";
    form.dispatchEvent(new CustomEvent("settled", { bubbles: true })); /* look for duplicates */
  }

  function undo() {
    filled.reverse().forEach(function (entry) {
      unmark(entry.field);
      if (entry.field.value !== entry.value) return; /* changed by hand since */
      if (entry.options) entry.field.innerHTML = entry.options;
      entry.field.value = entry.before;
    });
    filled = [];
    untouched = false;
    var answer = document.getElementById("recognised");
    answer.replaceChildren();
    answer.closest("form").dispatchEvent(new CustomEvent("settled", { bubbles: true }));
    document.getElementById("id_pasted").focus();
  }

  document.addEventListener("paste", function (event) {
    if (event.target.id !== "id_pasted") return;
    var button = event.target.closest("[data-paste-box]").querySelector("[data-recognise]");
    window.setTimeout(function () {
      button.dispatchEvent(new CustomEvent("pasted"));
    });
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "recognised") fill(event.detail.target);
  });

  document.addEventListener("click", function (event) {
    if (!filled.length || !event.target.closest("[data-undo]")) return;
    event.preventDefault();
    undo();
  });

  document.addEventListener("keydown", function (event) {
    if (!untouched || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    undo();
  });

  ["input", "change"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (!filled.length) return;
      untouched = false;
      unmark(event.target);
    });
  });
})();
