// SPDX-License-Identifier: Apache-2.0
// What a page must be as it stands on a screen: run in the page, answers what is wrong with it.
(() => {
    const wrong = [];
    const complain = (what, node) => {
        const text = (node.textContent || "").trim().slice(0, 40);
        wrong.push(`${what}: <${node.localName} class="${node.getAttribute("class") || ""}"> ${text}`);
    };
    const isSeen = (node) => node.checkVisibility({ contentVisibilityAuto: true }) && node.getClientRects().length > 0;
    const all = [...document.body.querySelectorAll("*")].filter(isSeen);

    // ---- Nothing is wider than the window, and nothing is cut off --------------------------------

    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
        wrong.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`);
    }
    for (const node of all) {
        if (!node.closest("svg")) {
            const box = node.getBoundingClientRect();
            if (box.right > width + 1 || box.left < -1) {
                complain(`from ${box.left} to ${box.right} in ${width}`, node);
            }
        }
    }

    // ---- Labels in pictures -----------------------------------------------------------------------

    const overlap = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
    for (const svg of document.querySelectorAll(".bar svg")) {
        const frame = svg.getBoundingClientRect();
        const labels = [...svg.querySelectorAll("text")].filter((t) => getComputedStyle(t).display !== "none");
        const boxes = labels.map((t) => t.getBoundingClientRect());
        labels.forEach((label, i) => {
            const own = label.parentElement.querySelector("rect").getBoundingClientRect();
            if (boxes[i].left < own.left || boxes[i].right > own.right || boxes[i].bottom > frame.bottom) {
                complain("a label beyond its part", label);
            }
            if (boxes.some((box, k) => k > i && overlap(boxes[i], box))) {
                complain("a label over another one", label);
            }
        });
    }

    // ---- Contrast ---------------------------------------------------------------------------------

    const channels = (colour) => {
        const found = colour.match(/[\d.]+/g).map(Number);
        return { rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1 };
    };
    const luminance = (colour) => {
        const [r, g, b] = channels(colour).rgb.map((c) => {
            const part = c / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => {
        const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    };
    const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (channels(colour).alpha === 1) {
                return colour;
            }
        }
        return "rgb(255, 255, 255)";
    };
    // Of a pattern, its ground.
    const fill = (shape) => {
        const colour = getComputedStyle(shape).fill;
        const id = colour.match(/#([a-z]+)/);
        return id ? getComputedStyle(document.querySelector(`#${id[1]} .ground`)).fill : colour;
    };
    const least = (style) => {
        const size = parseFloat(style.fontSize);
        return size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    };
    let texts = 0;
    for (const node of all) {
        const own = [...node.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
        if (!own || node.closest("title, desc")) {
            continue;
        }
        const style = getComputedStyle(node);
        const inPicture = node.localName === "text";
        const got = inPicture
            ? contrast(style.fill, fill(node.parentElement.querySelector("rect")))
            : contrast(style.color, ground(node));
        texts++;
        if (got < least(style)) {
            complain(`contrast ${got.toFixed(2)}`, node);
        }
    }
    // Edges of parts are seen against what is around them.
    for (const shape of document.querySelectorAll(".bar rect.part, .bar rect.fields")) {
        const got = contrast(getComputedStyle(shape).stroke, ground(shape));
        if (got < 3) {
            complain(`contrast of an edge ${got.toFixed(2)}`, shape);
        }
    }

    // ---- What is there ----------------------------------------------------------------------------

    const names = ["answer", "checks", "picture", "contents", "digests"];
    const articles = [...document.querySelectorAll("article")];
    for (const article of articles) {
        for (const name of article.querySelector("section") ? names : []) {
            const section = article.querySelector(`section.${name}`);
            if (!section || section.offsetHeight < 40 || !section.querySelector("h3")) {
                wrong.push(`no section ${name} in ${article.id}`);
            }
        }
    }
    // What a finger is to hit. Links in a sentence are as high as their line.
    for (const node of document.querySelectorAll("button, summary, label, .bar a > rect")) {
        const box = node.getBoundingClientRect();
        if (isSeen(node) && (box.height < 24 || box.width < 12)) {
            complain(`only ${box.width} x ${box.height}`, node);
        }
    }
    return {
        wrong: wrong.slice(0, 20),
        texts,
        articles: articles.length,
        parts: [...document.querySelectorAll("details[data-path]")].map((d) => d.dataset.path),
        bars: document.querySelectorAll(".bar svg").length,
    };
})();
