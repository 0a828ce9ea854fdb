// SPDX-License-Identifier: Apache-2.0
#include "runs.h"

#include <string.h>
#include <strings.h>

#include "digest_span.h"
#include "esp8266_tree.h"
#include "kinds.h"
#include "text.h"

enum { MD5_SIZE = 16, FLASH_MODE_AT = 2, FLASH_MODES = 4, PIECE = 4096 };

static void take(struct runs *out, const char *digest)
{
    if (digest != NULL && *digest != '\0' && out->count < RUNS_DIGESTS_MOST) {
        out->digests[out->count++] = digest;
    }
}

// The MD5 with this flash mode in its header: the core's updater writes the device's own there, and
// so a sketch that came over the air has that.
static const char *md5_with_mode(struct arena *a, const struct otapack_source *src, uint8_t mode)
{
    uint8_t piece[PIECE], md5[DIGEST_MAX_SIZE];
    struct digest *d = digest_new(DIGEST_MD5, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    bool good = true;
    hash.start(hash.ctx);
    for (uint64_t at = 0; good && at < src->size; at += sizeof(piece)) {
        uint64_t left = src->size - at;
        size_t n = left < sizeof(piece) ? (size_t)left : sizeof(piece);
        good = otapack_read(src, at, piece, n, "").code == OTAPACK_OK;
        if (at == 0 && n > FLASH_MODE_AT) {
            piece[FLASH_MODE_AT] = mode;
        }
        hash.update(hash.ctx, piece, n);
    }
    hash.finish(hash.ctx, md5);
    digest_free(d);
    return good ? text_hex(a, md5, MD5_SIZE) : NULL;
}

// The image that ends up in flash: what an update unpacks to, or what was signed.
static const struct node *sketch_of(const struct node *n)
{
    if (n == NULL || esp8266_is_image(n)) {
        return n;
    }
    const struct node *found = NULL;
    for (const struct node *p = n->parts; p != NULL && found == NULL; p = p->next) {
        found = sketch_of(p);
    }
    return found;
}

static void find_esp8266(struct runs *out, struct arena *a, const struct node *sketch)
{
    struct otapack_source src = sketch->src;
    uint64_t end = esp8266_end(sketch);
    src.size = end > 0 && end < src.size ? end : src.size;
    for (unsigned mode = 0; mode < FLASH_MODES; mode++) {
        take(out, md5_with_mode(a, &src, (uint8_t)mode));
    }
}

// What the bootloader looks at is what the app says of itself: the SHA-256 behind it, and, where
// nothing else follows, the MD5 of the file.
static void find_esp32(struct runs *out, struct arena *a, const struct node *root)
{
    uint8_t md5[DIGEST_MAX_SIZE];
    take(out, arena_string(a, node_text(root, "hash"))); // the tree goes
    if (digest_of(DIGEST_MD5, &root->src, md5)) {
        take(out, text_hex(a, md5, MD5_SIZE));
    }
}

void runs_find(struct runs *out, struct arena *a, const struct node *root)
{
    *out = (struct runs){.on = RUNS_ON_NEITHER};
    const struct node *sketch = sketch_of(root);
    if (is_esp_image(root)) {
        out->on = RUNS_ON_ESP32;
        find_esp32(out, a, root);
    } else if (sketch != NULL && esp8266_is_update(root)) {
        out->on = RUNS_ON_ESP8266;
        find_esp8266(out, a, sketch);
    } else if (is_fs_update(root) || esp8266_is_update(root)) {
        out->on = RUNS_AS_FILE_SYSTEM;
    }
}

bool runs_is(const struct runs *r, const char *digest)
{
    for (size_t i = 0; digest != NULL && i < r->count; i++) {
        if (strcasecmp(r->digests[i], digest) == 0) {
            return true;
        }
    }
    return false;
}
