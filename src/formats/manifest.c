// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <stdarg.h>
#include <string.h>

#include "source.h"
#include "text.h"

enum { HEAD = 256 };

void manifest_fault(struct manifest *m, const char *format, ...)
{
    va_list args;
    if (m->fault_count == MANIFEST_FAULTS_MOST) {
        return;
    }
    va_start(args, format);
    m->faults[m->fault_count++] = arena_vprintf(m->arena, format, args);
    va_end(args);
}

struct manifest_build *manifest_add_build(struct manifest *m, const char *family)
{
    struct manifest_build *b = ARENA_NEW(m->arena, struct manifest_build);
    b->family = family;
    b->files_end = &b->files;
    *m->builds_end = b;
    m->builds_end = &b->next;
    return b;
}

bool manifest_has_room(struct manifest *m, size_t most)
{
    bool room = m->file_count < most;
    if (!room && !m->full) {
        manifest_fault(m, "it names more than %zu files, and the others are not looked at", most);
        m->full = true;
    }
    return room;
}

struct manifest_file *manifest_add(struct manifest *m, struct manifest_build *b, const char *path)
{
    struct manifest_file *f = ARENA_NEW(m->arena, struct manifest_file);
    f->path = path;
    *b->files_end = f;
    b->files_end = &f->next;
    b->count++;
    m->file_count++;
    return f;
}

const char *manifest_string(struct manifest *m, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? NULL : arena_string(m->arena, text);
}

bool manifest_number(const json_t *value, uint64_t *out)
{
    if (json_is_integer(value) && json_integer_value(value) >= 0) {
        *out = (uint64_t)json_integer_value(value);
        return true;
    }
    return json_is_string(value) && text_number(json_string_value(value), out);
}

const char *manifest_url_file(struct manifest *m, const char *url)
{
    size_t n = strcspn(url, "?#"), from = n;
    while (from > 0 && url[from - 1] != '/') {
        from--;
    }
    return arena_copy(m->arena, url + from, n - from);
}

// ---- Digests ------------------------------------------------------------------------------------

bool manifest_take_hex(struct manifest_digest *d, const char *digits)
{
    static const struct manifest_digest kinds[] = {{"MD5", DIGEST_MD5, 16, {0}},
                                                   {"SHA-256", DIGEST_SHA256, 32, {0}},
                                                   {"SHA-384", DIGEST_SHA384, 48, {0}},
                                                   {"SHA-512", DIGEST_SHA512, 64, {0}}};
    size_t n = strlen(digits);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (n == 2 * kinds[i].size) {
            *d = kinds[i];
        }
    }
    for (size_t i = 0; d->name != NULL && i < d->size; i++) {
        int byte = text_hex_byte(digits + 2 * i);
        if (byte < 0) {
            d->name = NULL;
            return false;
        }
        d->bytes[i] = (uint8_t)byte;
    }
    return d->name != NULL;
}

// ---- Whose it is --------------------------------------------------------------------------------

static bool read_json(struct manifest *m, const char *text, size_t n)
{
    json_t *once = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    json_t *root = once == NULL ? json_loadb(text, n, 0, NULL) : once;
    if (once == NULL) {
        manifest_fault(m, "a key stands twice in one object, of which readers take one");
    }
    bool taken = json_is_object(root) && (manifest_web(m, root) || manifest_idf(m, root) ||
                                          manifest_dcl(m, root) || manifest_hosted(m, root));
    json_decref(root);
    return taken;
}

static bool is_text(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] < ' ' && p[i] != '\n' && p[i] != '\r' && p[i] != '\t') {
            return false;
        }
    }
    return true;
}

bool manifest_read(struct arena *a, const struct otapack_source *src, struct manifest *m)
{
    uint8_t head[HEAD];
    size_t n = src->size < HEAD ? (size_t)src->size : HEAD;
    *m = (struct manifest){.arena = a, .builds_end = NULL};
    m->builds_end = &m->builds;
    if (n == 0 || src->size > MANIFEST_TEXT_MOST ||
        otapack_read(src, 0, head, n, "").code != OTAPACK_OK || !is_text(head, n)) {
        return false;
    }
    size_t size = (size_t)src->size, bom = n > 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    const char *text = (const char *)source_bytes(a, src, 0, size) + bom;
    size -= bom;
    if (memchr(text, '\0', size) != NULL) {
        return false;
    }
    return text[strspn(text, " \t\r\n")] == '{'
               ? size <= MANIFEST_JSON_MOST && read_json(m, text, size)
               : manifest_sums(m, text) || manifest_idf_text(m, text);
}
