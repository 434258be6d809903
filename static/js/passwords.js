/* Password fields get a button that shows what was typed; demo accounts fill the sign-in form. Pasting always works. */
(function () {
  "use strict";
  var template = document.getElementById("reveal-button");

  document.querySelectorAll('input[type="password"]').forEach(function (field) {
    if (!template) return;
    var button = template.content.firstElementChild.cloneNode(true);
    field.parentElement.classList.add("with-reveal");
    field.after(button);
    button.addEventListener("click", function () {
      var shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      field.focus();
    });
    if (field.form)
      field.form.addEventListener("submit", function () {
        field.type = "password";
      });
  });

  document.addEventListener("click", function (event) {
    var account = event.target.closest("[data-demo-number]");
    if (!account) return;
    var number = document.querySelector('input[name="username"]');
    var password = document.querySelector('input[name="password"]');
    number.value = account.dataset.demoNumber;
    password.value = account.dataset.demoPassword;
    password.form.querySelector("[type=submit]").focus();
  });
})();
