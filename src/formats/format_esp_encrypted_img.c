// SPDX-License-Identifier: Apache-2.0
//
// A pre-encrypted image: what it says of itself, and what is inside where its key is known.
#include <string.h>

#include "esp_encrypted.h"
#include "format_list.h"
#include "node.h"
#include "text.h"
#include "transform.h"

enum {
    HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE,
    COORDINATE = OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE / 2,
    SALT = OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE, // in the wrapped key
    ZEROS = SALT + OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE,
    FIRST_READ = 288, // an app's header, that of its first segment, and its description
};

struct parsed {
    struct otapack_esp_encrypted_img img;
    struct otapack_status size; // does the file have as many bytes as a device wants?
    bool sound;                 // what wraps the key is possible
    unsigned failed; // by which check, where it was tried to decrypt it; CHECK_COUNT: none
};

#define NO_POINT "x and y are no point of P-256"

// ---- What is inside -----------------------------------------------------------------------------

// A message without what to do: a check says that itself.
static const char *what_is_wrong(struct arena *a, const char *text)
{
    const char *end = strstr(text, "; ");
    return arena_printf(a, "%.*s", (int)(end == NULL ? strlen(text) : (size_t)(end - text)), text);
}

static void decrypt(const struct reader *r, const struct otapack_source *src, uint64_t at,
                    uint64_t most, struct unpacked *u)
{
    struct otapack_esp_encrypted_img img;
    struct err e = ERR_NONE;
    bool unwrapped = false;
    (void)most;
    (void)otapack_esp_encrypted_img_open(src, &img); // which was good before, and all is there
    u->packed = img.size;
    struct otapack_source whole = otapack_part(src, 0, at + img.size);
    bool fits = esp_encrypted_fits(img.size, "what is encrypted", &e);
    uint8_t *plaintext = fits ? arena_alloc(r->arena, (size_t)img.size + 1) : NULL;
    if (fits && esp_encrypted_open(&whole, &img, r->options->decrypt, plaintext, &unwrapped, &e)) {
        u->content = otapack_memory(plaintext, (size_t)img.size);
    } else if (e.status == STATUS_CANNOT) { // a token that fails says nothing of the file
        u->cannot = arena_string(r->arena, e.text);
    } else {
        u->check = unwrapped ? CHECK_ENCRYPTED_TAG : CHECK_ENCRYPTED_KEY;
        u->fault = what_is_wrong(r->arena, e.text);
    }
}

static const struct transform transform = {.name = "esp_encrypted",
                                           .title = "encrypted data",
                                           .part = "encrypted",
                                           .needs = NEED_DECRYPT_KEY,
                                           .open = decrypt};

// ---- The header ---------------------------------------------------------------------------------

static bool probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_ESP_ENCRYPTED_IMG_MAGIC;
}

// So many bytes of the wrapped key.
static void add_wrapped(struct arena *a, struct node *n, const char *name,
                        const struct otapack_esp_encrypted_img *img, size_t at, size_t size)
{
    node_bytes(a, n, name, img->wrapped_key + at, size,
               QUIET((int64_t)(OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_AT + at), size));
}

static void add_header(struct arena *a, struct node *n, const struct otapack_esp_encrypted_img *img)
{
    bool ecies = otapack_esp_encrypted_img_is_ecies(img);
    const char *scheme = ecies ? "ecies-p256" : "rsa3072";
    node_hex(a, n, "magic", OTAPACK_ESP_ENCRYPTED_IMG_MAGIC, QUIET(0, 4));
    node_string(a, n, "scheme", scheme, strlen(scheme), DERIVED);
    if (ecies) {
        add_wrapped(a, n, "x", img, 0, COORDINATE);
        add_wrapped(a, n, "y", img, COORDINATE, COORDINATE);
        add_wrapped(a, n, "salt", img, SALT, OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE);
        add_wrapped(a, n, "zeros", img, ZEROS, OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_SIZE - ZEROS);
    } else {
        add_wrapped(a, n, "wrapped_key", img, 0, OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_SIZE);
    }
    node_bytes(a, n, "iv", img->iv, sizeof(img->iv),
               QUIET(OTAPACK_ESP_ENCRYPTED_IMG_IV_AT, sizeof(img->iv)));
    node_uint(a, n, "size", img->size, SHOWN(OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT, 4));
    node_bytes(a, n, "tag", img->tag, sizeof(img->tag),
               QUIET(OTAPACK_ESP_ENCRYPTED_IMG_TAG_AT, sizeof(img->tag)));
    node_bytes(a, n, "reserved", img->reserved, sizeof(img->reserved),
               QUIET(OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_AT, sizeof(img->reserved)));
}

static const char *summary(struct arena *a, const struct otapack_esp_encrypted_img *img,
                           const struct node *content)
{
    bool is_open = content != NULL && content->needs == 0;
    return arena_printf(a, "pre-encrypted image, %s, %s inside%s%s",
                        esp_encrypted_title(otapack_esp_encrypted_img_is_ecies(img)),
                        text_size(a, img->size), is_open ? ": " : "",
                        is_open ? content->summary : "");
}

// Why nobody can decrypt it, with whatever key; NULL: it may be possible.
static const char *why_closed(const struct parsed *p)
{
    return p->size.code == OTAPACK_TRUNCATED ? "the encrypted data are cut off"
           : !p->sound                       ? NO_POINT
                                             : NULL;
}

// NULL: it could not be decrypted.
static const struct node *open_content(struct reader *r, struct node *n, struct parsed *p)
{
    static const struct packed_end end = {0, ""};
    const char *why = why_closed(p);
    uint64_t end_at;
    if (why != NULL) {
        read_failed(r, n, HEADER, why);
        return NULL;
    }
    const struct node *content = read_content(r, n, HEADER, &end, &end_at);
    if (content == NULL) {
        p->failed = transform_unpack(r, n->opened->content, &n->src, HEADER)->check;
    }
    return content;
}

static void open_image(struct reader *r, struct node *n)
{
    struct parsed p = {.failed = CHECK_COUNT};
    struct otapack_status s = otapack_esp_encrypted_img_open(&n->src, &p.img);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r->arena, n, s);
        n->summary = "pre-encrypted image whose header is cut off";
        read_rest(r, n, "unread", -1, 0, n->src.size);
        return;
    }
    add_header(r->arena, n, &p.img);
    p.size = otapack_esp_encrypted_img_check_size(&n->src, &p.img);
    p.sound = esp_encrypted_is_sound(&p.img);
    const struct node *content = open_content(r, n, &p); // which gives it a summary, too
    n->summary = summary(r->arena, &p.img, content);
    NODE_KEEP(r->arena, n, p);
}

// ---- What can be wrong --------------------------------------------------------------------------

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ENCRYPTED_HEADER, n->parsed != NULL, "%s", n->error);
}

static void check_size(struct judge *j, struct node *n)
{
    const struct parsed *p = n->parsed;
    const char *wanted = text_size(j->arena, otapack_esp_encrypted_img_end(&p->img));
    const char *is = text_size(j->arena, n->src.size);
    bool whole = p->size.code != OTAPACK_TRUNCATED;
    found(j, n, CHECK_ENCRYPTED_DATA, whole, "with its header it would have %s, and it has %s",
          wanted, is);
    if (whole) {
        found(j, n, CHECK_ENCRYPTED_TRAILING, p->size.code == OTAPACK_OK,
              "with its header it would have %s, and it has %s", wanted, is);
    }
}

static bool is_ecies(const struct node *n)
{
    return otapack_esp_encrypted_img_is_ecies(&((const struct parsed *)n->parsed)->img);
}

static void check_point(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ENCRYPTED_POINT, ((const struct parsed *)n->parsed)->sound, NO_POINT);
}

static bool can_be_opened(const struct node *n)
{
    return why_closed(n->parsed) == NULL;
}

static void check_key(struct judge *j, struct node *n)
{
    unsigned failed = ((const struct parsed *)n->parsed)->failed;
    found(j, n, CHECK_ENCRYPTED_KEY, failed != CHECK_ENCRYPTED_KEY, "%s", n->error);
    if (failed != CHECK_ENCRYPTED_KEY) {
        found(j, n, CHECK_ENCRYPTED_TAG, failed != CHECK_ENCRYPTED_TAG, "%s", n->error);
    }
}

// What esp_https_ota is given, and not the client of a container.
static bool is_a_file(const struct node *n)
{
    return n->parent == NULL;
}

static void check_first_read(struct judge *j, struct node *n)
{
    uint32_t size = ((const struct parsed *)n->parsed)->img.size;
    found(j, n, CHECK_ENCRYPTED_FIRST_READ, size >= FIRST_READ,
          "%s inside are fewer than an app description takes", text_size(j->arena, size));
}

static void check_signed(struct judge *j, struct node *n)
{
    const struct node *content = node_find(n, "content", -1);
    if (node_is(content, &format_esp_image)) {
        found(
            j, n, CHECK_ENCRYPTED_UNSIGNED, node_find(content, "signatures", -1) != NULL,
            "the app inside has no signature: whoever has the public key can encrypt another one");
    }
}

static const struct rule rules[] = {
    {.run = check_header, .unread = true},
    {.run = check_size},
    {.run = check_point, .concerns = is_ecies},
    {.run = check_key,
     .concerns = can_be_opened,
     .needs = NEED_DECRYPT_KEY,
     .says = RULE_SAYS(CHECK_ENCRYPTED_KEY, CHECK_ENCRYPTED_TAG)},
    {.run = check_first_read, .concerns = is_a_file},
    {.run = check_signed,
     .concerns = can_be_opened,
     .needs = NEED_DECRYPT_KEY,
     .says = RULE_SAYS(CHECK_ENCRYPTED_UNSIGNED)},
    {.run = NULL},
};

const struct format format_esp_encrypted_img = {.name = "esp_encrypted_img",
                                                .title = "pre-encrypted image",
                                                .probe = probe,
                                                .first = true,
                                                .open = open_image,
                                                .content = &transform,
                                                .application = "content",
                                                .container = CONTAINER_ENCRYPTED,
                                                .rules = {rules}};
