// SPDX-License-Identifier: Apache-2.0
//
// A plain folder for a web server or a CDN: each file under a name that has its digest in it, so
// that what a name means never changes and may be cached for ever, and two files that are switched
// over behind them: SHA256SUMS, as sha256sum reads it, and latest.json, which says what is new.
#include <string.h>

#include "publish_facts.h"

enum { DIGEST_DIGITS = 64 };

// "light-DIGEST.ota" of "light.ota".
static const char *path_of(struct arena *a, const char *name, const char *digest)
{
    const char *dot = strrchr(name, '.');
    size_t stem = dot == NULL ? strlen(name) : (size_t)(dot - name);
    return arena_printf(a, "%.*s-%s%s", (int)stem, name, digest, name + stem);
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA256);
    const char *path = digest == NULL ? NULL : path_of(f->arena, f->name, digest);
    if (path == NULL || !publish_copy(p, f, path)) {
        return false;
    }
    json_t *o = json_must(json_object());
    json_put_text(o, "name", f->name);
    json_put_text(o, "path", path);
    json_put(o, "size", json_number(f->root->src.size));
    json_put_text(o, "sha256", digest);
    const struct {
        const char *key, *text;
    } rows[] = {{"product", publish_name(p, f)},
                {"version", publish_version(p, f)},
                {"chip", publish_chip(f)}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_put_text(o, rows[i].key, *rows[i].text == '\0' ? NULL : rows[i].text);
    }
    json_add(p->list, o);
    return true;
}

// A line of each file: digest, two blanks, name.
static const char *sums(struct publishing *p)
{
    enum { LINE_MOST = DIGEST_DIGITS + 2 + PUBLISH_PATH_MOST + 1 };
    size_t i, at = 0;
    json_t *o;
    char *text = arena_alloc(&p->arena, json_array_size(p->list) * LINE_MOST + 1);
    json_array_foreach(p->list, i, o)
    {
        const char *words[] = {json_string_value(json_object_get(o, "sha256")), "  ",
                               json_string_value(json_object_get(o, "path")), "\n"};
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
            size_t n = strlen(words[w]);
            memcpy(text + at, words[w], n);
            at += n;
        }
    }
    return text;
}

static bool end(struct publishing *p)
{
    json_t *latest = json_must(json_object());
    bool good = publish_text(p, "SHA256SUMS", sums(p));
    json_put(latest, "files", json_incref(p->list));
    return publish_json(p, "latest.json", latest) && good;
}

const struct publish_target publish_folder = {
    .topic = {"folder", "a web server: names with digests, SHA256SUMS, latest.json"},
    .takes = {"name", "release"},
    .writes = true,
    .add = add,
    .end = end};
