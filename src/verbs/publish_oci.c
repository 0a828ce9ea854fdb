// SPDX-License-Identifier: Apache-2.0
//
// An OCI image layout (image-spec 1.1): an artifact whose layers are the files, under its version
// as tag. What is attached, an SBOM or an attestation, is an artifact of its own whose subject is
// the first. Registries without the referrers API find it by the tag that is made of the subject's
// digest.
#include <stdlib.h>
#include <string.h>

#include "publish_attachment.h"
#include "publish_facts.h"
#include "text.h"

#define ARTIFACT "application/vnd.otapack.firmware"
#define MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define INDEX "application/vnd.oci.image.index.v1+json"
#define EMPTY "application/vnd.oci.empty.v1+json"
#define TITLE "org.opencontainers.image.title"
#define REF_NAME "org.opencontainers.image.ref.name"

// ---- Blobs --------------------------------------------------------------------------------------

static json_t *descriptor(const char *type, const char *digest, uint64_t size)
{
    json_t *o = json_must(json_object());
    struct arena a = ARENA_EMPTY;
    json_put_text(o, "mediaType", type);
    json_put_text(o, "digest", arena_printf(&a, "sha256:%s", digest));
    json_put(o, "size", json_number(size));
    arena_free(&a);
    return o;
}

static void annotate(json_t *o, const char *key, const char *value)
{
    json_t *annotations = json_object_get(o, "annotations");
    if (annotations == NULL) {
        annotations = json_must(json_object());
        json_put(o, "annotations", annotations);
    }
    json_put_text(annotations, key, value);
}

static const char *path_of(struct arena *a, const char *digest)
{
    return arena_printf(a, "blobs/sha256/%s", digest);
}

// A text as a blob, once. NULL with `e` set.
static json_t *add_text(struct publishing *p, const char *type, const char *text)
{
    struct arena *a = &p->arena;
    struct otapack_source src = otapack_memory((const uint8_t *)text, strlen(text));
    const char *digest = publish_digest_of(a, &src, DIGEST_SHA256);
    const char *path = path_of(a, digest);
    return publish_has(p, path) || publish_write(p, path, &src) ? descriptor(type, digest, src.size)
                                                                : NULL;
}

// The same of JSON, which is taken over.
static json_t *add_json(struct publishing *p, const char *type, json_t *value)
{
    char *text = json_text(value);
    json_t *o = add_text(p, type, text);
    free(text);
    return o;
}

// ---- Manifests ----------------------------------------------------------------------------------

// Of an artifact without a configuration, with these layers, which are taken over; so is the
// subject (NULL: none).
static json_t *manifest(const char *artifact, json_t *config, json_t *layers, json_t *subject)
{
    json_t *o = json_must(json_object());
    json_put(o, "schemaVersion", json_integer(2));
    json_put_text(o, "mediaType", MANIFEST);
    json_put_text(o, "artifactType", artifact);
    json_put(o, "config", config);
    json_put(o, "layers", layers);
    if (subject != NULL) {
        json_put(o, "subject", subject);
    }
    return o;
}

// "application/vnd.otapack.esp-image".
static const char *media_type(struct arena *a, const struct node *n)
{
    char *format = arena_string(a, n->format);
    for (char *c = format; *c != '\0'; c++) {
        *c = *c == '_' ? '-' : *c;
    }
    return arena_printf(a, "application/vnd.otapack.%s", format);
}

static bool add(struct publishing *p, const struct published *f)
{
    const char *digest = publish_digest(p, f, DIGEST_SHA256);
    if (digest == NULL || !publish_alike(p, f)) {
        return false;
    }
    const char *path = path_of(f->arena, digest), *chip = publish_chip(f);
    if (!publish_has(p, path) && !publish_copy(p, f, path)) {
        return false;
    }
    json_t *layer = descriptor(media_type(f->arena, f->root), digest, f->root->src.size);
    annotate(layer, TITLE, f->name);
    annotate(layer, "otapack.chip", *chip == '\0' ? NULL : chip);
    json_add(p->list, layer);
    return true;
}

// The artifact of all files. NULL with `e` set.
static json_t *add_artifact(struct publishing *p)
{
    json_t *head = json_array_get(p->list, 0);
    json_t *layers = json_must(json_copy(p->list));
    json_t *config = add_text(p, EMPTY, "{}");
    json_must_do(json_array_remove(layers, 0));
    if (config == NULL) {
        json_decref(layers);
        return NULL;
    }
    json_t *o = manifest(ARTIFACT, config, layers, NULL);
    annotate(o, TITLE, json_string_value(json_object_get(head, "name")));
    annotate(o, "org.opencontainers.image.version",
             json_string_value(json_object_get(head, "version")));
    return add_json(p, MANIFEST, o);
}

static json_t *add_attachment(struct publishing *p, const char *file, const json_t *subject)
{
    struct publish_attachment x;
    if (!publish_attachment_read(&x, file, &p->arena, p->e)) {
        return NULL;
    }
    json_t *layer = add_text(p, x.type, x.text);
    json_t *config = layer == NULL ? NULL : add_text(p, EMPTY, "{}");
    if (config == NULL) {
        json_decref(layer);
        return NULL;
    }
    json_t *layers = json_must(json_array());
    annotate(layer, TITLE, x.name);
    json_add(layers, layer);
    json_t *o =
        add_json(p, MANIFEST, manifest(x.type, config, layers, json_must(json_deep_copy(subject))));
    if (o != NULL) {
        json_put_text(o, "artifactType", x.type);
    }
    return o;
}

// ---- The layout ---------------------------------------------------------------------------------

static json_t *index_of(json_t *manifests)
{
    json_t *o = json_must(json_object());
    json_put(o, "schemaVersion", json_integer(2));
    json_put_text(o, "mediaType", INDEX);
    json_put(o, "manifests", manifests);
    return o;
}

// An index of what is attached, which registries know by the subject's digest as a tag:
// "sha256-0f".
static bool add_attachments(struct publishing *p, json_t *manifests)
{
    const char **files = args_values(p->asked->args, "attach");
    const json_t *subject = json_array_get(manifests, 0);
    json_t *attached = json_must(json_array());
    bool good = true;
    for (; good && *files != NULL; files++) {
        json_t *o = add_attachment(p, *files, subject);
        good = o != NULL;
        if (good) {
            json_add(attached, o);
        }
    }
    if (!good || json_array_size(attached) == 0) {
        json_decref(attached);
        return good;
    }
    json_t *o = add_json(p, INDEX, index_of(attached));
    if (o != NULL) {
        char *tag = arena_string(&p->arena, json_string_value(json_object_get(subject, "digest")));
        tag[strlen("sha256")] = '-';
        annotate(o, REF_NAME, tag);
        json_add(manifests, o);
    }
    return o != NULL;
}

static bool is_tag(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
                                  ".-";
    return *text != '\0' && *text != '.' && *text != '-' && strlen(text) <= 128 &&
           strspn(text, letters) == strlen(text);
}

static bool end(struct publishing *p)
{
    const char *tag = json_string_value(json_object_get(json_array_get(p->list, 0), "version"));
    if (!is_tag(tag)) {
        return err_set(p->e, STATUS_CANNOT,
                       "the version '%s' cannot be a tag, which has letters, digits and . _ - "
                       "only; give --release",
                       text_printable(&p->arena, tag));
    }
    json_t *artifact = add_artifact(p), *manifests = json_must(json_array());
    if (artifact == NULL) {
        json_decref(manifests);
        return false;
    }
    json_add(manifests, artifact);
    bool good = add_attachments(p, manifests);
    annotate(artifact, REF_NAME, tag); // of the index alone: a subject has no annotations
    return publish_json(p, "index.json", index_of(manifests)) && good &&
           publish_text(p, "oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}\n");
}

const struct publish_target publish_oci = {
    .topic = {"oci", "an OCI image layout, which skopeo copies to any registry"},
    .takes = {"name", "release", "attach"},
    .writes = true,
    .only_new = true,
    .folders = {"blobs", "blobs/sha256"},
    .add = add,
    .end = end};
