// SPDX-License-Identifier: Apache-2.0
// What otapack's pages do beyond what they say: buttons, folds that open for a link and for the
// printer. The page is whole without it. No ampersand and no less-than sign stands here, so that
// XML reads the page, too.
"use strict";

function button(text, label, action) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = text;
    if (label) {
        b.setAttribute("aria-label", label);
    }
    b.addEventListener("click", action);
    return b;
}

function say(text) {
    document.getElementById("said").textContent = text;
}

// Where a page is a file, or is shown in another one, the clipboard may be closed to it.
function copyBySelection(node) {
    const selection = window.getSelection();
    selection.selectAllChildren(node);
    return document.execCommand("copy");
}

async function copy(node) {
    let done = false;
    try {
        await navigator.clipboard.writeText(node.textContent);
        done = true;
    } catch {
        done = copyBySelection(node);
    }
    say(done ? node.dataset.what + " is copied." : "It is selected; copy it with the keyboard.");
}

for (const node of document.querySelectorAll(".copied")) {
    node.after(button("Copy", "Copy " + node.dataset.what, () => copy(node)));
}

function fold(tree, open) {
    for (const details of tree.querySelectorAll("details")) {
        details.open = open;
    }
}

for (const tree of document.querySelectorAll(".tree")) {
    tree.before(
        button("Open all", "", () => fold(tree, true)),
        button("Close all", "", () => fold(tree, false)),
    );
}

// What a link leads to is seen.
function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) {
        return;
    }
    for (let node = target; node; node = node.parentElement) {
        if (node.tagName === "DETAILS") {
            node.open = true;
        }
    }
    target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();

// On paper nothing unfolds.
let folded = [];
addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((details) => (details.open = true));
});
addEventListener("afterprint", () => {
    folded.forEach((details) => (details.open = false));
});
