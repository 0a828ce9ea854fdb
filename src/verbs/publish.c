// SPDX-License-Identifier: Apache-2.0
#include "publish.h"

#include <inttypes.h>
#include <string.h>

#include "base64.h"
#include "file_path.h"
#include "kinds.h"
#include "matter_digest.h"
#include "open_tree.h"
#include "report.h"
#include "seen.h"
#include "show.h"
#include "text.h"

// What the provider app has room for, each with a NUL; and the pairs of one image.
enum { PROVIDER_VERSION_MOST = 63, PROVIDER_URL_MOST = 511 };
enum { LEDGER_URL_MOST = 256, PAIRS_MOST = 16 };

struct job {
    const struct publication *publication;
    struct arena arena;
    uint64_t cd_version;
    bool needs_name; // a file's name stands for its URL
    struct err *e;
};

struct pairs {
    struct json_pair list[PAIRS_MOST + 1]; // one without a key ends it
    size_t count;
};

static void add_number(struct pairs *p, const char *key, uint64_t number)
{
    p->list[p->count++] = (struct json_pair){key, JSON_PAIR_NUMBER, number, NULL};
}

static void add_text(struct pairs *p, const char *key, const char *text)
{
    p->list[p->count++] = (struct json_pair){key, JSON_PAIR_TEXT, 0, text};
}

static void add_true(struct pairs *p, const char *key)
{
    p->list[p->count++] = (struct json_pair){key, JSON_PAIR_TRUE, 0, NULL};
}

// The versions that may update to this one: as the header says, or all below it.
static void add_limits(struct pairs *p, const struct node *root)
{
    const struct field *max = node_field(root, "max_applicable_software_version");
    add_number(p, "minApplicableSoftwareVersion",
               node_number(root, "min_applicable_software_version"));
    add_number(p, "maxApplicableSoftwareVersion",
               max != NULL ? max->number : node_number(root, "software_version") - 1);
}

// The URL of the nth file, or NULL.
static const char *url_of(struct job *job, size_t n)
{
    const char *const *urls = job->publication->urls;
    const char *file = job->publication->files[n];
    if (urls[0] == NULL) {
        return NULL;
    }
    return urls[1] == NULL && urls[0][strlen(urls[0]) - 1] == '/'
               ? arena_printf(&job->arena, "%s%s", urls[0], file_path_name(file))
               : urls[n];
}

// What the ledger takes as a URL.
#define LEDGER_URLS "https:// URLs of at most 256 bytes, without blanks"
static bool is_ledger_url(const char *url)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-._~:/?#[]@!$&'()*+,;=%";
    return strncmp(url, "https://", 8) == 0 && strlen(url) <= LEDGER_URL_MOST &&
           strspn(url, allowed) == strlen(url);
}

// The ledger takes digests of 256 bits and more, of the whole file; where the header's is shorter,
// a SHA-256.
static uint8_t ledger_digest(const struct node *root)
{
    uint8_t type = (uint8_t)node_number(root, "image_digest_type");
    return type == OTAPACK_MATTER_SHA3_224 || otapack_matter_digest_size(type) < 32
               ? OTAPACK_MATTER_SHA256
               : type;
}

static bool dcl_pairs(struct job *job, const struct node *root, size_t n, struct pairs *p)
{
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];
    uint8_t type = ledger_digest(root);
    const char *url = url_of(job, n);
    const struct field *notes = node_field(root, "release_notes_url");
    if (url != NULL && !is_ledger_url(url)) {
        return err_set(job->e, STATUS_CANNOT, "--url %s: the ledger takes only " LEDGER_URLS, url);
    }
    if (!matter_digest(type, &root->src, digest, job->e)) {
        return false;
    }
    add_number(p, "vid", node_number(root, "vendor_id"));
    add_number(p, "pid", node_number(root, "product_id"));
    add_number(p, "softwareVersion", node_number(root, "software_version"));
    add_text(p, "softwareVersionString", node_text(root, "software_version_string"));
    if (job->publication->cd_version != NULL) {
        add_number(p, "cdVersionNumber", job->cd_version);
    }
    add_true(p, "softwareVersionValid");
    if (url != NULL) {
        add_text(p, "otaUrl", url);
    } else {
        say("%s: warning: there is no otaUrl in this entry; give --url, where the ledger's readers "
            "will find the image",
            job->publication->files[n]);
    }
    add_number(p, "otaFileSize", root->src.size);
    add_text(p, "otaChecksum", base64(&job->arena, digest, otapack_matter_digest_size(type)));
    add_number(p, "otaChecksumType", type);
    add_limits(p, root);
    if (notes != NULL && is_ledger_url(notes->text)) {
        add_text(p, "releaseNotesUrl", notes->text);
    } else if (notes != NULL) {
        say("%s: warning: release_notes_url is left out: the ledger takes only " LEDGER_URLS,
            job->publication->files[n]);
    }
    return true;
}

// The app opens otaURL as a file, compares it with these values, and ends where they differ.
static bool provider_pairs(struct job *job, const struct node *root, size_t n, struct pairs *p)
{
    const char *file = job->publication->files[n];
    const char *version = node_text(root, "software_version_string");
    const char *url = url_of(job, n);
    url = url == NULL ? file : url;
    if (strcmp(text_utf8(&job->arena, url, strlen(url)), url) != 0) {
        return err_set(job->e, STATUS_CANNOT, "%s: is no UTF-8, which JSON must be; give --url",
                       url);
    }
    if (strlen(version) > PROVIDER_VERSION_MOST) {
        return err_set(job->e, STATUS_NO,
                       "%s: software_version_string has %zu bytes, the provider app has room for "
                       "%d; shorten it",
                       file, strlen(version), PROVIDER_VERSION_MOST);
    }
    if (strlen(url) > PROVIDER_URL_MOST) {
        return err_set(job->e, STATUS_CANNOT,
                       "--url: %zu bytes for %s, the provider app has room for %d; give a shorter "
                       "one",
                       strlen(url), file, PROVIDER_URL_MOST);
    }
    add_number(p, "vendorId", node_number(root, "vendor_id"));
    add_number(p, "productId", node_number(root, "product_id"));
    add_number(p, "softwareVersion", node_number(root, "software_version"));
    add_text(p, "softwareVersionString", version);
    add_number(p, "cDVersionNumber", job->cd_version);
    add_true(p, "softwareVersionValid");
    add_limits(p, root);
    add_text(p, "otaURL", url);
    return true;
}

typedef bool pairs_fn(struct job *job, const struct node *root, size_t n, struct pairs *p);

// Whatever a device would refuse is not published.
static bool is_good(struct job *job, const struct node *root, const char *file)
{
    size_t counts[VERDICT_COUNT] = {0};
    if (!is_matter(root)) {
        return err_set(job->e, STATUS_NO, "%s: %s; only Matter OTA images are published so", file,
                       root->summary);
    }
    report_findings(&job->arena, root, report_one_file, file, true);
    if (tree_verdict(root, counts) == VERDICT_FAIL) {
        return err_set(job->e, STATUS_NO, "%s: not published: %zu check%s failed, see above", file,
                       counts[VERDICT_FAIL], counts[VERDICT_FAIL] == 1 ? "" : "s");
    }
    for (const struct finding *f = root->findings; f != NULL; f = f->next) {
        if (f->verdict != VERDICT_PASS &&
            (f->check == CHECK_MATTER_VERSION_STRING || f->check == CHECK_MATTER_RELEASE_NOTES)) {
            return check_refuse(job->e, f->check, "%s: not published: %s", file, f->message);
        }
    }
    if (node_number(root, "software_version") == 0) {
        return err_set(job->e, STATUS_NO,
                       "%s: software_version is 0, and no version is below it that could be "
                       "updated; give it a higher one",
                       file);
    }
    return true;
}

static bool read_one(struct job *job, size_t n, pairs_fn *make, struct pairs *p)
{
    struct opened image;
    const struct publication *pub = job->publication;
    if (!open_tree_judged(&image, pub->files[n], pub->options, &job->arena, job->e)) {
        return false;
    }
    bool good = is_good(job, image.root, input_name(image.input)) && make(job, image.root, n, p) &&
                input_good(image.input, job->e);
    open_tree_close(&image);
    return good;
}

static bool check_words(struct job *job)
{
    const struct publication *pub = job->publication;
    size_t urls = 0;
    while (pub->urls[urls] != NULL) {
        if (*pub->urls[urls++] == '\0') {
            return err_set(job->e, STATUS_CANNOT, "--url is empty; give it a value");
        }
    }
    for (size_t i = 0; i < pub->count; i++) {
        bool whole = urls == pub->count && pub->urls[i][strlen(pub->urls[i]) - 1] != '/';
        if (strcmp(pub->files[i], "-") == 0 && !whole && (urls > 0 || job->needs_name)) {
            return err_set(job->e, STATUS_CANNOT,
                           "standard input has no name to publish; give its whole --url");
        }
    }
    bool folder = urls == 1 && pub->urls[0][strlen(pub->urls[0]) - 1] == '/';
    if (urls != 0 && urls != pub->count && !folder) {
        return err_set(job->e, STATUS_CANNOT,
                       "--url is given %zu time%s for %zu file%s; give one a file, or a single one "
                       "that ends in /",
                       urls, urls == 1 ? "" : "s", pub->count, pub->count == 1 ? "" : "s");
    }
    return pub->cd_version == NULL ||
           (text_number(pub->cd_version, &job->cd_version) && job->cd_version <= UINT16_MAX) ||
           err_set(job->e, STATUS_CANNOT, "--cd-version-number: '%s' is no number up to 65535",
                   pub->cd_version);
}

// The pairs of every file; NULL with `e` set where one of them cannot be published.
static struct pairs *read_all(struct job *job, pairs_fn *make)
{
    struct pairs *all =
        arena_alloc(&job->arena, (job->publication->count + 1) * sizeof(struct pairs));
    bool good = check_words(job);
    for (size_t i = 0; good && i < job->publication->count; i++) {
        good = read_one(job, i, make, &all[i]);
    }
    return good && seen_settle(job->e) ? all : NULL;
}

enum status publish_dcl(const struct publication *p, struct err *e)
{
    struct job job = {.publication = p, .arena = ARENA_EMPTY, .e = e};
    const struct pairs *all = read_all(&job, dcl_pairs);
    for (size_t i = 0; all != NULL && i < p->count; i++) {
        show_json_object(all[i].list);
    }
    arena_free(&job.arena);
    return all == NULL ? e->status : STATUS_OK;
}

enum status publish_ota_provider(const struct publication *p, struct err *e)
{
    struct job job = {.publication = p, .arena = ARENA_EMPTY, .needs_name = true, .e = e};
    const struct pairs *all = read_all(&job, provider_pairs);
    const struct json_pair **list = arena_alloc(&job.arena, (p->count + 1) * sizeof(void *));
    for (size_t i = 0; all != NULL && i < p->count; i++) {
        list[i] = all[i].list;
    }
    if (all != NULL) {
        show_json_objects("deviceSoftwareVersionModel", list);
    }
    arena_free(&job.arena);
    return all == NULL ? e->status : STATUS_OK;
}
