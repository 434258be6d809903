/* The grid for many cards, with the keys of a spreadsheet: arrows, Enter and Tab move, a pasted block fills down and
   right, the last row brings another, one step undoes a paste or a removal. Rows that were left are sent together to
   be matched; the answer says beside each who it is, and in its cells what is wrong. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-grid]");
  if (!form) return;
  var REST = 300; /* milliseconds after a row was left */
  var AFTER_COMPOSITION = 30; /* Safari may report Enter just after the composition ended */
  var CELL = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/y;
  var prefix = form.dataset.grid;
  var atMost = Number(form.dataset.atMost);
  var total = form.elements[prefix + "-TOTAL_FORMS"];
  var body = form.querySelector("[data-rows]");
  var template = form.querySelector("template[data-empty-row]");
  var said = form.querySelector("[data-said]");
  var undoButton = form.querySelector("[data-undo-grid]");
  var checker = form.querySelector("[data-check]");
  var unit = form.elements.unit;
  var changed = new Set(); /* rows that are not what was matched last */
  var sent = null; /* rows of the check that is under way */
  var timer = 0;
  var steps = []; /* what can be undone: functions */
  var untouched = false; /* nothing was typed since the last step, so Ctrl+Z means it */
  var settled = false; /* a block or a choice is not being typed: the row in which one stands is matched too */
  var startColumn = 0; /* where Enter goes back to after a run of Tabs */
  var endedAt = -Infinity;

  function rows() {
    return Array.from(body.children);
  }

  function cells(row) {
    return Array.from(row.querySelectorAll("td.field > input"));
  }

  function isCell(element) {
    return element.matches && element.matches("td.field > input") && body.contains(element);
  }

  function rowOf(element) {
    return element && element.closest ? element.closest("[data-row]") : null;
  }

  function isBlank(row) {
    return cells(row).every(function (cell) {
      return !cell.value.trim();
    });
  }

  /* Names and ids of a row carry its number; after a removal the rows below close up. */
  function number(row, at) {
    var place = new RegExp("\\b" + prefix + "-(\\d+|__prefix__)-", "g");
    row.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach(function (element) {
      ["name", "id", "for", "aria-describedby"].forEach(function (attribute) {
        var value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(place, prefix + "-" + at + "-"));
      });
    });
    row.querySelector("[data-number]").textContent = at + 1;
  }

  function renumber() {
    rows().forEach(number);
    total.value = body.children.length;
  }

  function add() {
    if (body.children.length >= atMost) return null;
    body.append(template.content.firstElementChild.cloneNode(true));
    number(body.lastElementChild, body.children.length - 1);
    total.value = body.children.length;
    return body.lastElementChild;
  }

  function focusOn(cell) {
    if (!cell) return;
    cell.focus();
    cell.select();
  }

  /* Matching */

  function touch(row) {
    changed.add(row);
    form.dataset.changed = "";
    row.querySelector("[data-state]").dataset.stale = "";
  }

  function schedule(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, wait);
  }

  function check() {
    if (sent || "sending" in form.dataset) return;
    var typing = isCell(document.activeElement) && !settled;
    var here = typing ? rowOf(document.activeElement) : null; /* this row is not left yet */
    settled = false;
    var asked = rows().filter(function (row) {
      return changed.has(row) && row !== here && !isBlank(row);
    });
    rows().forEach(function (row) {
      if (changed.has(row) && isBlank(row)) show(row, null);
    });
    if (!asked.length) return;
    body.querySelectorAll("[data-repeats]").forEach(function (mark) {
      if (asked.indexOf(rowOf(mark)) < 0) asked.push(rowOf(mark));
    });
    asked.forEach(function (row) {
      changed.delete(row);
    });
    sent = asked;
    form.elements.rows.value = asked
      .map(function (row) {
        return rows().indexOf(row);
      })
      .join(",");
    sent.numbers = form.elements.rows.value.split(",");
    checker.dispatchEvent(new CustomEvent("check"));
  }

  function show(row, answer) {
    if (!row.isConnected || (answer && changed.has(row))) return;
    changed.delete(row);
    var state = row.querySelector("[data-state]");
    var focused = state.contains(document.activeElement) && document.activeElement.id;
    cells(row).forEach(function (cell) {
      cell.parentElement.classList.remove("has-error");
      cell.removeAttribute("aria-invalid");
      cell.parentElement.querySelectorAll(".errorlist").forEach(function (list) {
        list.remove();
      });
    });
    delete state.dataset.stale;
    state.replaceChildren();
    if (answer) {
      answer.querySelectorAll("template[data-cell-error]").forEach(function (error) {
        mark(row, error.dataset.cellError, error.content.textContent);
        error.remove();
      });
      state.append.apply(state, Array.from(answer.childNodes));
      number(row, rows().indexOf(row));
    }
    var again = focused && document.getElementById(focused);
    if (again) again.focus();
  }

  function mark(row, name, sentence) {
    var cell = cells(row).find(function (input) {
      return input.name.endsWith("-" + name);
    });
    var list = document.createElement("ul");
    var item = document.createElement("li");
    list.className = "errorlist";
    item.textContent = sentence;
    list.append(item);
    cell.setAttribute("aria-invalid", "true");
    cell.parentElement.classList.add("has-error");
    cell.parentElement.append(list);
  }

  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt !== checker || !sent) return;
    var asked = sent;
    sent = null;
    if (!event.detail.successful) {
      asked.forEach(function (row) {
        changed.add(row);
      });
      return;
    }
    var answer = document.createElement("template");
    answer.innerHTML = event.detail.xhr.responseText;
    asked.forEach(function (row, place) {
      var state = answer.content.querySelector('[data-state-of="' + asked.numbers[place] + '"]');
      if (state) show(row, state);
    });
    if (changed.size) schedule(REST);
  });

  /* Steps that can be undone */

  function step(undo, words) {
    steps.push(undo);
    untouched = true;
    undoButton.hidden = false;
    said.textContent = words;
  }

  function undo() {
    var last = steps.pop();
    if (last) last();
    untouched = steps.length > 0;
    undoButton.hidden = !steps.length;
    said.textContent = "";
    schedule(0);
  }

  function remove(row) {
    var at = rows().indexOf(row);
    if (body.children.length === 1) add();
    row.remove();
    renumber();
    form.dataset.changed = "";
    recheckRepeated();
    step(function () {
      body.insertBefore(row, body.children[at] || null);
      if (body.children.length > atMost) body.lastElementChild.remove();
      renumber();
      touch(row);
      recheckRepeated();
      focusOn(cells(row)[0]);
    }, said.dataset.removed);
    focusOn(cells(body.children[Math.min(at, body.children.length - 1)])[0]);
  }

  function recheckRepeated() {
    body.querySelectorAll("[data-repeats]").forEach(function (mark) {
      touch(rowOf(mark));
    });
    schedule(0);
  }

  /* A block as spreadsheets give it: tabs between cells, quotes around one that holds tabs, lines or quotes. */
  function parse(text) {
    var lines = [[]];
    text = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    CELL.lastIndex = 0;
    for (;;) {
      var found = CELL.exec(text);
      var value = found[1] === undefined ? found[2] : found[1].replace(/""/g, '"');
      lines[lines.length - 1].push(value.replace(/[\t\n]+/g, " ").trim());
      if (!found[3]) return lines;
      if (found[3] === "\n") lines.push([]);
    }
  }

  function paste(cell, block) {
    var first = rows().indexOf(rowOf(cell));
    var column = cells(rowOf(cell)).indexOf(cell);
    var before = [];
    var added = [];
    var taken = 0;
    block.forEach(function (line, down) {
      var row = body.children[first + down];
      if (!row) {
        row = add();
        if (!row) return;
        added.push(row);
      }
      taken += 1;
      cells(row)
        .slice(column)
        .forEach(function (target, right) {
          if (right >= line.length) return;
          before.push([target, target.value, line[right]]);
          target.value = line[right];
        });
      touch(row);
    });
    if (body.children.length === first + taken) add();
    var left = block.length - taken;
    step(
      function () {
        before.reverse().forEach(function (entry) {
          if (entry[0].value === entry[2]) entry[0].value = entry[1]; /* changed by hand since: it stays */
          if (rowOf(entry[0])) touch(rowOf(entry[0]));
        });
        added.forEach(function (row) {
          if (row.isConnected && isBlank(row)) row.remove();
        });
        renumber();
        settled = true;
        focusOn(cell);
      },
      said.dataset.pasted + taken + (left ? " · " + said.dataset.full + left : "")
    );
    settled = true;
    schedule(0);
  }

  /* Keys */

  function move(cell, down, column) {
    var row = rows()[rows().indexOf(rowOf(cell)) + down] || (down > 0 && add());
    if (row) focusOn(cells(row)[column]);
  }

  function keys(event, cell) {
    var all = cells(rowOf(cell));
    var column = all.indexOf(cell);
    var offers = cell.hasAttribute("list"); /* arrows walk through what it offers */
    var atEdge = cell.selectionStart === cell.selectionEnd;
    if (event.key === "Enter") move(cell, event.shiftKey ? -1 : 1, startColumn);
    else if (event.key === "ArrowDown" && !offers) move(cell, 1, column);
    else if (event.key === "ArrowUp" && !offers) move(cell, -1, column);
    else if (event.key === "ArrowLeft" && atEdge && cell.selectionStart === 0 && column) focusOn(all[column - 1]);
    else if (event.key === "ArrowRight" && atEdge && cell.selectionEnd === cell.value.length && all[column + 1])
      focusOn(all[column + 1]);
    else if (event.key === "Tab" && !event.shiftKey && column === all.length - 1 && !rowOf(cell).querySelector("[data-choice]"))
      move(cell, 1, 0);
    else return;
    if (!/^(Enter|Tab)$/.test(event.key)) startColumn = cells(rowOf(document.activeElement)).indexOf(document.activeElement);
    event.preventDefault();
  }

  document.addEventListener("compositionend", function () {
    endedAt = performance.now();
  });

  form.addEventListener("keydown", function (event) {
    var composing = event.isComposing || event.keyCode === 229 || performance.now() - endedAt < AFTER_COMPOSITION;
    var withControl = event.ctrlKey || event.metaKey;
    if (composing || event.defaultPrevented) return;
    if (withControl && !event.shiftKey && event.key.toLowerCase() === "z" && untouched) {
      event.preventDefault();
      undo();
    } else if (!withControl && !event.altKey && isCell(event.target)) keys(event, event.target);
    else if (!withControl && event.key === "Enter" && /^(INPUT|SELECT)$/.test(event.target.tagName)) event.preventDefault();
  });

  form.addEventListener("pointerdown", function (event) {
    if (isCell(event.target)) startColumn = cells(rowOf(event.target)).indexOf(event.target);
  });

  form.addEventListener("paste", function (event) {
    if (!isCell(event.target) || !event.clipboardData) return;
    var block = parse(event.clipboardData.getData("text/plain"));
    if (block.length === 1 && block[0].length === 1) return;
    event.preventDefault();
    paste(event.target, block);
  });

  form.addEventListener("input", function (event) {
    var row = rowOf(event.target);
    if (!row) return;
    untouched = false;
    touch(row);
    if (row === body.lastElementChild) add();
  });

  form.addEventListener("change", function (event) {
    if (event.target === unit)
      rows().forEach(function (row) {
        if (!isBlank(row)) touch(row);
      });
    else if (!event.target.matches("[data-choice]")) return;
    settled = true;
    schedule(0);
  });

  form.addEventListener("focusout", function (event) {
    if (rowOf(event.target) && rowOf(event.relatedTarget) !== rowOf(event.target)) schedule(REST);
  });

  form.addEventListener("click", function (event) {
    if (event.target.closest("[data-undo-grid]")) undo();
    var removing = event.target.closest("[data-remove-card]");
    if (removing) remove(rowOf(removing));
  });

  form.querySelector("[data-check-button]").hidden = true;
  if (!form.querySelector("[data-error-summary]")) {
    if (unit.value) focusOn(cells(body.firstElementChild)[0]);
    else unit.focus();
  }
})();
